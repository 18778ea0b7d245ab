/* How many connections are useful, and what the workers of one account know of each
   other. */
#include "dispatcher/hand.h"

#include <poll.h>

#define NEVER  G_MAXUINT
#define LETTER EST_LETTER
#define ALL    G_MAXUINT64

typedef struct
{
  const char *name;
  EstMuster muster; /* limit, cap, hands, calling, idle, parcels */
  guint room;
  guint64 reach;
  guint enough; /* so many messages are worth another worker; 0: none are */
} Case;

static const Case cases[] = {
  {"nobody",                    {1, NEVER, 0, 0, 0, 0},   1,  ALL,    1 },
  {"one-of-one",                {1, NEVER, 1, 0, 0, 0},   1,  ALL,    0 },
  {"a-parcel-leaves-room",      {1, NEVER, 1, 0, 0, 1},   2,  LETTER, 1 },
  {"once",                      {1, NEVER, 2, 0, 0, 1},   2,  LETTER, 0 },
  {"not-before-it-is-let-in",   {1, NEVER, 1, 1, 0, 1},   2,  LETTER, 0 },
  {"unless-only-one-is-let-in", {1, 1, 1, 0, 0, 1},       1,  LETTER, 0 },
  {"one-of-three",              {3, NEVER, 1, 0, 0, 0},   3,  ALL,    2 },
  {"two-of-three",              {3, NEVER, 2, 0, 0, 0},   3,  ALL,    3 },
  {"three-of-three",            {3, NEVER, 3, 0, 0, 0},   3,  ALL,    0 },
  {"one-knocks-at-a-time",      {3, NEVER, 2, 1, 0, 0},   3,  ALL,    0 },
  {"one-parcel-of-three",       {3, NEVER, 1, 0, 0, 1},   3,  ALL,    1 },
  {"one-is-left-for-letters",   {3, NEVER, 2, 0, 0, 2},   3,  LETTER, 1 },
  {"and-only-one",              {3, NEVER, 3, 0, 0, 2},   3,  LETTER, 0 },
  {"letters-beside-parcels",    {3, NEVER, 2, 0, 0, 1},   3,  ALL,    2 },
  {"two-are-let-in",            {3, 2, 1, 0, 0, 1},       2,  LETTER, 1 },
  {"no-more-than-they",         {3, 2, 2, 0, 0, 0},       2,  ALL,    0 },
  {"the-idle-count",            {3, NEVER, 2, 0, 2, 0},   3,  ALL,    3 },
  {"twenty",                    {20, NEVER, 19, 0, 0, 0}, 20, ALL,    20},
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_assert_cmpuint (est_muster_room (&c->muster), ==, c->room);
  g_assert_cmpuint (est_muster_reach (&c->muster), ==, c->reach);
  g_assert_false (est_muster_wants_another (&c->muster, 0));
  if (c->enough == 0)
    g_assert_false (est_muster_wants_another (&c->muster, G_MAXUINT));
  else
    {
      g_assert_cmpuint (est_muster_enough (&c->muster), ==, c->enough);
      g_assert_false (est_muster_wants_another (&c->muster, c->enough - 1));
      g_assert_true (est_muster_wants_another (&c->muster, c->enough));
    }
}

static gboolean
is_called (EstHand *hand)
{
  struct pollfd polled = {est_hand_bell (hand), POLLIN, 0};
  return poll (&polled, 1, 0) == 1;
}

/* As a worker does. */
static void
sit_down (EstHand *hand)
{
  g_assert_true (est_hand_sit_down (hand));
  g_assert_false (is_called (hand));
}

static guint64
claim (EstHand *hand, guint64 size)
{
  guint64 reach = est_hand_begin_claim (hand);
  est_hand_end_claim (hand, size);
  return reach;
}

static void
test_called_in_order (void)
{
  EstCrew *crew = est_crew_new ();
  EstHand *hands[3];
  est_crew_set_limit (crew, 3);
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    hands[i] = est_hand_new (crew);
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    sit_down (hands[i]);
  g_assert_cmpuint (est_crew_muster (crew).idle, ==, 3);

  est_crew_call (crew, 1);
  g_assert_true (is_called (hands[0]));
  g_assert_false (is_called (hands[1]));
  g_assert_cmpuint (est_crew_muster (crew).idle, ==, 2);
  est_crew_call (crew, 1); /* the first is on its feet already */
  g_assert_true (is_called (hands[1]));
  g_assert_false (is_called (hands[2]));

  est_hand_get_up (hands[0]);
  g_assert_false (is_called (hands[0]));
  g_assert_cmpuint (claim (hands[0], 1), ==, ALL);
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    est_hand_free (hands[i]);
  est_crew_unref (crew);
}

