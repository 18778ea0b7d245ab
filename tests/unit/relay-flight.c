/* One round trip per message: what goes in one flight, what becomes of the message
   whatever the relay answers to that, and what is learnt from it. */
#include "account/acquaintance.h"
#include "handover-fixture.h"

#include <sys/socket.h>

#define FLYING                                                                           \
  HELLO "> 250-relay\n> 250-SIZE 1000000\n> 250-8BITMIME\n> 250-CHUNKING\n> 250 "        \
        "PIPELINING\n"
#define ONE      MAIL RCPT ("b@x") "< BDAT 12 LAST\n= 12\n"
#define TWO      MAIL RCPT ("b@x") RCPT ("c@x") "< BDAT 12 LAST\n= 12\n"
#define ENVELOPE MAIL RCPT ("b@x")
#define CONTENT  "< BDAT 12 LAST\n= 12\n"
#define OK       "> 250 ok\n"
#define RESET    "< RSET\n> 250 ok\n"

typedef struct
{
  const char *name;
  const char *recipients;
  const char *steps;
  EstReason reason;
  const char *verdicts;
  gboolean marked;
  gboolean usable;
  gboolean rest;
  EstManners before; /* FLIGHTS, or CAREFUL: an earlier flight was broken */
  EstManners after;
} Flight;

#define FLIGHTS EST_MANNERS_FLIGHTS
#define CAREFUL EST_MANNERS_CAREFUL
#define STEPS   EST_MANNERS_STEPS

/* The relay says nothing before it has all of it: so it was one round trip. Where the
   relay is CAREFUL-ly spoken to, content waits for what comes before. */
