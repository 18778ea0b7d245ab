/* The state table: what may follow what, and what an attempt leads to. */
#include "outbox/state.h"

typedef struct
{
  guint doubtful, pending, failed;
  EstState state;
} AttemptCase;

static const AttemptCase attempt_cases[] = {
  {0, 0, 0, EST_STATE_SENT     },
  {0, 0, 1, EST_STATE_FAILED   },
  {0, 1, 0, EST_STATE_WAITING  },
  {0, 1, 5, EST_STATE_WAITING  },
  {1, 0, 0, EST_STATE_UNCERTAIN},
  {1, 2, 3, EST_STATE_UNCERTAIN},
};

static void
test_after_attempt (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attempt_cases); i++)
    {
      const AttemptCase *c = &attempt_cases[i];
      g_assert_cmpint (est_state_after_attempt (c->doubtful, c->pending, c->failed), ==,
                       c->state);
      g_assert_true (est_state_may_become (EST_STATE_SENDING, c->state));
    }
}

static void
test_after_doubt (void)
{
  g_assert_cmpint (est_state_after_doubt (0), ==, EST_STATE_WAITING);
  g_assert_cmpint (est_state_after_doubt (1), ==, EST_STATE_HELD);
  g_assert_cmpint (est_state_after_doubt (7), ==, EST_STATE_HELD);
  g_assert_true (est_state_may_become (EST_STATE_UNCERTAIN, EST_STATE_WAITING));
  g_assert_true (est_state_may_become (EST_STATE_UNCERTAIN, EST_STATE_HELD));
}

static void
test_final_states_are_final (void)
{
  for (EstState to = 0; to < EST_N_STATES; to++)
    {
      g_assert_false (est_state_may_become (EST_STATE_SENT, to));
      g_assert_false (est_state_may_become (EST_STATE_DISCARDED, to));
    }
}

/* No state but the final ones may be a dead end, and none may be out of reach. */
static void
test_no_dead_ends (void)
{
  for (EstState state = 0; state < EST_N_STATES; state++)
    {
      gboolean leads_on = FALSE, is_reached = state == EST_STATE_WAITING;
      for (EstState other = 0; other < EST_N_STATES; other++)
        {
          leads_on = leads_on || est_state_may_become (state, other);
          is_reached = is_reached || est_state_may_become (other, state);
        }
      g_assert_true (is_reached);
      g_assert_true (leads_on || state == EST_STATE_SENT || state == EST_STATE_DISCARDED);
      g_assert_nonnull (est_state_nick (state));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/state/after-attempt", test_after_attempt);
  g_test_add_func ("/outbox/state/after-doubt", test_after_doubt);
  g_test_add_func ("/outbox/state/final", test_final_states_are_final);
  g_test_add_func ("/outbox/state/no-dead-ends", test_no_dead_ends);
  return g_test_run ();
}
