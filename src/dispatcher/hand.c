/* A single hand's part of the board. */
#include "base/clock.h"
#include "dispatcher/bell.h"
#include "dispatcher/board.h"

/* For so long a relay that did not let one more in is not asked again. */
#define CAP_USEC (10 * G_TIME_SPAN_MINUTE)

EstHand *
est_hand_new (EstCrew *crew)
{
  EstHand *hand = g_new0 (EstHand, 1);
  hand->crew = est_crew_ref (crew);
  hand->bell = est_bell_new ();
  g_mutex_lock (&crew->mutex);
  g_ptr_array_add (crew->hands, hand);
  g_mutex_unlock (&crew->mutex);
  return hand;
}

void
est_hand_free (EstHand *hand)
{
  EstCrew *crew = hand->crew;
  g_mutex_lock (&crew->mutex);
  g_ptr_array_remove (crew->hands, hand);
  g_mutex_unlock (&crew->mutex);
  est_bell_free (hand->bell);
  est_crew_unref (crew);
  g_free (hand);
}

void
est_hand_ring (EstHand *hand)
{
  est_bell_ring (hand->bell);
}

int
est_hand_bell (EstHand *hand)
{
  return hand->bell;
}

guint64
est_hand_begin_claim (EstHand *hand)
{
  EstCrew *crew = hand->crew;
  g_mutex_lock (&crew->claiming);
  g_mutex_lock (&crew->mutex);
  EstMuster muster = est_board_count (crew);
  guint64 reach = est_board_needs (hand) ? est_muster_reach (&muster) : 0;
  g_mutex_unlock (&crew->mutex);
  return reach;
}

void
est_hand_end_claim (EstHand *hand, guint64 size)
{
  EstCrew *crew = hand->crew;
  g_mutex_lock (&crew->mutex);
  hand->parcel = size > EST_LETTER;
  hand->idle = hand->idle && size == 0;
  g_mutex_unlock (&crew->mutex);
  g_mutex_unlock (&crew->claiming);
}

void
est_hand_put_down (EstHand *hand)
{
  EstCrew *crew = hand->crew;
  g_mutex_lock (&crew->mutex);
  hand->parcel = FALSE;
  est_board_send_home (crew, FALSE);
  g_mutex_unlock (&crew->mutex);
}

void
est_hand_set_let_in (EstHand *hand, gboolean let_in)
{
  g_mutex_lock (&hand->crew->mutex);
  hand->let_in = let_in;
  g_mutex_unlock (&hand->crew->mutex);
}

gboolean
est_hand_resign (EstHand *hand)
{
  EstCrew *crew = hand->crew;
  guint others = 0;
  g_mutex_lock (&crew->mutex);
  hand->let_in = FALSE;
  for (guint i = 0; i < crew->hands->len; i++)
    {
      const EstHand *other = g_ptr_array_index (crew->hands, i);
      others += other->let_in && !other->sent_home;
    }
  if (others > 0)
    {
      crew->cap = others;
      crew->cap_until = est_clock_steady () + CAP_USEC;
    }
  g_mutex_unlock (&crew->mutex);
  return others > 0;
}

gboolean
est_hand_sit_down (EstHand *hand)
{
  g_mutex_lock (&hand->crew->mutex);
  hand->idle = est_board_needs (hand);
  gboolean needed = hand->idle;
  g_mutex_unlock (&hand->crew->mutex);
  return needed;
}

void
est_hand_get_up (EstHand *hand)
{
  est_bell_hush (hand->bell);
  g_mutex_lock (&hand->crew->mutex);
  hand->idle = FALSE;
  g_mutex_unlock (&hand->crew->mutex);
}
