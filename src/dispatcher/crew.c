/* A crew as a whole: the board behind its mutex. */
#include "dispatcher/board.h"

EstCrew *
est_crew_new (void)
{
  EstCrew *crew = g_atomic_rc_box_new0 (EstCrew);
  g_mutex_init (&crew->claiming);
  g_mutex_init (&crew->mutex);
  crew->limit = 1;
  crew->cap = G_MAXUINT;
  crew->hands = g_ptr_array_new ();
  return crew;
}

EstCrew *
est_crew_ref (EstCrew *crew)
{
  return g_atomic_rc_box_acquire (crew);
}

static void
clear_crew (gpointer data)
{
  EstCrew *crew = data;
  g_ptr_array_unref (crew->hands);
  g_mutex_clear (&crew->claiming);
  g_mutex_clear (&crew->mutex);
}

void
est_crew_unref (EstCrew *crew)
{
  g_atomic_rc_box_release_full (crew, clear_crew);
}

void
est_crew_set_limit (EstCrew *crew, guint limit)
{
  g_mutex_lock (&crew->mutex);
  crew->limit = MAX (limit, 1);
  g_mutex_unlock (&crew->mutex);
}

EstMuster
est_crew_muster (EstCrew *crew)
{
  g_mutex_lock (&crew->mutex);
  EstMuster muster = est_board_count (crew);
  g_mutex_unlock (&crew->mutex);
  return muster;
}

void
est_crew_call (EstCrew *crew, guint count)
{
  g_mutex_lock (&crew->mutex);
  for (guint i = 0; i < crew->hands->len && count > 0; i++)
    {
      EstHand *hand = g_ptr_array_index (crew->hands, i);
      if (!hand->idle)
        continue;
      est_board_call (hand);
      count--;
    }
  g_mutex_unlock (&crew->mutex);
}

void
est_crew_send_home (EstCrew *crew)
{
  g_mutex_lock (&crew->mutex);
  est_board_send_home (crew, TRUE);
  g_mutex_unlock (&crew->mutex);
}