static const Flight flights[] = {
  {"taken",                      "b@x",         FLYING ONE OK OK "> 250 queued\n" BYE,                         EST_REASON_NONE,         "sent 250",
   TRUE,                                                                                                                                                                       TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"one-packet",                 "b@x",         FLYING ONE "+ 250 ok\n+ 250 ok\n> 250 queued\n" BYE,
   EST_REASON_NONE,                                                                                                                     "sent 250",                     TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"one-refused",                "b@x,c@x",     FLYING TWO OK "> 550 no\n" OK "> 250 queued\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                        "failed 550,sent 250",          TRUE,  TRUE,  FALSE, FLIGHTS,
   FLIGHTS                                                                                                                                                                                                   },
  {"one-put-off",                "b@x,c@x",     FLYING TWO OK OK "> 450 later\n> 250 queued\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                 "sent 250,pending 450",         TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"all-refused",                "b@x,c@x",     FLYING TWO OK "> 550 no\n> 550 no\n> 503 nobody\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                        "failed 550,failed 550",        TRUE,  TRUE,  FALSE, FLIGHTS,
   FLIGHTS                                                                                                                                                                                                   },
  {"all-refused-but-taken",      "b@x",         FLYING ONE OK "> 550 no\n> 250 what for\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                        "failed 550",                   TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"mail-refused",               "b@x",         FLYING ONE "> 552 too big\n> 503 no\n> 503 no\n" BYE,
   EST_REASON_REFUSED,                                                                                                                  "failed 552",                   TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"mail-put-off",               "b@x",         FLYING ONE "> 451 later\n> 503 no\n> 503 no\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                 "pending 451",                  TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"mail-wants-sign-in",         "b@x",         FLYING ONE "> 530 sign in\n> 530 no\n> 530 no\n" BYE,
   EST_REASON_TURNED_AWAY,                                                                                                              "pending 0",                    TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"refused",                    "b@x,c@x",     FLYING TWO OK "> 450 later\n" OK "> 554 spam\n" BYE,
   EST_REASON_REFUSED,                                                                                                                  "pending 450,failed 554",       TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"put-off",                    "b@x",         FLYING ONE OK OK "> 452 4.3.1 full\n" BYE,                     EST_REASON_DEFERRED,
   "pending 452",                                                                                                                                                       TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},

 /* Going down is no doubt: what comes behind the 421 was not looked at. */
  {"mail-421",                   "b@x",         FLYING ONE "> 421 busy\n;\n",                                  EST_REASON_BUSY,         "pending 0",                    TRUE,
   FALSE,                                                                                                                                                                             FALSE, FLIGHTS, FLIGHTS},
  {"rcpt-421",                   "b@x,c@x",     FLYING TWO OK "> 550 no\n> 421 busy\n;\n",                     EST_REASON_BUSY,
   "failed 550,pending 0",                                                                                                                                              TRUE,  FALSE, FALSE, FLIGHTS, FLIGHTS},
  {"421",                        "b@x",         FLYING ONE OK OK "> 421 down\n;\n",                            EST_REASON_BUSY,         "pending 0",                    TRUE,
   FALSE,                                                                                                                                                                             FALSE, FLIGHTS, FLIGHTS},

 /* Doubt, but only for those who may have it. */
  {"gone",                       "b@x",         FLYING ONE "x",                                                EST_REASON_UNCERTAIN,    "doubtful 0",                   TRUE,  FALSE, FALSE,
   FLIGHTS,                                                                                                                                                                                           CAREFUL},
  {"silent",                     "b@x",         FLYING ONE ";\n",                                              EST_REASON_UNCERTAIN,    "doubtful 0",                   TRUE,  FALSE,
   FALSE,                                                                                                                                                                                    FLIGHTS, CAREFUL},
  {"nonsense",                   "b@x",         FLYING ONE OK "> hello\n;\n",                                  EST_REASON_UNCERTAIN,    "doubtful 0",
   TRUE,                                                                                                                                                                       FALSE, FALSE, FLIGHTS, CAREFUL},
  {"one-answer-less",            "b@x",         FLYING ONE OK "> 250 queued\n;\n",                             EST_REASON_UNCERTAIN,
   "doubtful 0",                                                                                                                                                        TRUE,  FALSE, FALSE, FLIGHTS, CAREFUL},
  {"one-answer-more",            "b@x",         FLYING ONE "+ 250 ok\n+ 250 ok\n+ 250 ok\n> 554 spam\n;\n",
   EST_REASON_UNCERTAIN,                                                                                                                "doubtful 0",                   TRUE,  FALSE, FALSE, FLIGHTS, STEPS  },
  {"421-as-well",                "b@x",         FLYING ONE "+ 250 ok\n+ 250 ok\n+ 250 queued\n> 421 bye\n;\n",
   EST_REASON_NONE,                                                                                                                     "sent 250",                     TRUE,  FALSE, FALSE, FLIGHTS, FLIGHTS},
  {"gone-with-one-refused",      "b@x,c@x",     FLYING TWO OK "> 550 no\nx",                                   EST_REASON_UNCERTAIN,
   "failed 550,doubtful 0",                                                                                                                                             TRUE,  FALSE, FALSE, FLIGHTS, CAREFUL},
  {"gone-with-all-refused",      "b@x,c@x",     FLYING TWO OK "> 550 no\n> 450 later\nx",
   EST_REASON_DISCONNECTED,                                                                                                             "failed 550,pending 450",       TRUE,  FALSE, FALSE, FLIGHTS,
   CAREFUL                                                                                                                                                                                                   },
  {"gone-with-mail-refused",     "b@x",         FLYING ONE "> 552 too big\nx",
   EST_REASON_DISCONNECTED,                                                                                                             "failed 552",                   TRUE,  FALSE, FALSE, FLIGHTS, CAREFUL},

 /* Out of step: nothing is decided, and it goes otherwise at once. */
  {"unknown",                    "b@x",         FLYING ONE OK OK "> 500 what?\n;\n",                           EST_REASON_NONE,         "pending 0",
   TRUE,                                                                                                                                                                       FALSE, TRUE,  FLIGHTS, STEPS  },
  {"not-implemented",            "b@x",         FLYING ONE OK OK "> 502 no\n;\n",                              EST_REASON_NONE,
   "pending 0",                                                                                                                                                         TRUE,  FALSE, TRUE,  FLIGHTS, STEPS  },
  {"bad-order",                  "b@x",         FLYING ONE OK OK "> 503 no\n;\n",                              EST_REASON_NONE,         "pending 0",
   TRUE,                                                                                                                                                                       FALSE, TRUE,  FLIGHTS, STEPS  },
  {"rcpt-bad-order",             "b@x",         FLYING ONE OK "> 503 no\n> 503 no\n;\n",                       EST_REASON_NONE,
   "pending 0",                                                                                                                                                         TRUE,  FALSE, TRUE,  FLIGHTS, STEPS  },
  {"one-rcpt-bad-order",         "b@x,c@x",     FLYING TWO OK OK "> 503 no\n> 250 queued\n;\n",
   EST_REASON_NONE,                                                                                                                     "sent 250,pending 0",           TRUE,  FALSE, TRUE,  FLIGHTS, STEPS  },
  {"rcpt-bad-order-and-refused", "b@x,c@x",     FLYING TWO OK OK "> 503 no\n> 554 spam\n;\n",
   EST_REASON_NONE,                                                                                                                     "pending 0,pending 0",          TRUE,  FALSE, TRUE,  FLIGHTS, STEPS  },
  {"unknown-to-nobody",          "b@x",         FLYING ONE OK "> 550 no\n> 500 what?\n;\n",
   EST_REASON_RECIPIENT_REFUSED,                                                                                                        "failed 550",                   TRUE,  FALSE, FALSE, FLIGHTS, STEPS  },

 /* Before the last octet: never any doubt. */
  {"careful",                    "b@x",         FLYING ENVELOPE OK OK CONTENT "> 250 queued\n" BYE,            EST_REASON_NONE,
   "sent 250",                                                                                                                                                          TRUE,  TRUE,  FALSE, CAREFUL, FLIGHTS},
  {"careful-nobody",             "b@x",         FLYING ENVELOPE OK "> 550 no\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                        "failed 550",                   FALSE, TRUE,  FALSE, CAREFUL, FLIGHTS},
  {"careful-mail-refused",       "b@x",         FLYING ENVELOPE "> 552 too big\n> 503 no\n" BYE,
   EST_REASON_REFUSED,                                                                                                                  "failed 552",                   FALSE, TRUE,  FALSE, CAREFUL, FLIGHTS},
  {"careful-early-yes",          "b@x",         FLYING ENVELOPE "+ 250 ok\n+ 250 ok\n> 250 already\n;\n",
   EST_REASON_NONE,                                                                                                                     "pending 0",                    FALSE, FALSE, TRUE,  CAREFUL, STEPS  },
  {"careful-early-no",           "b@x",         FLYING ENVELOPE "+ 250 ok\n+ 250 ok\n> 552 too big\n;\n",
   EST_REASON_REFUSED,                                                                                                                  "failed 552",                   FALSE, FALSE, FALSE, CAREFUL, FLIGHTS},
  {"careful-421",                "b@x",         FLYING ENVELOPE "> 421 busy\n;\n",                             EST_REASON_BUSY,         "pending 0",
   FALSE,                                                                                                                                                                      FALSE, FALSE, CAREFUL, CAREFUL},
  {"careful-bad-order",          "b@x",         FLYING ENVELOPE OK "> 503 no\n;\n",                            EST_REASON_NONE,
   "pending 0",                                                                                                                                                         FALSE, FALSE, TRUE,  CAREFUL, STEPS  },
  {"careful-gone",               "b@x",         FLYING ENVELOPE OK "x",                                        EST_REASON_DISCONNECTED, "pending 0",
   FALSE,                                                                                                                                                                      FALSE, FALSE, CAREFUL, STEPS  },
  {"careful-silent",             "b@x",         FLYING ENVELOPE ";\n",                                         EST_REASON_TIMED_OUT,    "pending 0",
   FALSE,                                                                                                                                                                      FALSE, FALSE, CAREFUL, STEPS  },

 /* Recipient limits. */
  {"too-many",                   "b@x,c@x,d@x",
   FLYING MAIL RCPT ("b@x") RCPT ("c@x")
     RCPT ("d@x") "< BDAT 12 LAST\n= 12\n" OK OK
                  "> 452 4.5.3 too many\n> 452 4.5.3 too many\n> 250 queued\n" BYE,
   EST_REASON_NONE,                                                                                                                     "sent 250,pending 0,pending 0", TRUE,  TRUE,  TRUE,  FLIGHTS, FLIGHTS},
  {"too-many-but-refused",       "b@x,c@x",     FLYING TWO OK OK "> 552 too many\n> 554 spam\n" BYE,
   EST_REASON_REFUSED,                                                                                                                  "failed 554,failed 554",        TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},
  {"too-many-and-gone",          "b@x,c@x",     FLYING TWO OK OK "> 452 4.5.3 too many\nx",
   EST_REASON_UNCERTAIN,                                                                                                                "doubtful 0,pending 0",         TRUE,  FALSE, FALSE, FLIGHTS, CAREFUL},
  {"first-is-too-many",          "b@x",         FLYING ONE OK "> 452 4.5.3 too many\n> 503 nobody\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                 "pending 452",                  TRUE,  TRUE,  FALSE, FLIGHTS, FLIGHTS},

 /* Without CHUNKING the same lessons. */
  {"data-bad-order",             "b@x",         PIPELINED MAIL RCPT ("b@x") "< DATA\n" OK OK "> 503 no\n;\n",
   EST_REASON_NONE,                                                                                                                     "pending 0",                    FALSE, FALSE, TRUE,  FLIGHTS, STEPS  },
  {"data-one-answer-more",       "b@x",         PIPELINED MAIL RCPT ("b@x") "< DATA\n" OK OK OK ";\n",
   EST_REASON_NONE,                                                                                                                     "pending 0",                    FALSE, FALSE, TRUE,  FLIGHTS, STEPS  },
  {"data-gone",                  "b@x",         PIPELINED MAIL RCPT ("b@x") "< DATA\n" OK "x",
   EST_REASON_DISCONNECTED,                                                                                                             "pending 0",                    FALSE, FALSE, FALSE, FLIGHTS, CAREFUL},
  {"data-gone-twice",            "b@x",
   PIPELINED MAIL RCPT ("b@x") "< DATA\n"
                               "x",                                                                            EST_REASON_DISCONNECTED, "pending 0",                    FALSE, FALSE, FALSE, CAREFUL, STEPS  },
};

static char *
name_relay (const Script *script)
{
  const EstAccount account
    = {.host = (char *) "127.0.0.1", .port = script->port, .security = EST_SECURITY_NONE};
  return est_acquaintance_name (&account);
}

static void
test_flight (gconstpointer data)
{
  const Flight *c = data;
  Script *script = script_start (c->steps);
  g_autofree char *name = name_relay (script);
  if (c->before == CAREFUL)
    est_acquaintance_note_flight (name, TRUE);
  EstRelay *relay = open_relay (script);
  gboolean data_way = strstr (c->steps, "CHUNKING") == NULL;
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, c->recipients, EST_BODY_7BIT, &content);
  assert_outcome (outcome, c->reason, c->verdicts);
  g_assert_cmpuint (content.n_marks, ==, c->marked);
  g_assert_cmpuint (content.n_read, ==, data_way ? 0 : 3);
  g_assert_cmpint (outcome->rest, ==, c->rest);
  g_assert_cmpint (est_relay_is_usable (relay), ==, c->usable);
  g_assert_cmpint (est_acquaintance_manners (name), ==, c->after);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* What is learnt decides how the next message on a new connection is told. */
static void
test_steps (void)
{
  Script *script = script_start (FLYING "<\n-\n> 250 ok\n<\n-\n> 250 ok\n"
                                        "< DATA\n> 354 go\n.\n> 250 queued\n" BYE);
  g_autofree char *name = name_relay (script);
  est_acquaintance_note_out_of_step (name);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

#define BINARY_OFFERED                                                                   \
  HELLO "> 250-relay\n> 250-PIPELINING\n> 250-CHUNKING\n> 250 BINARYMIME\n"

/* Content that comes no other way comes by BDAT, step by step; after a second lesson it
   is converted. */
static void
test_binary_steps (gconstpointer data)
{
  const char *lessons = data;
  Script *script = script_start (
    lessons[1] == '\0' ? BINARY_OFFERED
      "<\n-\n> 250 ok\n<\n-\n> 250 ok\n< BDAT 12 LAST\n= 12\n> 502 no\n;\n"
                       : BINARY_OFFERED
      "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> 250 queued\n" BYE);
  g_autofree char *name = name_relay (script);
  for (; *lessons != '\0'; lessons++)
    est_acquaintance_note_out_of_step (name);
  EstRelay *relay = open_relay (script);
  gboolean steps = est_acquaintance_manners (name) == STEPS;
  const char *const pieces[] = {"A: b\r\n\r\nhi\r\n"};
  Content content
    = {.script = script, .pieces = pieces, .n_pieces = 1, .length = steps ? 11 : 12};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, EST_REASON_NONE, steps ? "pending 0" : "sent 250");
  g_assert_cmpint (est_acquaintance_manners (name), ==, EST_MANNERS_DATA);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Between a flight that failed and the next one stands RSET; between good ones nothing.
 */
static void
test_again (void)
{
  Script *script = script_start (
    FLYING ONE OK OK
    "> 250 queued\n" ONE OK OK "> 554 spam\n" RESET ONE OK OK "> 250 queued\n" ONE
    "> 451 later\n> 503 no\n> 503 no\n" RESET ONE OK OK "> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  static const char *const verdicts[]
    = {"sent 250", "failed 554", "sent 250", "pending 451", "sent 250"};
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 3};
      content.length = 12 * i + 11;
      g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
      g_autofree char *text = describe_verdicts (outcome);
      g_assert_cmpstr (text, ==, verdicts[i]);
      g_assert_true (est_relay_is_usable (relay));
    }
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* The last octet stays here, and so nothing has happened. */
static void
test_mark_fails (void)
{
  Script *script = script_start (FLYING ENVELOPE "< BDAT 12 LAST\n= 11\n;\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script,
                     .pieces = hello_pieces,
                     .n_pieces = 3,
                     .length = 11,
                     .mark_fails = TRUE};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DEFERRED, "pending 0");
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpuint (script->content->len, ==, 11);
  script_free (script);
}

/* What must not be sent, or cannot be read, is known before a word was said: the
   connection serves the next one. */
static void
test_not_sent (gconstpointer data)
{
  const char *text = data;
  const char *const pieces[] = {"A: b\r\n\r\n", text};
  Script *script = script_start (FLYING ONE OK OK "> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  Content bad = {.script = script, .pieces = pieces, .n_pieces = text != NULL ? 2 : 1};
  if (text == NULL)
    bad.read_error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "disk trouble");
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &bad);
  assert_outcome (outcome, text != NULL ? EST_REASON_DAMAGED : EST_REASON_DEFERRED,
                  text != NULL ? "failed 554" : "pending 0");
  g_assert_cmpuint (bad.n_marks, ==, 0);
  g_assert_true (est_relay_is_usable (relay));
  Content good = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) next = hand_over (relay, "b@x", EST_BODY_7BIT, &good);
  assert_outcome (next, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Content with no line end at its end stays as it is. */
static void
test_no_last_line_end (void)
{
  static const char *const pieces[] = {".A: b\r\n\r\n..\r", "\nend"};
  Script *script = script_start (FLYING MAIL RCPT ("b@x") "< BDAT 16 LAST\n= 16\n" OK OK
                                                          "> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 2, .length = 15};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpstr (script->content->str, ==, ".A: b\r\n\r\n..\r\nend");
  script_free (script);
}

#define MOST (256 * 1024)

static char *
make_content (gsize length)
{
  char *text = g_strnfill (length, 'x');
  for (gsize at = 998; at + 1 < length; at += 1000)
    memcpy (text + at, "\r\n", 2);
  return text;
}

/* Up to 256 KiB fly; one octet more waits for the recipients' answers. */
static void
test_most (gconstpointer data)
{
  gsize length = MOST + GPOINTER_TO_SIZE (data) - 1;
  gboolean flies = length <= MOST;
  g_autofree char *text = make_content (length);
  const char *pieces[] = {text};
  g_autofree char *steps = g_strdup_printf (
    FLYING "< MAIL FROM:<a@x> SIZE=%zu\n" RCPT ("b@x") "%s< BDAT %zu LAST\n= %zu\n%s"
                                                       "> 250 queued\n" BYE,
    length, flies ? "" : "-\n" OK OK, length, length, flies ? OK OK : "");
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script,
                     .pieces = pieces,
                     .n_pieces = 1,
                     .length = length - 1,
                     .size = length};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpmem (script->content->str, script->content->len, text, length);
  script_free (script);
}

#define LARGE         FLYING "< MAIL FROM:<a@x> SIZE=300000\n" RCPT ("b@x") "-\n" OK OK
#define PIECE(number) "< BDAT " number "\n= " number "\n"

typedef struct
{
  const char *name;
  const char *steps;
  EstReason reason;
  const char *verdicts;
  gsize before_mark; /* octets; 0: it is not made */
  gboolean usable;
} Queue;

/* Four chunks may wait for their answers; behind one that is known to be refused no other
   is begun. */
static const Queue queues[] = {
  {"taken",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") "-\n" OK PIECE (
     "4") "-\n" OK "< BDAT 4 LAST\n= 4\n" OK OK OK "> 250 queued\n" BYE,
   EST_REASON_NONE,         "sent 250",    23, TRUE },
  {"refused",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4")
     PIECE ("4") "+ 552 too big\n+ 503 no\n+ 503 no\n> 503 no\n" RESET ONE OK OK
                 "> 250 queued\n" BYE,
   EST_REASON_REFUSED,      "failed 552",  0,  TRUE },
  {"put-off",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4")
     PIECE ("4") "> 452 4.3.1 full\n> 503 no\n> 503 no\n> 503 no\n" RESET ONE OK OK
                 "> 250 queued\n" BYE,
   EST_REASON_DEFERRED,     "pending 452", 0,  TRUE },
  {"gone",              LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") OK "x",
   EST_REASON_DISCONNECTED, "pending 0",   0,  FALSE},
  {"421",               LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") "> 421 down\n;\n",
   EST_REASON_BUSY,         "pending 0",   0,  FALSE},
  {"unknown",           LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") "> 502 what?\n;\n",
   EST_REASON_NONE,         "pending 0",   0,  FALSE},
  {"last-refused",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4")
     PIECE ("4") "-\n" OK PIECE ("4") "-\n" OK "< BDAT 4 LAST\n= 4\n" OK OK OK
                                      "> 554 spam\n" RESET ONE OK OK "> 250 queued\n" BYE,
   EST_REASON_REFUSED,      "failed 554",  23, TRUE },
  {"refused-too-late",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") "-\n" OK PIECE (
     "4") "-\n" OK "< BDAT 4 LAST\n= 4\n" OK
          "> 552 no\n> 503 no\n> 503 no\n" RESET ONE OK OK "> 250 queued\n" BYE,
   EST_REASON_REFUSED,      "failed 552",  23, TRUE },
  {"refused-and-taken",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4") PIECE ("4") "-\n" OK PIECE (
     "4") "-\n" OK "< BDAT 4 LAST\n= 4\n" OK "> 552 no\n> 503 no\n> 250 queued\n;\n",
   EST_REASON_UNCERTAIN,    "doubtful 0",  23, FALSE},
  {"last-gone",
   LARGE PIECE ("4") PIECE ("4") PIECE ("4")
     PIECE ("4") "-\n" OK PIECE ("4") "-\n" OK "< BDAT 4 LAST\n= 4\n" OK "x",
   EST_REASON_UNCERTAIN,    "doubtful 0",  23, FALSE},
};

