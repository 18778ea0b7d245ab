/* What a server may quote, and what is left of it. */
#include "relay/discretion.h"

#include <string.h>

/* ana@example.org and "correct horse battery", as PLAIN says them. */
#define PLAIN "AGFuYUBleGFtcGxlLm9yZwBjb3JyZWN0IGhvcnNlIGJhdHRlcnk="

typedef struct
{
  const char *text;
  const char *said;
  const char *masked; /* NULL: as it was */
} Case;

static const Case cases[] = {
  {"wrong password",                             "AUTH PLAIN " PLAIN "\r\n",                        NULL              },
  {"",                                           "AUTH PLAIN " PLAIN "\r\n",                        NULL              },
  {"what is \"AUTH PLAIN " PLAIN "\"?",          "AUTH PLAIN " PLAIN "\r\n",
   "what is \"AUTH PLAIN ***\"?"                                                                                      },
  {"what is <AUTH PLAIN AGFuYUBleGFtcGxlLm9yZ>", "AUTH PLAIN " PLAIN "\r\n",
   "what is <AUTH PLAIN ***>"                                                                                         },
  {"what?\n" PLAIN ".\nhm",                      PLAIN "\r\n",                                      "what?\n***.\nhm" },
  {"no horse and no battery",                    PLAIN "\r\n",                                      NULL              },
  {"AUTH PLAIN is not for ana@example.org here", "AUTH PLAIN " PLAIN "\r\n",                        NULL              },
  {"token abcdefghijkl: expired",                "YXV0aD1CZWFyZXIgYWJjZGVmZ2hpamtsAQE=\r\n",
   "token ***: expired"                                                                                               },
  {"5xx" PLAIN "xxx",                            PLAIN "\r\n",                                      "***"             },
  {"hunter2 is wrong for ana",                   "AUTH PLAIN AGFuYUBleGFtcGxlLm9yZwBodW50ZXIy\r\n",
   "*** is wrong for ana"                                                                                             },
  {"hunter2! or hunter2",                        "aHVudGVyMg==\r\n",                                "hunter2! or ***" },
  {"a b c",                                      "a\r\n",                                           NULL              },
  {"a b c",                                      "\r\n",                                            NULL              },
  {"a b c",                                      "",                                                NULL              },
  {"a b c",                                      "*\r\n",                                           NULL              },
  {"secret\303\266s wort\303\266",               "c2VjcmV0w7Zz\r\n",                                "*** wort\303\266"},
};

static void
test_masks (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_autofree char *masked
        = est_discretion_mask (cases[i].text, cases[i].said, "ana@example.org");
      g_assert_cmpstr (masked, ==, cases[i].masked);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/discretion/masks", test_masks);
  return g_test_run ();
}
