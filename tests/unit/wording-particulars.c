/* What the figures of a reason add, and that nonsense adds nothing. */
#include "wording/particulars.h"

#include <string.h>

typedef struct
{
  EstReason reason;
  const char *figures;
  const char *part; /* of the sentence; NULL: there is none */
} Case;

static const Case cases[] = {
  {EST_REASON_STRANGER, "65534 nobody",   "“nobody”"},
  {EST_REASON_STRANGER, "1001 1001",      "“1001”"  },
  {EST_REASON_STRANGER, "7 a\x1b[1m b",   "a"           },
  {EST_REASON_STRANGER, "1001",           NULL          },
  {EST_REASON_STRANGER, "1001 ",          NULL          },
  {EST_REASON_PROXY,    "absent",         "reached"     },
  {EST_REASON_PROXY,    "sign-in",        "password"    },
  {EST_REASON_PROXY,    "refused",        "not allow"   },
  {EST_REASON_PROXY,    "something else", NULL          },
  {EST_REASON_PROXY,    "",               NULL          },
  {EST_REASON_PROXY,    NULL,             NULL          },
  {EST_REASON_OFFLINE,  "absent",         NULL          },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *text = est_wording_particulars (c->reason, c->figures);
      g_test_message ("%s: %s", est_reason_nick (c->reason), text);
      g_assert_cmpint (text != NULL, ==, c->part != NULL);
      if (text == NULL)
        continue;
      g_assert_nonnull (strstr (text, c->part));
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_null (strchr (text, '\x1b'));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/particulars/cases", test_cases);
  return g_test_run ();
}
