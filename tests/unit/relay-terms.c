/* What a relay lacks: what is converted for it, what is never sent to it, and what is
   handed over ahead of its time. */
#include "base/clock.h"

#include "relay-fixture.h"

#define HELLO "> 220 relay\n< EHLO [127.0.0.1]\n> 250-relay\n"
#define BYE   "< QUIT\n> 221 bye\n"
#define FINE  "> 250 ok\n"
#define RCPT  "< RCPT TO:<b@x>\n" FINE
#define OVER  "< DATA\n> 354 go\n.\n> 250 queued\n"
#define PLAIN "A: b\r\n\r\nhi\r\n" /* 12 octets */
#define WIDE  "MIME-Version: 1.0\r\n\r\n\xc3\xbc\r\n"
#define QUOTED                                                                           \
  "MIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC\r\n"
#define SIGNED   "DKIM-Signature: x\r\n\r\n\xc3\xbc\r\n"
#define HOLD     "> 250 FUTURERELEASE 86400 2001-01-02T00:00:00Z\n"
#define NOW      (G_GINT64_CONSTANT (978307200) * G_USEC_PER_SEC) /* 2001-01-01 */
#define AT(hour) (NOW + (hour) *G_TIME_SPAN_HOUR)

typedef struct
{
  const char *name;
  const char *offers; /* the last EHLO lines */
  const char *content;
  EstBody body;
  const char *options; /* of MAIL */
  gint64 release;
  const char *steps; /* behind EHLO */
  const char *sent;  /* content that arrives; NULL: none */
  EstReason reason;
  const char *verdict; /* state, and code of its reply */
  const char *figures;
} Case;

#define NARROW EST_BODY_7BIT
#define HIGH   EST_BODY_8BITMIME
#define BINARY EST_BODY_BINARYMIME
#define NONE   EST_REASON_NONE