static void
test_queue (gconstpointer data)
{
  static const char *const pieces[]
    = {"a\r\n\r", "\nb\r\n", "cd\r\n", "ef\r\n", "gh\r\n", "ij\r\n"};
  const Queue *c = data;
  Script *script = script_start (c->steps);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script,
                     .pieces = pieces,
                     .n_pieces = 6,
                     .length = c->before_mark,
                     .size = 300000};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, c->reason, c->verdicts);
  g_assert_cmpuint (content.n_marks, ==, c->before_mark > 0);
  g_assert_cmpint (est_relay_is_usable (relay), ==, c->usable);
  if (c->usable && c->reason != EST_REASON_NONE)
    {
      gsize before = c->before_mark > 0 ? 24 : 16;
      Content next = {
        .script = script, .pieces = hello_pieces, .n_pieces = 3, .length = before + 11};
      est_outcome_unref (hand_over (relay, "b@x", EST_BODY_7BIT, &next));
      g_assert_cmpuint (next.n_marks, ==, 1);
    }
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Bare line ends in a piece that is read while others have left. */
static void
test_late_damage (void)
{
  static const char *const pieces[] = {"a\r\n", "b\r\n", "c\n.\r\n", "d\r\n"};
  Script *script = script_start (LARGE PIECE ("3") ";\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 4, .size = 300000};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DAMAGED, "failed 554");
  g_assert_cmpuint (content.n_marks, ==, 0);
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  g_assert_null (strstr (script->content->str, "c\n"));
  script_free (script);
}

static char *
list_recipients (guint n)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%sr%u@d%u.x", i > 0 ? "," : "", i, i % 3);
  return g_string_free (list, FALSE);
}

