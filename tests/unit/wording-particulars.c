/* Figures become a sentence, and nonsense becomes none. */
#include "wording/particulars.h"

#include <locale.h>
#include <string.h>

static const struct
{
  EstReason reason;
  const char *figures;
  const char *sentence;
} cases[] = {
  {EST_REASON_TOO_LARGE, "31200000 25000000",
   "It has 31.2 MB, the server takes 25.0 MB."                                         },
  {EST_REASON_TOO_LARGE, "1500 1000",         "It has 1.5 kB, the server takes 1.0 kB."},
  {EST_REASON_TOO_LARGE, "31200000 0",        "It has 31.2 MB."                        },
  {EST_REASON_TOO_LARGE, "1000 5000000",      "It has 1.0 kB."                         },
  {EST_REASON_TOO_LARGE, "",                  NULL                                     },
  {EST_REASON_TOO_LARGE, "31200000",          NULL                                     },
  {EST_REASON_TOO_LARGE, "big small",         NULL                                     },
  {EST_REASON_TOO_LARGE, "5 4 3",             NULL                                     },
  {EST_REASON_TOO_LARGE, "-5 4",              NULL                                     },
  {EST_REASON_INCAPABLE, "require-tls",
   "It does not promise encryption on the whole way, which the message demands."       },
  {EST_REASON_INCAPABLE, "nonsense",          NULL                                     },
  {EST_REASON_INCAPABLE, NULL,                NULL                                     },
  {EST_REASON_NONE,      "5 4",               NULL                                     },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = est_wording_particulars (cases[i].reason, cases[i].figures);
      g_autofree char *plain = text != NULL ? g_strdup (text) : NULL;
      for (char *at = plain; at != NULL && (at = strstr (at, "\xc2\xa0")) != NULL;)
        {
          *at = ' '; /* GLib keeps figure and unit together */
          memmove (at + 1, at + 2, strlen (at + 2) + 1);
        }
      g_assert_cmpstr (plain, ==, cases[i].sentence);
    }
}

/* Rounded they look the same, which would tell nobody anything. */
static void
test_close (void)
{
  g_autofree char *text
    = est_wording_particulars (EST_REASON_TOO_LARGE, "25000013 25000000");
  g_assert_nonnull (strstr (text, "25,000,013") != NULL ? text
                                                        : strstr (text, "25000013"));
  g_assert_nonnull (strstr (text, "25,000,000") != NULL ? text
                                                        : strstr (text, "25000000"));
}

/* Whatever relay/ says is known here. */
static void
test_obstacles (void)
{
  static const char *const all[]
    = {"8bit-signed",    "8bit-header",  "8bit-unclear", "binary-signed",
       "binary-unclear", "binary-lines", "utf8-header",  "utf8-sender",
       "utf8-recipient", "require-tls",  "deliver-by"};
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *text = est_wording_particulars (EST_REASON_INCAPABLE, all[i]);
      g_assert_true (text != NULL && g_str_has_suffix (text, "."));
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/particulars/cases", test_cases);
  g_test_add_func ("/wording/particulars/close", test_close);
  g_test_add_func ("/wording/particulars/obstacles", test_obstacles);
  return g_test_run ();
}
