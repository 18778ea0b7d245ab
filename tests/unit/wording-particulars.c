/* What figures say, and that nonsense in them says nothing, or nothing harmful. */
#include "wording/particulars.h"

#include <locale.h>
#include <string.h>

typedef struct
{
  EstReason reason;
  const char *figures;
  const char *sentence; /* NULL: none */
} Case;

#define EXPIRED EST_REASON_CERTIFICATE_EXPIRED
#define NAME    EST_REASON_CERTIFICATE_NAME
#define ISSUER  EST_REASON_CERTIFICATE_ISSUER
#define LARGE   EST_REASON_TOO_LARGE
#define WEAKER  EST_REASON_WEAKER

static const Case cases[] = {
  {EXPIRED,                "until 1580515200",            "It was valid until 1 February 2020."              },
  {EXPIRED,                "from 4102444800",             "It is valid only from 1 January 2100."            },
  {EXPIRED,                "until",                       NULL                                               },
  {EXPIRED,                "until ",                      NULL                                               },
  {EXPIRED,                "until tomorrow",              NULL                                               },
  {EXPIRED,                "until 9223372036854775807",   NULL                                               },
  {EXPIRED,                "since 1",                     NULL                                               },
  {NAME,                   "other.test",                  "It is for other.test."                            },
  {NAME,                   "a.test b.test 192.0.2.1",     "It is for a.test, b.test, 192.0.2.1."             },
  {NAME,                   "a b c d ...",                 "It is for a, b, c, d…."                         },
  {NAME,                   " ",                           NULL                                               },
  {NAME,                   "%s%n",                        "It is for %s%n."                                  },
  {ISSUER,                 "self",                        "The server made it itself."                       },
  {ISSUER,                 "by Some Authority",           "“Some Authority” issued it, or so it says."   },
  {ISSUER,                 "by ",                         NULL                                               },
  {ISSUER,                 "nonsense",                    NULL                                               },
  {EST_REASON_PIN,         "sha256:AA=",                  "Its key is sha256:AA=."                           },
  {EST_REASON_UNCONFIRMED, "sha256:AA=",                  "Its key is sha256:AA=."                           },
  {WEAKER,                 "sign-in SCRAM-SHA-256 PLAIN",
   "Signing in was by SCRAM-SHA-256 before, and it offers only PLAIN now."                                   },
  {WEAKER,                 "tls TLS1.3 TLS1.2",
   "The encryption was TLS1.3 before, and it is only TLS1.2 now."                                            },
  {WEAKER,                 "name authority dane",
   "An authority vouched for its certificate before, and now only the DNS does."                             },
  {WEAKER,                 "sign-in SCRAM-SHA-256",       NULL                                               },
  {WEAKER,                 "other a b",                   NULL                                               },
  {EST_REASON_UNTRUSTED,   "dane",
   "The signed DNS names another certificate or key for it (DANE)."                                          },
  {EST_REASON_UNTRUSTED,   "other",                       NULL                                               },
  {EST_REASON_TLS,         "old",
   "The server knows only encryption that is no longer safe (older than TLS 1.2)."                           },
  {EST_REASON_TLS,         "new",                         NULL                                               },
  {EST_REASON_STRANGER,    "65534 nobody",                "It belongs to the user “nobody”."             },
  {EST_REASON_STRANGER,    "1001 1001",                   "It belongs to the user “1001”."               },
  {EST_REASON_STRANGER,    "1001",                        NULL                                               },
  {EST_REASON_STRANGER,    "1001 ",                       NULL                                               },
  {EST_REASON_PROXY,       "absent",                      "It cannot be reached."                            },
  {EST_REASON_PROXY,       "sign-in",
   "It wants a user name and a password, or refused the ones it got."                                        },
  {EST_REASON_PROXY,       "refused",                     "It does not allow connections to the mail server."},
  {EST_REASON_PROXY,       "something else",              NULL                                               },
  {LARGE,                  "31200000 25000000",           "It has 31.2 MB, the server takes 25.0 MB."        },
  {LARGE,                  "1500 1000",                   "It has 1.5 kB, the server takes 1.0 kB."          },
  {LARGE,                  "31200000 0",                  "It has 31.2 MB."                                  },
  {LARGE,                  "1000 5000000",                "It has 1.0 kB."                                   },
  {LARGE,                  "",                            NULL                                               },
  {LARGE,                  "31200000",                    NULL                                               },
  {LARGE,                  "big small",                   NULL                                               },
  {LARGE,                  "5 4 3",                       NULL                                               },
  {LARGE,                  "-5 4",                        NULL                                               },
  {EST_REASON_INCAPABLE,   "require-tls",
   "It does not promise encryption on the whole way, which the message demands."                             },
  {EST_REASON_INCAPABLE,   "nonsense",                    NULL                                               },
  {EST_REASON_INCAPABLE,   NULL,                          NULL                                               },
  {EST_REASON_NONE,        "5 4",                         NULL                                               },
  {EST_REASON_OFFLINE,     "absent",                      NULL                                               },
  {EST_REASON_OFFLINE,     "until 1580515200",            NULL                                               },
  {EXPIRED,                "",                            NULL                                               },
  {EXPIRED,                NULL,                          NULL                                               },
};

/* GLib keeps a figure and its unit together. */
static char *
tell_plainly (const Case *c)
{
  g_autofree char *sentence = est_wording_particulars (c->reason, c->figures);
  if (sentence == NULL)
    return NULL;
  g_auto (GStrv) words = g_strsplit (sentence, "\xc2\xa0", -1);
  return g_strjoinv (" ", words);
}

static void
test_sentences (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *sentence = tell_plainly (c);
      g_test_message ("%s", c->figures);
      g_assert_cmpstr (sentence, ==, c->sentence);
    }
}

static void
test_hostile (void)
{
  g_autofree char *endless = g_strnfill (1000000, 'x');
  g_autofree char *names
    = g_strconcat ("\x1b[2J ", endless, " \xff\xff ", endless, " \n", NULL);
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    {
      g_autofree char *sentence = est_wording_particulars (reason, names);
      if (sentence == NULL)
        continue;
      g_assert_cmpuint (strlen (sentence), <, 1000);
      g_assert_true (g_utf8_validate (sentence, -1, NULL));
      g_assert_null (strpbrk (sentence, "\x1b\n"));
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
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/particulars/sentences", test_sentences);
  g_test_add_func ("/wording/particulars/hostile", test_hostile);
  g_test_add_func ("/wording/particulars/close", test_close);
  g_test_add_func ("/wording/particulars/obstacles", test_obstacles);
  return g_test_run ();
}