typedef struct
{
  const char *name;
  const char *limits; /* an EHLO line */
  guint learnt;
  guint recipients;
  guint asked;
  guint flights[4]; /* commands of the flights, BDAT among them */
} Share;

/* Never more than 50 commands wait for their answers. */
static const Share shares[] = {
  {"usual",       "> 250-HELP\n",                       0, 101, 100, {50, 50, 2}    },
  {"all",         "> 250-HELP\n",                       0, 100, 100, {50, 50, 2}    },
  {"one-flight",  "> 250-HELP\n",                       0, 48,  48,  {50}           },
  {"one-more",    "> 250-HELP\n",                       0, 49,  49,  {50, 1}        },
  {"two-more",    "> 250-HELP\n",                       0, 50,  50,  {50, 2}        },
  {"stated",      "> 250-LIMITS RCPTMAX=3 MAILMAX=7\n", 0, 10,  3,   {5}            },
  {"stated-more", "> 250-LIMITS RCPTMAX=150\n",         0, 160, 150, {50, 50, 50, 2}},
  {"learnt",      "> 250-LIMITS RCPTMAX=5\n",           2, 10,  2,   {4}            },
  {"learnt-more", "> 250-LIMITS RCPTMAX=5\n",           8, 10,  5,   {7}            },
  {"domains",     "> 250-LIMITS RCPTDOMAINMAX=2\n",     0, 9,   6,   {8}            },
};

