/* A conversation into the journal and back. */
#include "outbox/answers.h"

#include <string.h>

static void
note (EstOutcome *outcome,
      EstStage stage,
      guint recipient,
      int code,
      const char *status,
      const char *words)
{
  g_autoptr (EstReply) reply = est_reply_new (code, status, words);
  est_outcome_note_answer (outcome, stage, recipient, reply);
}

static void
assert_said (
  GPtrArray *all, guint i, const char *stage, const char *who, const char *lines)
{
  const EstSaid *said = g_ptr_array_index (all, i);
  g_autofree char *recipients
    = said->of_recipients ? g_strdup_printf ("%u-%u", said->first, said->last) : NULL;
  g_autofree char *joined = g_strjoinv ("|", said->lines);
  g_assert_cmpstr (said->stage, ==, stage);
  g_assert_cmpstr (recipients, ==, who);
  g_assert_cmpstr (joined, ==, lines);
}

static void
test_conversation (void)
{
  static const guint numbers[] = {2, 3, 4, 9};
  g_autoptr (EstOutcome) outcome = est_outcome_new (4);
  note (outcome, EST_STAGE_GREETING, 0, 220, NULL, "relay\nsecond \\n line\nthird");
  note (outcome, EST_STAGE_MAIL, 0, 250, "2.1.0", "ok");
  note (outcome, EST_STAGE_RCPT, 0, 250, "2.1.5", "ok");
  note (outcome, EST_STAGE_RCPT, 1, 250, "2.1.5", "ok");
  note (outcome, EST_STAGE_RCPT, 2, 550, "5.1.1", "no");
  note (outcome, EST_STAGE_RCPT, 3, 550, "5.1.1", "no");
  note (outcome, EST_STAGE_DATA, 0, 354, NULL, "");
  note (outcome, EST_STAGE_FINAL, 0, 250, "2.0.0", "");
  g_autofree char *text = est_answers_format (outcome, numbers);
  g_autoptr (GPtrArray) all = est_answers_parse (text);
  g_assert_cmpuint (all->len, ==, 7);
  assert_said (all, 0, "greeting", NULL, "220-relay|220-second \\n line|220 third");
  assert_said (all, 1, "mail", NULL, "250 2.1.0 ok");
  assert_said (all, 2, "rcpt", "2-3", "250 2.1.5 ok");
  assert_said (all, 3, "rcpt", "4-4", "550 5.1.1 no");
  assert_said (all, 4, "rcpt", "9-9", "550 5.1.1 no");
  assert_said (all, 5, "data", NULL, "354");
  assert_said (all, 6, "final", NULL, "250 2.0.0");
}

static void
test_nothing (void)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (1);
  g_assert_null (est_answers_format (outcome, NULL));
  g_autoptr (GPtrArray) all = est_answers_parse (NULL);
  g_assert_cmpuint (all->len, ==, 0);
}

/* 2,000 recipients, each with another long answer: as much as fits is kept. */
static void
test_flood (void)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (2000);
  g_autofree guint *numbers = g_new0 (guint, 2000);
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *words = g_strdup_printf ("%0500u", i);
      numbers[i] = i;
      note (outcome, EST_STAGE_RCPT, i, 550, NULL, words);
    }
  note (outcome, EST_STAGE_FINAL, 0, 250, NULL, "ok");
  g_autofree char *text = est_answers_format (outcome, numbers);
  g_assert_cmpuint (strlen (text), <=, EST_ANSWERS_LIMIT);
  g_autoptr (GPtrArray) all = est_answers_parse (text);
  g_assert_cmpuint (all->len, >, 100);
}

/* Of a file that somebody wrote into. */
static void
test_rubbish (void)
{
  static const char *const texts[] = {"x",
                                      "rcpt 1 250 - ok",
                                      "rcpt 5-2 250 - ok",
                                      "rcpt a-b 250 - x",
                                      "rcpt -",
                                      "\n\n",
                                      "rcpt 0-99999999999 250 - x",
                                      "mail 250"};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) all = est_answers_parse (texts[i]);
      g_assert_cmpuint (all->len, ==, 0);
    }
  g_autoptr (GPtrArray) all = est_answers_parse ("mail 250 - a\\");
  assert_said (all, 0, "mail", NULL, "250 a\\");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/answers/conversation", test_conversation);
  g_test_add_func ("/outbox/answers/nothing", test_nothing);
  g_test_add_func ("/outbox/answers/flood", test_flood);
  g_test_add_func ("/outbox/answers/rubbish", test_rubbish);
  return g_test_run ();
}
