/* A list of hands, in the order in which they came. */
#include "dispatcher/board.h"

#include "base/clock.h"
#include "dispatcher/bell.h"

EstMuster
est_board_count (const EstCrew *crew)
{
  gboolean capped = est_clock_steady () < crew->cap_until;
  EstMuster muster = {.limit = crew->limit,
                      .cap = capped ? crew->cap : G_MAXUINT,
                      .hands = crew->hands->len};
  for (guint i = 0; i < crew->hands->len; i++)
    {
      const EstHand *hand = g_ptr_array_index (crew->hands, i);
      muster.calling += !hand->let_in;
      muster.idle += hand->idle;
      muster.parcels += hand->parcel;
    }
  return muster;
}

gboolean
est_board_needs (const EstHand *hand)
{
  guint rank = 0;
  EstMuster muster = est_board_count (hand->crew);
  return !hand->sent_home && g_ptr_array_find (hand->crew->hands, hand, &rank)
         && rank < est_muster_room (&muster);
}

void
est_board_call (EstHand *hand)
{
  hand->idle = FALSE;
  est_bell_ring (hand->bell);
}

void
est_board_send_home (EstCrew *crew, gboolean all)
{
  for (guint i = 0; i < crew->hands->len; i++)
    {
      EstHand *hand = g_ptr_array_index (crew->hands, i);
      if (hand->idle && (all || !est_board_needs (hand)))
        {
          hand->sent_home = TRUE;
          est_board_call (hand);
        }
    }
}