static char *
write_share (const Share *c)
{
  GString *steps = g_string_new (HELLO "> 250-relay\n");
  g_string_append_printf (steps, "%s> 250-CHUNKING\n> 250 PIPELINING\n", c->limits);
  for (guint i = 0; i < 4 && c->flights[i] > 0; i++)
    {
      gboolean last = i == 3 || c->flights[i + 1] == 0;
      for (guint command = last ? 1 : 0; command < c->flights[i]; command++)
        g_string_append (steps, "<\n");
      g_string_append (steps, last ? "< BDAT 12 LAST\n= 12\n" : "-\n");
      for (guint command = 0; command < c->flights[i]; command++)
        g_string_append (steps, OK);
    }
  g_string_append (steps, BYE);
  return g_string_free (steps, FALSE);
}

static void
test_share (gconstpointer data)
{
  const Share *c = data;
  g_autofree char *steps = write_share (c);
  g_autofree char *recipients = list_recipients (c->recipients);
  Script *script = script_start (steps);
  g_autofree char *name = name_relay (script);
  est_acquaintance_note_most_recipients (name, c->learnt);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) outcome = hand_over (relay, recipients, EST_BODY_7BIT, &content);
  g_assert_cmpint (outcome->reason, ==, EST_REASON_NONE);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_SENT), ==, c->asked);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_PENDING), ==,
                    c->recipients - c->asked);
  g_assert_cmpint (outcome->rest, ==, c->asked < c->recipients);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

