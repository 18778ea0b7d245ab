/* What the files behind the book share. The outbox may call in while it is locked (to
   admit a message), so nothing here calls it while the book is. Internal to dispatcher/.
   */
#pragma once

#include "dispatcher/book.h"
#include "dispatcher/page.h"

struct EstBook
{
  EstOutbox *outbox;
  GMutex mutex;             /* guards what is below */
  GHashTable *pages;        /* account -> EstPage */
  GHashTable *reservations; /* gint64 id -> who has it in hand; see book.c */
};

EstMoment est_shelf_look_at_clocks (void);

/* With the mutex held: the page of @account, a new one if there was none; borrowed. */
EstPage *est_shelf_page (EstBook *book, const char *account);

/* What time of day it is when the steady clock shows @steady; a little later if that is
   still to come. */
gint64 est_shelf_on_the_wall (gint64 steady, EstMoment now);
