/* Who has which message in hand: workers and persons, step by step. */
#include "outbox/claims.h"

static const gint64 both[] = {1, 2};

static void
test_worker_alone (void)
{
  g_autoptr (EstClaims) claims = est_claims_new ();
  est_claims_take (claims, 1, NULL);
  g_assert_true (est_claims_is_taken (claims, 1));
  g_assert_true (est_claims_is_spoken_for (claims, 1));
  g_assert_false (est_claims_is_spoken_for (claims, 2));
  g_assert_true (est_claims_may_go_on (claims, 1, FALSE));
  est_claims_let_go (claims, 1);
  g_assert_false (est_claims_is_spoken_for (claims, 1));
  est_claims_let_go (claims, 1);
}

static void
test_called_back (void)
{
  g_autoptr (EstClaims) claims = est_claims_new ();
  g_autoptr (GCancellable) call_back = g_cancellable_new ();
  est_claims_take (claims, 2, call_back);
  est_claims_want (claims, both, 2);
  g_assert_true (g_cancellable_is_cancelled (call_back));
  g_assert_false (est_claims_may_go_on (claims, 2, TRUE));
  g_assert_false (est_claims_try_hold (claims, both, 2));

  est_claims_let_go (claims, 2);
  g_assert_true (est_claims_is_spoken_for (claims, 2));
  g_assert_false (est_claims_is_taken (claims, 2));
  g_assert_true (est_claims_try_hold (claims, both, 2));
  g_assert_false (est_claims_try_hold (claims, both, 2));
  est_claims_finish (claims, both, 2);
  g_assert_false (est_claims_is_spoken_for (claims, 1));
  g_assert_false (est_claims_is_spoken_for (claims, 2));
}

/* Once its last octet goes out nobody can have it back; who waits, waits for the end. */
static void
test_too_late (void)
{
  g_autoptr (EstClaims) claims = est_claims_new ();
  g_autoptr (GCancellable) call_back = g_cancellable_new ();
  est_claims_take (claims, 1, call_back);
  g_assert_true (est_claims_may_go_on (claims, 1, TRUE));
  est_claims_want (claims, both, 1);
  g_assert_false (g_cancellable_is_cancelled (call_back));
  g_assert_true (est_claims_may_go_on (claims, 1, TRUE));
  est_claims_unwant (claims, both, 1);
  g_assert_true (est_claims_is_taken (claims, 1));
  est_claims_let_go (claims, 1);
  g_assert_false (est_claims_is_spoken_for (claims, 1));
}

/* Two wishes about one message: one after the other. */
static void
test_two_persons (void)
{
  g_autoptr (EstClaims) claims = est_claims_new ();
  est_claims_want (claims, both, 2);
  est_claims_want (claims, both, 1);
  g_assert_true (est_claims_try_hold (claims, both, 2));
  g_assert_false (est_claims_try_hold (claims, both, 1));
  est_claims_finish (claims, both, 2);
  g_assert_true (est_claims_is_spoken_for (claims, 1));
  g_assert_false (est_claims_is_spoken_for (claims, 2));
  g_assert_true (est_claims_try_hold (claims, both, 1));
  est_claims_finish (claims, both, 1);
  g_assert_false (est_claims_is_spoken_for (claims, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/claims/worker-alone", test_worker_alone);
  g_test_add_func ("/outbox/claims/called-back", test_called_back);
  g_test_add_func ("/outbox/claims/too-late", test_too_late);
  g_test_add_func ("/outbox/claims/two-persons", test_two_persons);
  return g_test_run ();
}