typedef struct
{
  const char *name;
  const char *answers; /* to b, c, d */
  guint before, after; /* what is known */
  const char *verdicts;
} Lesson;

static const Lesson lessons[] = {
  {"status",         OK OK "> 452 4.5.3 too many\n",        0, 2, "sent 250,sent 250,pending 0"  },
  {"no-status",      OK "> 452 too many\n> 452 too many\n", 0, 1,
   "sent 250,pending 0,pending 0"                                                                },
  {"old",            OK OK "> 552 too many\n",              0, 2, "sent 250,sent 250,pending 0"  },
  {"not-the-number", OK "> 452 mailbox full\n" OK,          0, 0, "sent 250,pending 0,sent 250"  },
  {"storage",        OK OK "> 452 4.3.1 full\n",            0, 0, "sent 250,sent 250,pending 452"},
  {"mailbox",        OK OK "> 552 5.2.2 full\n",            0, 0, "sent 250,sent 250,failed 552" },
  {"none-at-all",    OK OK OK,                              7, 7, "sent 250,sent 250,sent 250"   },
};

/* How many it takes is known when it has refused more, and not by a mere full mailbox. */
static void
test_lesson (gconstpointer data)
{
  const Lesson *c = data;
  g_autofree char *steps = g_strconcat (FLYING MAIL RCPT ("b@x") RCPT ("c@x")
                                          RCPT ("d@x") "< BDAT 12 LAST\n= 12\n" OK,
                                        c->answers, "> 250 queued\n" BYE, NULL);
  Script *script = script_start (steps);
  g_autofree char *name = name_relay (script);
  est_acquaintance_note_most_recipients (name, c->before);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x,c@x,d@x", EST_BODY_7BIT, &content);
  g_autofree char *text = describe_verdicts (outcome);
  g_assert_cmpstr (text, ==, c->verdicts);
  g_assert_cmpuint (est_acquaintance_most_recipients (name), ==, c->after);
  g_assert_cmpint (outcome->rest, ==, strstr (c->verdicts, "pending 0") != NULL);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* What was learnt from a mailbox that is full is taken back when that one is asked about
   first. */
static void
test_lesson_taken_back (void)
{
  Script *script = script_start (FLYING ONE OK "> 452 mailbox full\n> 503 nobody\n" BYE);
  g_autofree char *name = name_relay (script);
  est_acquaintance_note_most_recipients (name, 1);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DEFERRED, "pending 452");
  g_assert_cmpuint (est_acquaintance_most_recipients (name), ==, 0);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Too many in an earlier flight: those behind it are not asked about at all. */
static void
test_stops_asking (void)
{
  g_autoptr (GString) steps = g_string_new (FLYING);
  g_autofree char *recipients = list_recipients (80);
  for (guint i = 0; i < 50; i++)
    g_string_append (steps, "<\n");
  for (guint i = 0; i < 50; i++)
    g_string_append (steps, i <= 30 ? OK : "> 452 4.5.3 too many\n");
  g_string_append (steps, "< BDAT 12 LAST\n= 12\n> 250 queued\n" BYE);
  Script *script = script_start (steps->str);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 11};
  g_autoptr (EstOutcome) outcome = hand_over (relay, recipients, EST_BODY_7BIT, &content);
  g_assert_cmpint (outcome->reason, ==, EST_REASON_NONE);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_SENT), ==, 30);
  g_assert_true (outcome->rest);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* So many messages on one connection, and no more. */
