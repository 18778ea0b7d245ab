/* A list of hands, in the order in which they came, behind a mutex. */
#include "dispatcher/crew.h"

#include "base/clock.h"
#include "dispatcher/bell.h"

/* For so long a relay that did not let one more in is not asked again. */
#define CAP_USEC (10 * G_TIME_SPAN_MINUTE)

struct EstHand
{
  EstCrew *crew;
  int bell;
  gboolean let_in;
  gboolean idle;
  gboolean parcel;
  gboolean sent_home;
};

struct EstCrew
{
  GMutex claiming; /* held by whoever claims; taken before @mutex */
  GMutex mutex;    /* guards what is below, and all of the hands */
  guint limit;
  guint cap;
  gint64 cap_until; /* steady clock */
  GPtrArray *hands;
};

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

/* With the mutex held, as all that follow without a lock of their own. */
static EstMuster
count (const EstCrew *crew)
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

EstMuster
est_crew_muster (EstCrew *crew)
{
  g_mutex_lock (&crew->mutex);
  EstMuster muster = count (crew);
  g_mutex_unlock (&crew->mutex);
  return muster;
}

/* Who came first stays: the youngest are one too many. */
static gboolean
is_needed (const EstHand *hand)
{
  guint rank = 0;
  EstMuster muster = count (hand->crew);
  return !hand->sent_home && g_ptr_array_find (hand->crew->hands, hand, &rank)
         && rank < est_muster_room (&muster);
}

static void
call (EstHand *hand)
{
  hand->idle = FALSE;
  est_bell_ring (hand->bell);
}

static void
send_home (EstHand *hand)
{
  hand->sent_home = TRUE;
  call (hand);
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
      call (hand);
      count--;
    }
  g_mutex_unlock (&crew->mutex);
}

/* Those who are idle and, unless @all, not needed. */
static void
send_idle_home (EstCrew *crew, gboolean all)
{
  for (guint i = 0; i < crew->hands->len; i++)
    {
      EstHand *hand = g_ptr_array_index (crew->hands, i);
      if (hand->idle && (all || !is_needed (hand)))
        send_home (hand);
    }
}

void
est_crew_send_home (EstCrew *crew)
{
  g_mutex_lock (&crew->mutex);
  send_idle_home (crew, TRUE);
  g_mutex_unlock (&crew->mutex);
}

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
  EstMuster muster = count (crew);
  guint64 reach = is_needed (hand) ? est_muster_reach (&muster) : 0;
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
  send_idle_home (crew, FALSE);
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
  hand->idle = is_needed (hand);
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
