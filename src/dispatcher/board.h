/* What a crew has written down about its hands. Internal to crew.c and hand.c. All
   functions with the crew's mutex held. */
#pragma once

#include "dispatcher/hand.h"

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

EstMuster est_board_count (const EstCrew *crew);

/* Who came first stays: the youngest are one too many. */
gboolean est_board_needs (const EstHand *hand);

/* It waits no longer, and is to claim. */
void est_board_call (EstHand *hand);

/* Those who are idle and, unless @all, not needed: they are to end. */
void est_board_send_home (EstCrew *crew, gboolean all);