static void
test_mail_max (void)
{
  Script *script = script_start (
    HELLO "> 250-relay\n> 250-SIZE\n> 250-CHUNKING\n> 250-LIMITS MAILMAX=2\n> 250 "
          "PIPELINING\n" ONE OK OK "> 250 queued\n" ONE OK OK "> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (est_relay_is_usable (relay));
      Content content = {
        .script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12 * i + 11};
      est_outcome_unref (hand_over (relay, "b@x", EST_BODY_7BIT, &content));
    }
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

#define LONG_ANSWER 10000

/* A relay with small buffers that answers each command at length before it reads on, and
   never reads while its own words are not taken: two that waited for each other would
   wait for ever. */
static gpointer
be_slow (gpointer data)
{
  GSocket *listener = data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, 2048, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, 2048, NULL);
  g_autoptr (EstWire) wire = est_wire_new (socket, NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *words = g_strnfill (LONG_ANSWER, 'w');
  est_wire_set_deadline (wire, 20000);
  est_wire_print (wire, NULL, "220 slow\r\n");
  est_wire_flush (wire, NULL);
  while (est_wire_read_line (wire, line, 1000, NULL, NULL))
    {
      gsize left = 0;
      gboolean hello = g_str_has_prefix (line->str, "EHLO");
      if (g_str_has_prefix (line->str, "BDAT "))
        left = (gsize) g_ascii_strtoull (line->str + 5, NULL, 10);
      for (gsize length; left > 0; left -= length)
        {
          if (est_wire_peek (wire, &length, NULL) == NULL)
            return NULL;
          length = MIN (length, left);
          est_wire_consume (wire, length);
        }
      est_wire_print (wire, NULL, "%s",
                      hello ? "250-slow\r\n250-CHUNKING\r\n250 PIPELINING\r\n" : "");
      if (!hello)
        est_wire_print (wire, NULL, "250 %s\r\n", words);
      if (!est_wire_flush (wire, NULL))
        break;
    }
  return NULL;
}

static void
test_small_buffers (void)
{
  guint16 port;
  g_autoptr (GSocket) listener = listen_at_new_port (&port);
  g_socket_set_option (listener, SOL_SOCKET, SO_RCVBUF, 2048, NULL);
  GThread *thread = g_thread_new ("slow", be_slow, listener);
  Script script = {.port = port, .content = g_string_new (NULL)};
  EstRelay *relay = open_relay (&script);
  g_autofree char *text = make_content (MOST);
  const char *pieces[] = {text};
  g_autofree char *recipients = list_recipients (48);
  Content content = {.script = &script, .pieces = pieces, .n_pieces = 1, .size = MOST};
  g_autoptr (EstOutcome) outcome = hand_over (relay, recipients, EST_BODY_7BIT, &content);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_SENT), ==, 48);
  est_relay_close (relay);
  g_thread_join (thread);
  g_string_free (script.content, TRUE);
}

