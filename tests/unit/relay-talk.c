/* Relays that speak when they are not asked, at enormous length, or in answer to
   something else; and what refusals mean when all of them are in. */
#include "relay-fixture.h"

#define HELLO "> 220 relay\n< EHLO [127.0.0.1]\n"
#define READY HELLO "> 250 relay\n"
#define FINE  "<\n> 250 ok\n"
#define BYE   "< QUIT\n> 221 bye\n"
#define GONE  ";\n"
#define OVER  "< DATA\n> 354 go\n.\n"

typedef struct
{
  const char *name;
  const char *steps; /* "%s": very many words */
  EstReason reason;
  const char *verdicts; /* of b@x and c@x: "state code"; code 0: no reply */
  gboolean usable;      /* afterwards */
  gsize words;          /* how many octets of them */
} Case;

#define PROTOCOL  EST_REASON_PROTOCOL
#define UNCERTAIN EST_REASON_UNCERTAIN
#define NONE      EST_REASON_NONE
#define AWAY      EST_REASON_TURNED_AWAY
#define REFUSED   EST_REASON_REFUSED

#define PENDING "pending 0,pending 0"
#define SENT    "sent 250,sent 250"
#define DOUBT   "doubtful 0,doubtful 0"

static const Case cases[] = {
  {"out-of-turn-at-mail",          HELLO "+ 250 relay\n> 250 more\n" GONE,                          PROTOCOL,        PENDING,
   FALSE,                                                                                                                                            0      },
  {"out-of-turn-421",              HELLO "+ 250 relay\n> 421 bye\n" GONE,                           EST_REASON_BUSY, PENDING,
   FALSE,                                                                                                                                            0      },
  {"out-of-turn-nonsense",         HELLO "+ 250 relay\n> SSH\n" GONE,                               PROTOCOL,        PENDING,                 FALSE,
   0                                                                                                                                                        },
  {"out-of-turn-at-rcpt",          READY "<\n+ 250 ok\n> 250 more\n" GONE,                          PROTOCOL,        PENDING,
   FALSE,                                                                                                                                            0      },
  {"out-of-turn-at-content",       READY FINE FINE FINE "< DATA\n+ 354 go\n> 250 queued\n" GONE,
   PROTOCOL,                                                                                                         PENDING,                 FALSE, 0      },
  {"refused-before-content",       READY FINE FINE FINE "< DATA\n+ 354 go\n> 554 no\n" GONE,
   REFUSED,                                                                                                          "failed 554,failed 554", FALSE, 0      },
  {"out-of-turn-afterwards",       READY FINE FINE FINE OVER "+ 250 queued\n> 250 more\n" GONE,
   NONE,                                                                                                             SENT,                    FALSE, 0      },

  {"go-ahead-at-mail",             READY "<\n> 354 go\n" GONE,                                      PROTOCOL,        PENDING,                 FALSE, 0      },
  {"go-ahead-at-rcpt",             READY FINE "<\n> 354 go\n" GONE,                                 PROTOCOL,        "pending 354,pending 0",
   FALSE,                                                                                                                                            0      },
  {"yes-at-data",                  READY FINE FINE FINE "< DATA\n> 250 ok\n" GONE,                  PROTOCOL,        PENDING,
   FALSE,                                                                                                                                            0      },
  {"order-at-data",                READY FINE FINE FINE "< DATA\n> 503 MAIL first\n" GONE,          PROTOCOL,
   PENDING,                                                                                                                                   FALSE, 0      },
  {"order-at-mail",                READY "<\n> 503 nested\n" GONE,                                  PROTOCOL,        PENDING,                 FALSE, 0      },
  {"go-ahead-at-last",             READY FINE FINE FINE OVER "> 354 go\n" GONE,                     UNCERTAIN,
   "doubtful 354,doubtful 354",                                                                                                               FALSE, 0      },
  {"codes-differ-at-last",         READY FINE FINE FINE OVER "> 250-ok\n> 550 no\n" GONE,
   UNCERTAIN,                                                                                                        DOUBT,                   FALSE, 0      },
  {"codes-differ-far-behind",      READY FINE FINE FINE OVER "> 250-%s\n> 550 no\n" GONE,
   UNCERTAIN,                                                                                                        DOUBT,                   FALSE, 100000 },

  {"long-offer",
   HELLO "> 250-relay\n> 250-%s\n> 250 DSN\n" FINE FINE FINE OVER "> 250 queued\n" BYE,
   NONE,                                                                                                             SENT,                    TRUE,  100000 },
  {"long-yes",                     READY FINE FINE FINE OVER "> 250 %s\n" BYE,                      NONE,            SENT,                    TRUE,  100000 },
  {"long-lines",                   READY FINE FINE FINE OVER "> 250-%s\n> 250-%s\n> 250 end\n" BYE, NONE,
   SENT,                                                                                                                                      TRUE,  100000 },
  {"long-no",                      READY "<\n> 550 %s\n" BYE,                                       REFUSED,         "failed 550,failed 550", TRUE,  100000 },
  {"just-endless",                 READY "<\n> 250 %s\n" GONE,                                      PROTOCOL,        PENDING,                 FALSE, 1048572},
  {"not-quite-endless",            READY "<\n> 250 %s\n" FINE FINE OVER "> 250 queued\n" BYE,       NONE,
   SENT,                                                                                                                                      TRUE,  1048560},

  {"not-ours",
   READY FINE "<\n> 550 5.7.1 relaying denied\n<\n> 550 5.7.1 relaying denied\n" BYE,
   AWAY,                                                                                                             PENDING,                 TRUE,  0      },
  {"not-ours-and-nobody",
   READY FINE "<\n> 550 5.7.1 relaying denied\n<\n> 550 5.1.1 nobody\n" BYE,                        AWAY,
   "pending 0,failed 550",                                                                                                                    TRUE,  0      },
  {"not-that-one",
   READY FINE "<\n> 550 5.7.1 relaying denied\n<\n> 250 ok\n" OVER "> 250 queued\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                     "failed 550,sent 250",   TRUE,  0      },
  {"not-without-sign-in",          READY "<\n> 530 5.7.0 sign in\n" BYE,                            AWAY,            PENDING,                 TRUE,  0      },
  {"not-without-sign-in-by-words", READY "<\n> 550 5.7.1 Authentication required\n" BYE,
   AWAY,                                                                                                             PENDING,                 TRUE,  0      },
  {"not-that-sender",
   READY FINE "<\n> 553 5.7.1 Sender address rejected: not owned by user\n"
              "<\n> 553 5.7.1 Sender address rejected: not owned by user\n" BYE,
   REFUSED,                                                                                                          "failed 553,failed 553", TRUE,  0      },
};

static GBytes *
read_piece (gpointer data, GError **error)
{
  guint *n_read = data;
  return g_bytes_new_static ("A: b\r\n\r\n", (*n_read)++ == 0 ? 8 : 0);
}

static gboolean
mark (gpointer data, GError **error)
{
  return TRUE;
}

static EstOutcome *
hand_over (EstRelay *relay)
{
  static const char *const recipients[] = {"b@x", "c@x", NULL};
  guint n_read = 0;
  g_autoptr (EstEnvelope) envelope = est_envelope_new ("a@x", recipients, EST_BODY_7BIT);
  EstHandoverSource source = {8, read_piece, NULL, mark, &n_read};
  return est_handover (relay, envelope, &source);
}

static void
assert_verdicts (const EstOutcome *outcome, const char *expected)
{
  g_autofree char *text = describe_verdicts (outcome);
  g_assert_cmpstr (text, ==, expected);
  for (guint i = 0; i < outcome->n_verdicts; i++) /* memory is not the relay's to fill */
    if (outcome->verdicts[i].reply != NULL)
      g_assert_cmpuint (strlen (outcome->verdicts[i].reply->text), <=, 4096);
}

static char *
write_steps (const Case *c)
{
  g_autofree char *words = g_strnfill (c->words, 'x');
  g_auto (GStrv) parts = g_strsplit (c->steps, "%s", -1);
  return g_strjoinv (words, parts);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *steps = write_steps (c);
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  g_autoptr (EstOutcome) outcome = hand_over (relay);
  g_assert_cmpstr (est_reason_nick (outcome->reason), ==, est_reason_nick (c->reason));
  assert_verdicts (outcome, c->verdicts);
  g_assert_cmpint (est_relay_is_usable (relay), ==, c->usable);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/talk/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