/* Whoever sat down and then found something itself is not called for the next. */
static void
test_claimed_by_itself (void)
{
  EstCrew *crew = est_crew_new ();
  EstHand *hand = est_hand_new (crew);
  sit_down (hand);
  claim (hand, 0);
  g_assert_cmpuint (est_crew_muster (crew).idle, ==, 1);
  claim (hand, 5);
  g_assert_cmpuint (est_crew_muster (crew).idle, ==, 0);
  est_crew_call (crew, 9);
  g_assert_false (is_called (hand));
  est_hand_free (hand);
  est_crew_unref (crew);
}

/* A second connection beside a parcel; when that is there the second is one too many,
   whether it works or waits. */
static void
test_beside_a_parcel (gconstpointer data)
{
  gboolean waits = data != NULL;
  EstCrew *crew = est_crew_new ();
  EstHand *first = est_hand_new (crew), *second = est_hand_new (crew);
  g_assert_cmpuint (claim (second, 0), ==, 0);
  g_assert_cmpuint (claim (first, EST_LETTER + 1), ==, ALL);
  g_assert_cmpuint (claim (second, EST_LETTER), ==, LETTER);
  if (waits)
    sit_down (second);
  est_hand_put_down (first);
  g_assert_cmpint (is_called (second), ==, waits);
  est_hand_get_up (second);
  g_assert_cmpuint (claim (second, 0), ==, 0);
  g_assert_false (est_hand_sit_down (second));
  g_assert_cmpuint (claim (first, 1), ==, ALL);
  est_hand_free (first);
  est_hand_free (second);
  est_crew_unref (crew);
}

/* The last that works is the one whose trouble is the account's. */
static void
test_resigned (void)
{
  EstCrew *crew = est_crew_new ();
  EstHand *hands[3];
  est_crew_set_limit (crew, 3);
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    hands[i] = est_hand_new (crew);
  g_assert_false (est_hand_resign (hands[2])); /* nobody has been let in */
  est_hand_set_let_in (hands[0], TRUE);
  est_hand_set_let_in (hands[1], TRUE);
  g_assert_true (est_hand_resign (hands[2]));
  EstMuster muster = est_crew_muster (crew);
  g_assert_cmpuint (muster.cap, ==, 2);
  g_assert_cmpuint (est_muster_room (&muster), ==, 2);
  g_assert_true (est_hand_resign (hands[0]));
  g_assert_cmpuint (est_crew_muster (crew).cap, ==, 1);
  g_assert_false (est_hand_resign (hands[1]));
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    est_hand_free (hands[i]);
  est_crew_unref (crew);
}

static void
test_sent_home (void)
{
  EstCrew *crew = est_crew_new ();
  EstHand *works = est_hand_new (crew), *waits = est_hand_new (crew);
  est_crew_set_limit (crew, 2);
  est_hand_set_let_in (works, TRUE);
  est_hand_set_let_in (waits, TRUE);
  sit_down (waits);
  est_crew_send_home (crew);
  g_assert_true (is_called (waits));
  g_assert_false (is_called (works));
  g_assert_cmpuint (claim (waits, 0), ==, 0);
  g_assert_false (est_hand_sit_down (waits));
  g_assert_cmpuint (claim (works, 1), ==, ALL);
  g_assert_false (est_hand_resign (works)); /* who leaves is nobody to count on */
  est_hand_free (works);
  est_hand_free (waits);
  est_crew_unref (crew);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dispatcher/muster/%s", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/dispatcher/crew/called-in-order", test_called_in_order);
  g_test_add_func ("/dispatcher/crew/claimed-by-itself", test_claimed_by_itself);
  g_test_add_data_func ("/dispatcher/crew/parcel", NULL, test_beside_a_parcel);
  g_test_add_data_func ("/dispatcher/crew/parcel-and-idle", "", test_beside_a_parcel);
  g_test_add_func ("/dispatcher/crew/resigned", test_resigned);
  g_test_add_func ("/dispatcher/crew/sent-home", test_sent_home);
  return g_test_run ();
}