#define ADD(table, folder, function)                                                     \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                                       \
    {                                                                                    \
      g_autofree char *path                                                              \
        = g_strconcat ("/relay/flight/" folder "/", (table)[i].name, NULL);              \
      g_test_add_data_func (path, &(table)[i], function);                                \
    }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (flights, "case", test_flight)
  ADD (queues, "queue", test_queue)
  ADD (shares, "share", test_share)
  ADD (lessons, "lesson", test_lesson)
  g_test_add_func ("/relay/flight/lesson/taken-back", test_lesson_taken_back);
  g_test_add_func ("/relay/flight/steps", test_steps);
  g_test_add_data_func ("/relay/flight/binary-steps", "1", test_binary_steps);
  g_test_add_data_func ("/relay/flight/binary-converted", "12", test_binary_steps);
  g_test_add_func ("/relay/flight/again", test_again);
  g_test_add_func ("/relay/flight/mark-fails", test_mark_fails);
  g_test_add_data_func ("/relay/flight/bare/lf", "x\n.\nMAIL FROM:<>\r\n", test_not_sent);
  g_test_add_data_func ("/relay/flight/bare/cr", "x\r.\r\nMAIL FROM:<>\r\n",
                        test_not_sent);
  g_test_add_data_func ("/relay/flight/bare/last", "x\r", test_not_sent);
  g_test_add_data_func ("/relay/flight/unreadable", NULL, test_not_sent);
  g_test_add_func ("/relay/flight/late-damage", test_late_damage);
  g_test_add_func ("/relay/flight/no-last-line-end", test_no_last_line_end);
  g_test_add_data_func ("/relay/flight/most/less", GSIZE_TO_POINTER (0), test_most);
  g_test_add_data_func ("/relay/flight/most/exactly", GSIZE_TO_POINTER (1), test_most);
  g_test_add_data_func ("/relay/flight/most/more", GSIZE_TO_POINTER (2), test_most);
  g_test_add_func ("/relay/flight/stops-asking", test_stops_asking);
  g_test_add_func ("/relay/flight/mail-max", test_mail_max);
  g_test_add_func ("/relay/flight/small-buffers", test_small_buffers);
  return g_test_run ();
}