static const Case cases[] = {
  /* SIZE, RFC 1870 */
  {"fits",                      "> 250 SIZE 12\n",                  PLAIN,                 NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=12\n" FINE RCPT OVER,                                                                                                                                                      PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"too-large",                 "> 250 SIZE 11\n",                  PLAIN,                 NARROW, "",                      0,           "",                                                          NULL,                   EST_REASON_TOO_LARGE,
   "failed 0",                                                                                                                                                                                                                                                     "12 11"         },
  {"no-limit",                  "> 250 SIZE 0\n",                   PLAIN,                 NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=12\n" FINE RCPT OVER,                                                                                                                                                      PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"too-large-once-converted",  "> 250 SIZE 40\n",                  WIDE,                  HIGH,   "",                      0,           "",                                                          NULL,
   EST_REASON_TOO_LARGE,                                                                                                                                                                                                                            "failed 0",    "74 40"         },
  {"dots-do-not-count",         "> 250 SIZE 13\n",                  "A: b\r\n\r\n...\r\n", NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=13\n" FINE RCPT OVER,                                                                                                                                                      "A: b\r\n\r\n....\r\n", NONE,                 "sent 250",
   NULL                                                                                                                                                                                                                                                                            },
  {"too-large-says-the-relay",  "> 250 SIZE\n",                     PLAIN,                 NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=12\n> 552 5.3.4 too big\n",                                                                                                                                                NULL,                   EST_REASON_TOO_LARGE,
   "failed 552",                                                                                                                                                                                                                                                   "12 0"          },
  {"too-large-at-the-end",      "> 250 SIZE 5000\n",                PLAIN,                 NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=12\n" FINE RCPT "< DATA\n> 354 go\n.\n> 552 5.3.4 too big\n",
   PLAIN,                                                                                                                                                                                                                     EST_REASON_TOO_LARGE, "failed 552",  "12 5000"       },
  {"too-large-for-one",         "> 250 SIZE\n",                     PLAIN,                 NARROW, "",                      0,
   "< MAIL FROM:<a@x> SIZE=12\n" FINE "<\n> 552 5.3.4 for him\n",                                                                                                                                     NULL,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                                                                                                                                    "failed 552",  NULL            },

 /* 8BITMIME, RFC 6152 */
  {"eight-bits",                "> 250 8BITMIME\n",                 WIDE,                  HIGH,   "",                      0,
   "< MAIL FROM:<a@x> BODY=8BITMIME\n" FINE RCPT OVER,                                                                                                                                                WIDE,                   NONE,                 "sent 250",    NULL            },
  {"eight-bits-converted",      "> 250 SIZE\n",                     WIDE,                  HIGH,   "",                      0,
   "< MAIL FROM:<a@x> SIZE=74\n" FINE RCPT OVER,                                                                                                                                                      QUOTED,                 NONE,                 "sent 250",    NULL            },
  {"eight-bits-said-only",      "> 250 HELP\n",                     PLAIN,                 HIGH,   "",                      0,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"eight-bits-signed",         "> 250 HELP\n",                     SIGNED,                HIGH,   "",                      0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "8bit-signed"   },
  {"eight-bits-in-header",      "> 250 HELP\n",                     "A: \xc3\xbc\r\n\r\n", HIGH,   "",                      0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "8bit-header"   },
  {"eight-bits-unclear",        "> 250 HELP\n",
   "Content-Transfer-Encoding: base64\r\n\r\n\xc3\xbc\r\n",                                HIGH,   "",                      0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "8bit-unclear"  },
  {"binary-to-seven-bits",      "> 250 HELP\n",                     WIDE,                  BINARY, "",                      0,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              QUOTED,                 NONE,                 "sent 250",    NULL            },
  {"binary-signed",             "> 250 8BITMIME\n",
   "DKIM-Signature: x\r\nContent-Transfer-Encoding: binary\r\n\r\na\r\n",                  BINARY, "",                      0,
   "",                                                                                                                                                                                                NULL,                   EST_REASON_INCAPABLE, "failed 0",    "binary-signed" },
  {"binary-unclear",            "> 250 8BITMIME\n",
   "Content-Transfer-Encoding: binary\r\nContent-Transfer-Encoding: 7bit\r\n\r\na\r\n",    BINARY, "",                      0,           "",                                                          NULL,                   EST_REASON_INCAPABLE, "failed 0",    "binary-unclear"},
  {"binary-lines",              "> 250 HELP\n",                     "A: b\r\n\r\na\n",     BINARY, "",                      0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "binary-lines"  },

 /* Parameters: DSN (RFC 3461), DELIVERBY (RFC 2852), MT-PRIORITY (RFC 6710), REQUIRETLS
  (RFC 8689), SMTPUTF8 (RFC 6531) */
  {"dsn",                       "> 250 DSN\n",                      PLAIN,                 NARROW, " RET=FULL ENVID=a+2Bb", 0,
   "< MAIL FROM:<a@x> RET=FULL ENVID=a+2Bb\n" FINE RCPT OVER,                                                                                                                                         PLAIN,                  NONE,                 "sent 250",
   NULL                                                                                                                                                                                                                                                                            },
  {"no-dsn",                    "> 250 HELP\n",                     PLAIN,                 NARROW, " RET=FULL ENVID=a+2Bb", 0,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"priority",                  "> 250 MT-PRIORITY\n",              PLAIN,                 NARROW, " MT-PRIORITY=-3",       0,
   "< MAIL FROM:<a@x> MT-PRIORITY=-3\n" FINE RCPT OVER,                                                                                                                                               PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"no-priority",               "> 250 HELP\n",                     PLAIN,                 NARROW, " MT-PRIORITY=-3",       0,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"by",                        "> 250 DELIVERBY\n",                PLAIN,                 NARROW, " BY=978310800;RT",      0,
   "< MAIL FROM:<a@x> BY=3600;RT\n" FINE RCPT OVER,                                                                                                                                                   PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"by-at-least",               "> 250 DELIVERBY 3600\n",           PLAIN,                 NARROW, " BY=978310800;R",       0,
   "< MAIL FROM:<a@x> BY=3600;R\n" FINE RCPT OVER,                                                                                                                                                    PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"by-too-soon-for-it",        "> 250 DELIVERBY 3601\n",           PLAIN,                 NARROW, " BY=978310800;R",       0,
   "",                                                                                                                                                                                                NULL,                   EST_REASON_INCAPABLE, "failed 0",    "deliver-by"    },
  {"by-without",                "> 250 HELP\n",                     PLAIN,                 NARROW, " BY=978310800;R",       0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "deliver-by"    },
  {"by-told-only",              "> 250 HELP\n",                     PLAIN,                 NARROW, " BY=978310800;N",       0,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"by-told-late",              "> 250 DELIVERBY\n",                PLAIN,                 NARROW, " BY=978307100;N",       0,
   "< MAIL FROM:<a@x> BY=-100;N\n" FINE RCPT OVER,                                                                                                                                                    PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"by-late",                   "> 250 DELIVERBY\n",                PLAIN,                 NARROW, " BY=978307200;R",       0,           "",                                                          NULL,
   EST_REASON_LATE,                                                                                                                                                                                                                                 "failed 554",  NULL            },
  {"tls-in-the-clear",          "> 250 REQUIRETLS\n",               PLAIN,                 NARROW, " REQUIRETLS",           0,           "",                                                          NULL,
   EST_REASON_INCAPABLE,                                                                                                                                                                                                                            "failed 0",    "require-tls"   },
  {"utf8",                      "> 250-8BITMIME\n> 250 SMTPUTF8\n", "A: \xc3\xbc\r\n\r\n", HIGH,   " SMTPUTF8",
   0,                                                                                                                                    "< MAIL FROM:<a@x> BODY=8BITMIME SMTPUTF8\n" FINE RCPT OVER, "A: \xc3\xbc\r\n\r\n",
   NONE,                                                                                                                                                                                                                                            "sent 250",    NULL            },
  {"utf8-without",              "> 250 8BITMIME\n",                 "A: \xc3\xbc\r\n\r\n", HIGH,   " SMTPUTF8",             0,           "",
   NULL,                                                                                                                                                                                                                      EST_REASON_INCAPABLE, "failed 0",    "utf8-header"   },

 /* FUTURERELEASE, RFC 4865 */
  {"kept",                      HOLD,                               PLAIN,                 NARROW, "",                      AT (2),
   "< MAIL FROM:<a@x> HOLDUNTIL=2001-01-01T02:00:00Z\n" FINE RCPT OVER,                                                                                                                               PLAIN,                  NONE,
   "sent 250",                                                                                                                                                                                                                                                     NULL            },
  {"kept-to-the-end",           HOLD,                               PLAIN,                 NARROW, "",                      AT (24),
   "< MAIL FROM:<a@x> HOLDUNTIL=2001-01-02T00:00:00Z\n" FINE RCPT OVER,                                                                                                                               PLAIN,                  NONE,
   "sent 250",                                                                                                                                                                                                                                                     NULL            },
  {"kept-converted",            HOLD,                               WIDE,                  HIGH,   "",                      AT (2),
   "< MAIL FROM:<a@x> HOLDUNTIL=2001-01-01T02:00:00Z\n" FINE RCPT OVER,                                                                                                                               QUOTED,                 NONE,
   "sent 250",                                                                                                                                                                                                                                                     NULL            },
  {"not-for-so-long",           HOLD,                               PLAIN,                 NARROW, "",                      AT (24) + 1, "",                                                          NULL,                   EST_REASON_DEFERRED,
   "pending 0",                                                                                                                                                                                                                                                    NULL            },
  {"not-kept",                  "> 250 HELP\n",                     PLAIN,                 NARROW, "",                      AT (2),      "",                                                          NULL,                   EST_REASON_DEFERRED,
   "pending 0",                                                                                                                                                                                                                                                    NULL            },
  {"its-time-has-come",         HOLD,                               PLAIN,                 NARROW, "",                      NOW,
   "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                                                                                                                                                              PLAIN,                  NONE,                 "sent 250",    NULL            },
  {"at-once",                   HOLD,                               PLAIN,                 NARROW, "",                      0,           "< MAIL FROM:<a@x>\n" FINE RCPT OVER,                        PLAIN,
   NONE,                                                                                                                                                                                                                                            "sent 250",    NULL            },
  {"said-and-not-done",         HOLD,                               PLAIN,                 NARROW, "",                      AT (2),      "<\n> 501 5.5.4 no\n",                                       NULL,
   EST_REASON_DEFERRED,                                                                                                                                                                                                                             "pending 501", NULL            },
  {"said-and-not-done-555",     HOLD,                               PLAIN,                 NARROW, "",                      AT (2),      "<\n> 555 what?\n",                                          NULL,
   EST_REASON_DEFERRED,                                                                                                                                                                                                                             "pending 555", NULL            },
  {"not-this-sender",           HOLD,                               PLAIN,                 NARROW, "",                      AT (2),      "<\n> 550 5.1.8 no\n",                                       NULL,
   EST_REASON_REFUSED,                                                                                                                                                                                                                              "failed 550",  NULL            },
  {"no-such-parameter-at-once", HOLD,                               PLAIN,                 NARROW, "",                      0,           "<\n> 501 5.5.4 no\n",                                       NULL,
   EST_REASON_REFUSED,                                                                                                                                                                                                                              "failed 501",  NULL            },
};

typedef struct
{
  const char *content;
  gboolean read;
} Content;

static GBytes *
read_octets_of (gpointer data, GError **error)
{
  Content *content = data;
  const char *text = content->read ? "" : content->content;
  content->read = TRUE;
  return g_bytes_new_static (text, strlen (text));
}

static void
rewind_content (gpointer data)
{
  ((Content *) data)->read = FALSE;
}

static gboolean
mark (gpointer data, GError **error)
{
  return TRUE;
}

static EstOutcome *
hand_over (EstRelay *relay, const Case *c)
{
  static const char *const recipients[] = {"b@x", NULL}, *const each[] = {"", NULL};
  Content content = {.content = c->content};
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new_with_options ("a@x", recipients, c->body, c->options, each);
  EstHandoverSource source = {.size = strlen (c->content),
                              .read = read_octets_of,
                              .rewind = rewind_content,
                              .before_last = mark,
                              .data = &content,
                              .release = c->release};
  return est_handover (relay, envelope, &source);
}

static void
assert_outcome (const Case *c, const EstOutcome *outcome)
{
  g_autofree char *text = describe_verdicts (outcome);
  g_assert_cmpstr (est_reason_nick (outcome->reason), ==, est_reason_nick (c->reason));
  g_assert_cmpstr (text, ==, c->verdict);
  g_assert_cmpstr (outcome->figures, ==, c->figures);
  g_assert_cmpint (outcome->release, ==, c->release > NOW ? c->release : 0);
}

/* It ends with QUIT: both sides are in step, whatever was refused. */
static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *steps = g_strconcat (HELLO, c->offers, c->steps, BYE, NULL);
  gboolean sized = g_str_has_prefix (c->offers, "> 250 SIZE");
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  est_clock_freeze (NOW);
  g_autoptr (EstOutcome) outcome = hand_over (relay, c);
  est_clock_freeze (0);
  g_assert_true (sized || strstr (c->steps, "SIZE=") == NULL);
  est_relay_close (relay);
  script_end (script);
  assert_outcome (c, outcome);
  g_assert_cmpstr (script->content->str, ==, c->sent != NULL ? c->sent : "");
  script_free (script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/terms/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
