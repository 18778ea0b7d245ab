/* Building an outcome. */
#include "outcome/outcome.h"

static void
test_verdicts (void)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (4);
  g_autoptr (EstReply) no = est_reply_new (550, "5.1.1", "nobody");
  g_autoptr (EstReply) later = est_reply_new (450, "4.2.1", "later");
  g_autoptr (EstReply) yes = est_reply_new (250, "2.0.0", "queued");
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_PENDING), ==, 4);
  est_outcome_set_verdict (outcome, 1, EST_RECIPIENT_FAILED, no);
  est_outcome_set_verdict (outcome, 2, EST_RECIPIENT_PENDING, later);
  est_outcome_settle_rest (outcome, EST_RECIPIENT_SENT, yes);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_SENT), ==, 2);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_FAILED), ==, 1);
  g_assert_cmpuint (est_outcome_count (outcome, EST_RECIPIENT_PENDING), ==, 1);
  g_assert_true (outcome->verdicts[0].reply == yes);
  g_assert_true (outcome->verdicts[1].reply == no);
  g_assert_true (outcome->verdicts[2].reply == later);
}

static void
test_reason (void)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (0);
  g_autoptr (EstReply) reply = est_reply_new (421, NULL, "going down");
  g_assert_cmpint (outcome->reason, ==, EST_REASON_NONE);
  est_outcome_set_reason (outcome, EST_REASON_BUSY, "detail", reply);
  est_outcome_set_reason (outcome, EST_REASON_UNCERTAIN, "worse", NULL);
  g_assert_cmpint (outcome->reason, ==, EST_REASON_UNCERTAIN);
  g_assert_cmpstr (outcome->detail, ==, "worse");
  g_assert_null (outcome->reply);
}

static void
test_nicks (void)
{
  static const char *const nicks[] = {"pending", "sent", "failed", "doubtful"};
  for (EstRecipientState state = 0; state < EST_N_RECIPIENT_STATES; state++)
    g_assert_cmpstr (est_recipient_state_nick (state), ==, nicks[state]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome/outcome/verdicts", test_verdicts);
  g_test_add_func ("/outcome/outcome/reason", test_reason);
  g_test_add_func ("/outcome/outcome/nicks", test_nicks);
  return g_test_run ();
}
