/* Handing over to relays of every temper: who is sent, who waits, who failed, and that
   the mark is made once and in time. */
#include "handover-fixture.h"

typedef struct
{
  const char *name;
  const char *recipients; /* divided by commas */
  const char *steps;
  EstReason reason;
  const char *verdicts; /* "state code" by recipient; code 0: no reply */
  gboolean marked;
  gboolean usable; /* afterwards */
} Case;

static const Case cases[] = {
  {"stepwise",                 "b@x",
   STEPWISE "< MAIL FROM:<a@x>\n-\n> 250 ok\n" RCPT (
     "b@x") "-\n> 250 ok\n"
            "< DATA\n> 354 go\n.\n> 250 2.0.0 queued\n" BYE,
   EST_REASON_NONE,                                                                                                                         "sent 250",                       TRUE,  TRUE },
  {"pipelined",                "b@x,c@x",
   PIPELINED MAIL RCPT ("b@x")
     RCPT ("c@x") "< DATA\n> 250 ok\n> 250 ok\n> 250 ok\n> 354 go\n"
                  ".\n> 250 queued\n" BYE,
   EST_REASON_NONE,                                                                                                                         "sent 250,sent 250",              TRUE,  TRUE },
  {"one-refused",              "b@x,c@x",
   PIPELINED MAIL RCPT ("b@x") RCPT ("c@x") "< DATA\n> 250 ok\n> 550 nobody\n> 250 ok\n"
                                            "> 354 go\n.\n> 250 queued\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                            "failed 550,sent 250",            TRUE,  TRUE },
  {"one-put-off",              "b@x,c@x",
   STEPWISE
   "<\n> 250 ok\n<\n> 250 ok\n<\n> 450 later\n< DATA\n> 354 go\n.\n> 250 queued\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                     "sent 250,pending 450",           TRUE,  TRUE },
  {"all-refused-stepwise",     "b@x,c@x",
   STEPWISE "<\n> 250 ok\n<\n> 550 no\n<\n> 553 no\n" BYE,                                                    EST_REASON_RECIPIENT_REFUSED,
   "failed 550,failed 553",                                                                                                                                                   FALSE, TRUE },
  {"all-refused-pipelined",    "b@x",
   PIPELINED MAIL RCPT ("b@x") "< DATA\n> 250 ok\n> 550 no\n> 503 no recipients\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                            "failed 550",                     FALSE, TRUE },
  {"all-refused-but-go-ahead", "b@x",
   PIPELINED MAIL RCPT (
     "b@x") "< DATA\n> 250 ok\n> 550 no\n> 354 go\n< .\n> 554 nobody\n" BYE,
   EST_REASON_RECIPIENT_REFUSED,                                                                                                            "failed 550",                     FALSE, TRUE },
  {"mail-refused",             "b@x",
   PIPELINED MAIL RCPT ("b@x") "< DATA\n> 552 too big\n> 503 no\n> 503 no\n" BYE,
   EST_REASON_REFUSED,                                                                                                                      "failed 552",                     FALSE, TRUE },
  {"mail-put-off",             "b@x",         STEPWISE "<\n> 451 later\n" BYE,                                EST_REASON_DEFERRED,
   "pending 451",                                                                                                                                                             FALSE, TRUE },
  {"mail-wants-sign-in",       "b@x",         STEPWISE "<\n> 530 sign in\n" BYE,                              EST_REASON_TURNED_AWAY,
   "pending 0",                                                                                                                                                               FALSE, TRUE },
  {"data-refused",             "b@x",         STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 554 no\n" BYE,
   EST_REASON_REFUSED,                                                                                                                      "failed 554",                     FALSE, TRUE },
  {"data-put-off",             "b@x",         STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 451 later\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                     "pending 451",                    FALSE, TRUE },
  {"final-refused",            "b@x,c@x",
   PIPELINED MAIL RCPT ("b@x")
     RCPT ("c@x") "< DATA\n> 250 ok\n> 250 ok\n> 450 later\n> 354 go\n"
                  ".\n> 554 spam\n" BYE,
   EST_REASON_REFUSED,                                                                                                                      "failed 554,pending 450",         TRUE,  TRUE },
  {"final-put-off",            "b@x",
   STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> 452 disk full\n" BYE,
   EST_REASON_DEFERRED,                                                                                                                     "pending 452",                    TRUE,  TRUE },
  {"final-421",                "b@x",
   STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> 421 going down\n;\n",
   EST_REASON_BUSY,                                                                                                                         "pending 0",                      TRUE,  FALSE},
  {"mail-421",                 "b@x",         STEPWISE "<\n> 421 busy\n;\n",                                  EST_REASON_BUSY,              "pending 0",                      FALSE,
   FALSE                                                                                                                                                                                  },
  {"rcpt-421",                 "b@x,c@x,d@x",
   PIPELINED MAIL RCPT ("b@x") RCPT ("c@x") RCPT ("d@x") "< DATA\n> 250 ok\n> 550 no\n"
                                                         "> 250 ok\n> 421 busy\n;\n",                         EST_REASON_BUSY,              "failed 550,pending 0,pending 0", FALSE, FALSE},
  {"gone-at-mail",             "b@x",         STEPWISE "<\nx",                                                EST_REASON_DISCONNECTED,      "pending 0",                      FALSE,
   FALSE                                                                                                                                                                                  },
  {"gone-at-rcpt",             "b@x,c@x",     STEPWISE "<\n> 250 ok\n<\n> 550 no\n<\nx",
   EST_REASON_DISCONNECTED,                                                                                                                 "failed 550,pending 0",           FALSE, FALSE},
  {"gone-at-data",             "b@x",         STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\nx",
   EST_REASON_DISCONNECTED,                                                                                                                 "pending 0",                      FALSE, FALSE},
  {"gone-after-dot",           "b@x,c@x",
   STEPWISE "<\n> 250 ok\n<\n> 550 no\n<\n> 250 ok\n< DATA\n> 354 go\n.\nx",
   EST_REASON_UNCERTAIN,                                                                                                                    "failed 550,doubtful 0",          TRUE,  FALSE},
  {"silent-after-dot",         "b@x",
   STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n;\n",                                             EST_REASON_UNCERTAIN,
   "doubtful 0",                                                                                                                                                              TRUE,  FALSE},
  {"nonsense-after-dot",       "b@x",
   STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> hello\n;\n",
   EST_REASON_UNCERTAIN,                                                                                                                    "doubtful 0",                     TRUE,  FALSE},
  {"silent-at-rcpt",           "b@x",         STEPWISE "<\n> 250 ok\n<\n;\n",                                 EST_REASON_TIMED_OUT,
   "pending 0",                                                                                                                                                               FALSE, FALSE},
  {"nonsense",                 "b@x",         STEPWISE "<\n> HTTP/1.1 400 Bad Request\n;\n",                  EST_REASON_PROTOCOL,
   "pending 0",                                                                                                                                                               FALSE, FALSE},
  {"answers-differ",           "b@x",         STEPWISE "<\n> 250-ok\n> 251 ok\n;\n",                          EST_REASON_PROTOCOL,
   "pending 0",                                                                                                                                                               FALSE, FALSE},
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  Script *script = script_start (c->steps);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, c->recipients, EST_BODY_7BIT, &content);
  assert_outcome (outcome, c->reason, c->verdicts);
  g_assert_cmpuint (content.n_marks, ==, c->marked);
  g_assert_cmpuint (content.n_read, ==, c->marked ? 3 : 0);
  g_assert_cmpint (est_relay_is_usable (relay), ==, c->usable);
  est_relay_close (relay);
  script_end (script);
  if (c->marked)
    g_assert_cmpstr (script->content->str, ==, "A: b\r\n\r\nhi\r\n");
  script_free (script);
}

#define READY STEPWISE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n"

/* Nothing has happened: the relay sees no end of the content. */
static void
test_mark_fails (void)
{
  Script *script = script_start (READY ";\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script,
                     .pieces = hello_pieces,
                     .n_pieces = 3,
                     .length = 12,
                     .mark_fails = TRUE};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DEFERRED, "pending 0");
  g_assert_cmpstr (outcome->detail, ==, "disk full");
  g_assert_cmpuint (content.n_marks, ==, 1);
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
test_damaged (void)
{
  Script *script = script_start (READY ";\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 2};
  content.read_error
    = g_error_new_literal (EST_RELAY_ERROR, EST_REASON_DAMAGED, "wrong sum");
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DAMAGED, "failed 554");
  g_assert_cmpuint (content.n_marks, ==, 0);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
test_unreadable (void)
{
  Script *script = script_start (READY ";\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 2};
  content.read_error
    = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "disk trouble");
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DEFERRED, "pending 0");
  g_assert_cmpuint (content.n_marks, ==, 0);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* SMTP smuggling: what a lenient server would take for an end of the message. */
static void
test_bare (gconstpointer data)
{
  const char *const pieces[] = {"A: b\r\n\r\n", data};
  Script *script = script_start (READY ";\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 2};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_DAMAGED, "failed 554");
  g_assert_cmpuint (content.n_marks, ==, 0);
  est_relay_close (relay);
  script_end (script);
  g_assert_null (strstr (script->content->str, "MAIL FROM"));
  script_free (script);
}

/* Dots doubled, also at the seams of pieces, and the missing last line end added. */
static void
test_dots (void)
{
  static const char *const pieces[] = {".\r\n", ".a\r\nb.\r", "\n", ".", ".\r\nend"};
  Script *script = script_start (READY ".\n> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 5, .length = 23};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpstr (script->content->str, ==, "..\r\n..a\r\nb.\r\n...\r\nend\r\n");
  script_free (script);
}

/* A relay that has had enough says so in the middle. */
static void
test_early_word (void)
{
  g_autofree char *line = g_strnfill (70000, 'x');
  line[69998] = '\r';
  line[69999] = '\n';
  const char *pieces[400];
  for (guint i = 0; i < 400; i++)
    pieces[i] = line;
  Script *script = script_start (READY "<\n> 552 5.3.4 too big\n;\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 400};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_TOO_LARGE, "failed 552");
  g_assert_cmpuint (content.n_marks, ==, 0);
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

typedef struct
{
  const char *name;
  const char *offers; /* EHLO lines behind the first */
  const char *sender;
  const char *options; /* as kept with the message */
  const char *said;    /* in the envelope; NULL: nothing is */
  const char *status;  /* of our own refusal */
  const char *verdicts;
} Terms;

#define FINE  "> 250 ok\n"
#define OVER  "< DATA\n> 354 go\n.\n> 250 queued\n"
#define LATER " BY=9999999999;R"

static const Terms terms[] = {
  {"dsn",                     "> 250 DSN\n",                  "a@x",        " RET=HDRS ENVID=e",
   "< MAIL FROM:<a@x> RET=HDRS ENVID=e\n" FINE "< RCPT TO:<b@x> NOTIFY=NEVER\n" FINE OVER,
   NULL,                                                                                                         "sent 250"  },
  {"no-dsn",                  "> 250 HELP\n",                 "a@x",        " RET=HDRS ENVID=e",
   "< MAIL FROM:<a@x>\n" FINE "< RCPT TO:<b@x>\n" FINE OVER,                                           NULL,     "sent 250"  },
  {"priority",                "> 250 MT-PRIORITY MIXER\n",    "a@x",        " MT-PRIORITY=5",
   "< MAIL FROM:<a@x> MT-PRIORITY=5\n" FINE "< RCPT TO:<b@x>\n" FINE OVER,                             NULL,
   "sent 250"                                                                                                                },
  {"utf8-header",             "> 250 SMTPUTF8\n",             "a@x",        " SMTPUTF8",
   "< MAIL FROM:<a@x> SMTPUTF8\n" FINE "< RCPT TO:<b@x>\n" FINE OVER,                                  NULL,     "sent 250"  },
  {"utf8-header-refused",     "> 250 HELP\n",                 "a@x",        " SMTPUTF8",         NULL, "5.6.7",  "failed 0"  },
  {"utf8-sender",             "> 250 SMTPUTF8\n",             "\xc3\xa4@x", "",
   "< MAIL FROM:<\xc3\xa4@x> SMTPUTF8\n" FINE "< RCPT TO:<b@x>\n" FINE OVER,                           NULL,
   "sent 250"                                                                                                                },
  {"utf8-sender-refused",     "> 250 HELP\n",                 "\xc3\xa4@x", "",                  NULL, "5.6.7",  "failed 0"  },
  {"requiretls-in-the-clear", "> 250 REQUIRETLS\n",           "a@x",        " REQUIRETLS",       NULL, "5.7.30",
   "failed 0"                                                                                                                },
  {"in-time-not-promised",    "> 250 HELP\n",                 "a@x",        LATER,               NULL, "5.3.3",  "failed 0"  },
  {"in-time-too-short",       "> 250 DELIVERBY 2000000000\n", "a@x",        " BY=1800000000;R",  NULL,
   "5.3.3",                                                                                                      "failed 0"  },
  {"late",                    "> 250 DELIVERBY\n",            "a@x",        " BY=5;R",           NULL, "5.4.7",  "failed 554"},
  {"late-but-only-told",      "> 250 HELP\n",                 "a@x",        " BY=5;N",
   "< MAIL FROM:<a@x>\n" FINE "< RCPT TO:<b@x>\n" FINE OVER,                                           NULL,     "sent 250"  },
};

static EstOutcome *
hand_over_with (EstRelay *relay,
                const Terms *t,
                const char *const *recipients,
                Content *content)
{
  static const char *const each[] = {" NOTIFY=NEVER", "", NULL};
  const char *const *options
    = recipients[1] != NULL ? each : (const char *const[]){each[0], NULL};
  g_autoptr (EstEnvelope) envelope = est_envelope_new_with_options (
    t->sender, recipients, EST_BODY_7BIT, t->options, options);
  EstHandoverSource source = {0, read_content_piece, rewind_content, note_mark, content};
  return est_handover (relay, envelope, &source);
}

static EstReason
reason_of (const Terms *t)
{
  if (t->status == NULL)
    return EST_REASON_NONE;
  return g_str_equal (t->status, "5.4.7") ? EST_REASON_LATE : EST_REASON_INCAPABLE;
}

static void
test_terms (gconstpointer data)
{
  const Terms *t = data;
  static const char *const recipients[] = {"b@x", NULL};
  g_autofree char *steps = g_strconcat (HELLO "> 250-relay\n", t->offers,
                                        t->said != NULL ? t->said : "", BYE, NULL);
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome = hand_over_with (relay, t, recipients, &content);
  assert_outcome (outcome, reason_of (t), t->verdicts);
  if (outcome->reason == EST_REASON_INCAPABLE)
    g_assert_true (g_str_has_prefix (outcome->detail, t->status));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Who asked for a report of success, and will get none from a relay without DSN. */
static void
check_relayed (const char *offers, const char *first, gboolean relayed)
{
  static const char *const recipients[] = {"b@x", "c@x", "d@x", NULL};
  static const char *const options[]
    = {" NOTIFY=SUCCESS,DELAY", " NOTIFY=SUCCESS", " NOTIFY=FAILURE", NULL};
  g_autofree char *steps
    = g_strconcat (HELLO "> 250-relay\n", offers, "< MAIL FROM:<a@x>\n" FINE, first,
                   "> 550 no\n<\n" FINE "<\n" FINE OVER BYE, NULL);
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new_with_options ("a@x", recipients, EST_BODY_7BIT, "", options);
  EstHandoverSource source = {0, read_content_piece, rewind_content, note_mark, &content};
  g_autoptr (EstOutcome) outcome = est_handover (relay, envelope, &source);
  assert_outcome (outcome, EST_REASON_RECIPIENT_REFUSED, "failed 550,sent 250,sent 250");
  g_assert_false (outcome->verdicts[0].relayed);
  g_assert_cmpint (outcome->verdicts[1].relayed, ==, relayed);
  g_assert_false (outcome->verdicts[2].relayed);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
test_relayed (void)
{
  check_relayed ("> 250 HELP\n", "< RCPT TO:<b@x>\n", TRUE);
  check_relayed ("> 250 DSN\n", "< RCPT TO:<b@x> NOTIFY=SUCCESS,DELAY\n", FALSE);
}

/* One address that cannot be said does not keep the others from the message. */
static void
test_one_international (void)
{
  static const char *const recipients[] = {"\xc3\xa4@x", "b@x", NULL};
  const Terms plain = {.sender = "a@x", .options = ""};
  Script *script = script_start (STEPWISE "< MAIL FROM:<a@x>\n" FINE
                                          "< RCPT TO:<b@x>\n" FINE OVER BYE);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome = hand_over_with (relay, &plain, recipients, &content);
  assert_outcome (outcome, EST_REASON_INCAPABLE, "failed 0,sent 250");
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
test_eight_bits_offered (void)
{
  Script *script
    = script_start (PIPELINED "< MAIL FROM:<a@x> SIZE=13 BODY=8BITMIME\n" RCPT (
      "b@x") "< DATA\n> 250 ok\n> 250 ok\n> 354 go\n.\n> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_8BITMIME, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

#define ONE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> 250 queued\n"

/* After a good one nothing is in between; after a failed one a RSET is. */
static void
test_again (void)
{
  Script *script
    = script_start (STEPWISE ONE "<\n> 250 ok\n<\n> 550 no\n< RSET\n> 250 ok\n" ONE BYE);
  EstRelay *relay = open_relay (script);
  static const char *const verdicts[] = {"sent 250", "failed 550", "sent 250"};
  for (guint i = 0; i < 3; i++)
    {
      Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 3};
      g_atomic_int_set (&script->dot_seen, FALSE);
      content.length = i == 0 ? 12 : 24;
      g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
      g_autofree char *text = describe_verdicts (outcome);
      g_assert_cmpstr (text, ==, verdicts[i]);
      g_assert_true (est_relay_is_usable (relay));
    }
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
test_rset_fails (void)
{
  Script *script
    = script_start (STEPWISE "<\n> 250 ok\n<\n> 550 no\n< RSET\n> 421 going down\n;\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 3};
  est_outcome_unref (hand_over (relay, "b@x", EST_BODY_7BIT, &content));
  g_autoptr (EstOutcome) outcome = hand_over (relay, "b@x", EST_BODY_7BIT, &content);
  assert_outcome (outcome, EST_REASON_BUSY, "pending 0");
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* A relay that hung up while nothing was going on. */
static void
test_hung_up (void)
{
  Script *script = script_start (STEPWISE ONE "> 421 idle too long\n");
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  est_outcome_unref (hand_over (relay, "b@x", EST_BODY_7BIT, &content));
  script_end (script);
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_free (script);
}

/* Flights of 50 at most: 120 recipients make MAIL + 49, 50, 21 + DATA. */
static void
test_flights (void)
{
  g_autoptr (GString) steps
    = g_string_new (HELLO "> 250-relay\n> 250-LIMITS RCPTMAX=120\n> 250 PIPELINING\n");
  g_autoptr (GString) recipients = g_string_new (NULL);
  static const guint flights[] = {50, 50, 22};
  for (guint i = 0; i < 120; i++)
    g_string_append_printf (recipients, "%sr%u@x", i > 0 ? "," : "", i);
  for (guint flight = 0; flight < 3; flight++)
    {
      for (guint i = 0; i < flights[flight]; i++)
        g_string_append (steps, "<\n");
      g_string_append (steps, "-\n");
      for (guint i = 0; i < flights[flight]; i++)
        g_string_append (steps, flight == 2 && i == 21 ? "> 354 go\n" : "> 250 ok\n");
    }
  g_string_append (steps, ".\n> 250 queued\n" BYE);

  Script *script = script_start (steps->str);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = hello_pieces, .n_pieces = 3, .length = 12};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, recipients->str, EST_BODY_7BIT, &content);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_SENT), ==, 120);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

#define BINARY                                                                           \
  HELLO                                                                                  \
  "> 250-relay\n> 250-SIZE\n> 250-CHUNKING\n> 250 BINARYMIME\n"                          \
  "< MAIL FROM:<a@x> SIZE=13 BODY=BINARYMIME\n> 250 ok\n< RCPT TO:<b@x>\n> 250 ok\n"
#define AGAIN "< RSET\n> 250 ok\n<\n> 550 go away\n" BYE
#define CHUNK "< BDAT 8\n= 8\n-\n> 250 ok\n"
#define LAST  "< BDAT 3 LAST\n= 3\n"

typedef struct
{
  const char *name;
  const char *steps;
  EstReason reason;
  const char *verdicts;
  gsize before_mark; /* octets; 0: it is not made */
  gboolean usable;
} Chunks;

/* Each chunk waits for the answer to the one before it; behind a refused one comes
   nothing but RSET. */
static const Chunks chunks[] = {
  {"taken",             BINARY CHUNK "< BDAT 8\n= 8\n> 250 ok\n" LAST "> 250 queued\n" BYE,
   EST_REASON_NONE,                                                                                                  "sent 250",    18, TRUE },
  {"pipelined",
   HELLO "> 250-relay\n> 250-PIPELINING\n> 250-CHUNKING\n> 250 BINARYMIME\n"
         "<\n<\n< BDAT 19 LAST\n= 19\n> 250 ok\n> 250 ok\n> 250 queued\n" BYE,
   EST_REASON_NONE,                                                                                                  "sent 250",    18, TRUE },
  {"nobody-taken",
   HELLO
   "> 250-relay\n> 250-CHUNKING\n> 250 BINARYMIME\n<\n> 250 ok\n<\n> 550 no\n" AGAIN,
   EST_REASON_RECIPIENT_REFUSED,                                                                                     "failed 550",  0,  TRUE },
  {"unknown",           BINARY "< BDAT 8\n= 8\n> 502 what?\n;\n",                           EST_REASON_NONE,         "pending 0",   0,
   FALSE                                                                                                                                     },
  {"last-unknown",      BINARY CHUNK CHUNK LAST "> 500 what?\n;\n",                         EST_REASON_NONE,
   "pending 0",                                                                                                                     18, FALSE},
  {"first-refused",     BINARY "< BDAT 8\n= 8\n> 554 no\n" AGAIN,                           EST_REASON_REFUSED,
   "failed 554",                                                                                                                    0,  TRUE },
  {"middle-put-off",    BINARY CHUNK "< BDAT 8\n= 8\n> 452 full\n" AGAIN,
   EST_REASON_DEFERRED,                                                                                              "pending 452", 0,  TRUE },
  {"last-refused",      BINARY CHUNK CHUNK LAST "> 554 spam\n" AGAIN,                       EST_REASON_REFUSED,
   "failed 554",                                                                                                                    18, TRUE },
  {"421",               BINARY "< BDAT 8\n= 8\n> 421 going down\n;\n",                      EST_REASON_BUSY,         "pending 0",   0,
   FALSE                                                                                                                                     },
  {"gone-in-between",   BINARY CHUNK "< BDAT 8\n= 8\nx",                                    EST_REASON_DISCONNECTED,
   "pending 0",                                                                                                                     0,  FALSE},
  {"silent-in-between", BINARY "< BDAT 8\n= 8\n;\n",                                        EST_REASON_TIMED_OUT,    "pending 0",   0,
   FALSE                                                                                                                                     },
  {"gone-after-last",   BINARY CHUNK CHUNK LAST "x",                                        EST_REASON_UNCERTAIN,    "doubtful 0",  18,
   FALSE                                                                                                                                     },
  {"silent-after-last", BINARY CHUNK CHUNK LAST ";\n",                                      EST_REASON_UNCERTAIN,    "doubtful 0",
   18,                                                                                                                                  FALSE},
};

static const char *const binary_pieces[] = {"A: b\r\n\r\n", "\n.\n\r.\rxy", "\r\r\n"};

/* What comes after a refusal shows at the next message: one nobody wants. */
static void
test_chunks (gconstpointer data)
{
  const Chunks *c = data;
  Script *script = script_start (c->steps);
  EstRelay *relay = open_relay (script);
  Content content = {
    .script = script, .pieces = binary_pieces, .n_pieces = 3, .length = c->before_mark};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, c->reason, c->verdicts);
  g_assert_cmpuint (content.n_marks, ==, c->before_mark > 0);
  g_assert_cmpuint (content.n_rewinds, ==, 0);
  g_assert_cmpint (est_relay_is_usable (relay), ==, c->usable);
  if (c->usable && c->reason != EST_REASON_NONE)
    est_outcome_unref (hand_over (relay, "b@x", EST_BODY_7BIT, &content));
  est_relay_close (relay);
  script_end (script);
  if (g_str_equal (c->verdicts, "sent 250"))
    g_assert_cmpmem (script->content->str, script->content->len,
                     "A: b\r\n\r\n\n.\n\r.\rxy\r\r\n", 19);
  script_free (script);
}

/* A message of no octets: the command itself is the last that leaves. */
static void
test_no_chunk (void)
{
  Script *script = script_start (BINARY "< BDAT 0 LAST\n> 250 queued\n" BYE);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, EST_REASON_NONE, "sent 250");
  g_assert_cmpuint (content.n_marks, ==, 1);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* The mark fails: the last octet stays here. */
static void
test_chunk_mark_fails (void)
{
  Script *script = script_start (BINARY CHUNK CHUNK "< BDAT 3 LAST\n= 2\n;\n");
  EstRelay *relay = open_relay (script);
  Content content = {.script = script,
                     .pieces = binary_pieces,
                     .n_pieces = 3,
                     .length = 18,
                     .mark_fails = TRUE};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, EST_REASON_DEFERRED, "pending 0");
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpuint (script->content->len, ==, 18);
  script_free (script);
}

/* A relay that has had enough says so in the middle of a chunk. */
static void
test_chunk_early_word (void)
{
  gsize length = 30 * 1024 * 1024;
  g_autofree char *much = g_strnfill (length, 'x');
  for (gsize at = 998; at < length; at += 1000)
    memcpy (much + at, "\r\n", 2);
  const char *pieces[] = {much};
  g_autofree char *steps = g_strdup_printf (
    BINARY "< BDAT %zu LAST\n= 1000\n> 552 5.3.4 too big\n;\n", length);
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = pieces, .n_pieces = 1};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, EST_REASON_TOO_LARGE, "failed 552");
  g_assert_cmpuint (content.n_marks, ==, 0);
  g_assert_false (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

typedef struct
{
  const char *name;
  const char *offers; /* EHLO lines behind the first */
  const char *content;
  const char *said;   /* behind MAIL FROM; NULL: nothing is */
  const char *sent;   /* content */
  const char *status; /* of our own refusal */
} Fitted;

#define LABEL(word) "Content-Transfer-Encoding: " word "\r\n"

/* For relays that take no BINARYMIME, or offer it without CHUNKING. */
static const Fitted fitted[] = {
  {"converted",     "> 250-SIZE\n> 250 BINARYMIME\n", LABEL ("binary") "\r\n.\n\r\xff",
   " SIZE=45",                                                                                                                LABEL ("base64") "\r\nLgoN/w==\r\n", NULL   },
  {"only-chunking", "> 250 CHUNKING\n",               LABEL ("binary") "\r\n\r",                            "",
   LABEL ("base64") "\r\nDQ==\r\n",                                                                                                                                NULL   },
  {"clean",         "> 250 HELP\n",                   "A: b\r\n\r\n.c\r\n",                                 "",               "A: b\r\n\r\n..c\r\n",               NULL   },
  {"wide",          "> 250 8BITMIME\n",               "A: b\r\n\r\n\xff\r\n",                               " BODY=8BITMIME",
   "A: b\r\n\r\n\xff\r\n",                                                                                                                                         NULL   },
  {"not-labelled",  "> 250 HELP\n",                   "A: b\r\n\r\nc\n",                                    NULL,             NULL,                                "5.6.0"},
  {"ends-in-cr",    "> 250 HELP\n",                   "A: b\r\n\r\nc\r",                                    NULL,             NULL,                                "5.6.0"},
  {"signed",        "> 250 8BITMIME\n",               "DKIM-Signature: x\r\n" LABEL ("binary") "\r\nc\r\n",
   NULL,                                                                                                                      NULL,                                "5.6.3"},
  {"unclear",       "> 250 8BITMIME\n",               LABEL ("base64") LABEL ("binary") "\r\nc\r\n",        NULL,
   NULL,                                                                                                                                                           "5.6.0"},
};

static void
test_fitted (gconstpointer data)
{
  const Fitted *c = data;
  gsize length = c->sent != NULL ? strlen (c->sent) : 0;
  g_autofree char *said = g_strdup_printf (
    "< MAIL FROM:<a@x>%s\n" FINE "< RCPT TO:<b@x>\n" FINE OVER, c->said);
  g_autofree char *steps = g_strconcat (HELLO "> 250-relay\n", c->offers,
                                        c->said != NULL ? said : "", BYE, NULL);
  Script *script = script_start (steps);
  EstRelay *relay = open_relay (script);
  Content content
    = {.script = script, .pieces = &c->content, .n_pieces = 1, .length = length};
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, c->status != NULL ? EST_REASON_INCAPABLE : EST_REASON_NONE,
                  c->status != NULL ? "failed 0" : "sent 250");
  if (c->status != NULL)
    g_assert_true (g_str_has_prefix (outcome->detail, c->status));
  g_assert_true (est_relay_is_usable (relay));
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpstr (script->content->str, ==, c->sent != NULL ? c->sent : "");
  script_free (script);
}

/* What cannot be read is no refusal of the relay's, and none is asked. */
static void
test_unfit_to_read (void)
{
  Script *script = script_start (STEPWISE BYE);
  EstRelay *relay = open_relay (script);
  Content content = {.script = script, .pieces = hello_pieces, .n_pieces = 2};
  content.read_error
    = g_error_new_literal (EST_RELAY_ERROR, EST_REASON_DAMAGED, "wrong sum");
  g_autoptr (EstOutcome) outcome
    = hand_over (relay, "b@x", EST_BODY_BINARYMIME, &content);
  assert_outcome (outcome, EST_REASON_DAMAGED, "failed 554");
  est_relay_close (relay);
  script_end (script);
  g_assert_cmpuint (script->content->len, ==, 0);
  script_free (script);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/handover/case/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/relay/handover/mark-fails", test_mark_fails);
  g_test_add_func ("/relay/handover/damaged", test_damaged);
  g_test_add_func ("/relay/handover/unreadable", test_unreadable);
  g_test_add_data_func ("/relay/handover/bare/lf", "x\n.\nMAIL FROM:<>\r\n", test_bare);
  g_test_add_data_func ("/relay/handover/bare/cr", "x\r.\r\nMAIL FROM:<>\r\n", test_bare);
  g_test_add_data_func ("/relay/handover/bare/last", "x\r", test_bare);
  g_test_add_func ("/relay/handover/dots", test_dots);
  g_test_add_func ("/relay/handover/early-word", test_early_word);
  g_test_add_func ("/relay/handover/eight-bits-offered", test_eight_bits_offered);
  g_test_add_func ("/relay/handover/again", test_again);
  g_test_add_func ("/relay/handover/rset-fails", test_rset_fails);
  g_test_add_func ("/relay/handover/hung-up", test_hung_up);
  g_test_add_func ("/relay/handover/flights", test_flights);
  for (gsize i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/handover/terms/", terms[i].name, NULL);
      g_test_add_data_func (path, &terms[i], test_terms);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      g_autofree char *path
        = g_strconcat ("/relay/handover/chunks/", chunks[i].name, NULL);
      g_test_add_data_func (path, &chunks[i], test_chunks);
    }
  g_test_add_func ("/relay/handover/chunks/none", test_no_chunk);
  g_test_add_func ("/relay/handover/chunks/mark-fails", test_chunk_mark_fails);
  g_test_add_func ("/relay/handover/chunks/early-word", test_chunk_early_word);
  for (gsize i = 0; i < G_N_ELEMENTS (fitted); i++)
    {
      g_autofree char *path
        = g_strconcat ("/relay/handover/fitted/", fitted[i].name, NULL);
      g_test_add_data_func (path, &fitted[i], test_fitted);
    }
  g_test_add_func ("/relay/handover/fitted/unreadable", test_unfit_to_read);
  g_test_add_func ("/relay/handover/terms/relayed", test_relayed);
  g_test_add_func ("/relay/handover/one-international", test_one_international);
  return g_test_run ();
}
