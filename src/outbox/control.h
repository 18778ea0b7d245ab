/* What a person asks of messages that are in the outbox. Any thread. Safe against the
   worker that may have a message just then: it is called back first, which works as long
   as its last octet is not out; otherwise its outcome is awaited for some seconds
   (EST_OUTBOX_ERROR_UNDER_WAY if none comes).

   With numbers it is all or nothing: the first that cannot be is the error,
   NO_SUCH_MESSAGE or NOT_POSSIBLE, whose message is its number, and a blank and its
   state. By filter, those that cannot be are left alone. Every decision is noted in the
   journal. */
#pragma once

#include "outbox/outbox.h"
#include "outbox/selection.h"

typedef enum
{
  EST_WISH_SEND,    /* waiting: at once; failed, held: for who has not got it */
  EST_WISH_HOLD,    /* waiting: until it is released */
  EST_WISH_RELEASE, /* held: goes on */
  EST_WISH_ARRIVED, /* held in doubt: counts as sent */
  EST_WISH_DISCARD, /* waiting, held, failed: content dropped */
} EstWish;

/* @count: how many messages were changed. */
gboolean est_control_grant (EstOutbox *outbox,
                            EstWish wish,
                            const EstSelection *selection,
                            guint *count,
                            GError **error);

/* The recipient @from, who has not got the message, becomes @to, which must be a valid
   address; the message goes there. EST_OUTBOX_ERROR_NO_SUCH_RECIPIENT. */
gboolean est_control_readdress (
  EstOutbox *outbox, gint64 id, const char *from, const char *to, GError **error);

/* Waiting, held and failed messages leave by @account from now on; whether it may is the
   caller's to know: @may is asked about each sender, and a no is the error NOT_ITS_SENDER
   (with numbers) or leaves the message alone. */
typedef gboolean (*EstMaySend) (const char *account, const char *sender, gpointer data);
gboolean est_control_move (EstOutbox *outbox,
                           const EstSelection *selection,
                           const char *account,
                           EstMaySend may,
                           gpointer data,
                           guint *count,
                           GError **error);

/* An unnamed file, open for reading, with the content as it is kept; the caller closes
   it. -1 on error: NO_CONTENT if it has left or was discarded, DAMAGED, FULL. */
int est_control_export (EstOutbox *outbox, gint64 id, GError **error);

/* Stops an account by hand ("": everything), and lets it go on ("": everything, single
   accounts too). Kept over restarts. */
gboolean est_control_halt (EstOutbox *outbox, const char *account, GError **error);
gboolean est_control_unhalt (EstOutbox *outbox, const char *account, GError **error);

/* What is stopped by hand, and since when (microseconds): account -> gint64 *. */
GHashTable *est_control_halts (EstOutbox *outbox, GError **error);
