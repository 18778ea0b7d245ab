/* The durable outbox: the only door to what must survive a power cut. What a function
   reports as stored is on stable storage. Every function may be called from any thread
   and blocks at most for a commit; "changed" is emitted on the main context the outbox
   was opened in. */
#pragma once

#include "outbox/attempt.h"
#include "outbox/content.h"
#include "outbox/entry.h"
#include "outbox/outbox-error.h"
#include "outbox/pause.h"

#include <gio/gio.h>

/* signal changed (gint64 id, int from, int to): a message has become something else;
   EstState,
   @from is -1 for a new one. */
#define EST_TYPE_OUTBOX (est_outbox_get_type ())
G_DECLARE_FINAL_TYPE (EstOutbox, est_outbox, EST, OUTBOX, GObject)

/* Opens or makes @path and its folder. What a crash left is put right: a message whose
   content may have arrived is treated as uncertain. */
EstOutbox *est_outbox_open (const char *path, GError **error);

/* Where content on its way in is kept. */
const char *est_outbox_folder (EstOutbox *outbox);

/* What is known about a message when it is handed in; borrowed. */
typedef struct
{
  EstEnvelope *envelope;
  const char *account;
  const char *message_id;
  const char *subject; /* or NULL */
} EstLetter;

gboolean est_outbox_add (EstOutbox *outbox,
                         const EstLetter *letter,
                         EstContent *content,
                         gint64 *id,
                         GError **error);

EstEntry *est_outbox_get (EstOutbox *outbox, gint64 id, GError **error);

/* Up to @limit entries with ids greater than @after, in their order. */
GPtrArray *est_outbox_list (EstOutbox *outbox, gint64 after, guint limit, GError **error);

GPtrArray *
est_outbox_attempts (EstOutbox *outbox, gint64 id, GError **error); /* EstAttempt */

typedef struct
{
  guint by_state[EST_N_STATES];
  gint64 oldest; /* creation of the oldest waiting message; 0: none waits */
} EstCounts;

gboolean est_outbox_count (EstOutbox *outbox, EstCounts *counts, GError **error);
guint est_outbox_count_waiting (EstOutbox *outbox, const char *account);

/* When the account's next message is due; G_MAXINT64 if none waits. Messages a worker
   holds do not count. */
gint64 est_outbox_next_due (EstOutbox *outbox, const char *account);

/* Takes the account's message that has been due longest, for this worker alone: it counts
   as SENDING until it is settled or released. NULL without an error if none is due. The
   claim is kept in memory only: after a crash it is as if it had not been. */
EstEntry *est_outbox_claim (EstOutbox *outbox, const char *account, GError **error);

/* Gives a claimed message back untouched. */
void est_outbox_release (EstOutbox *outbox, gint64 id);

/* Content of a claimed message, piece after piece from @number 0; empty at the end. Never
   returns octets that do not match their sum: EST_OUTBOX_ERROR_DAMAGED. */
GBytes *est_outbox_read (EstOutbox *outbox, gint64 id, guint number, GError **error);

/* "It may arrive from now on": durable when it returns. */
gboolean est_outbox_mark (EstOutbox *outbox, gint64 id, GError **error);

/* Records what an attempt came to, @numbers saying which recipient each verdict is about,
   and ends the claim. @not_before counts if the message goes on waiting. @counts: whether
   the relay answered about this message, so that patience counts it. */
typedef struct
{
  const EstEntry *entry;
  EstOutcome *outcome;
  const guint *numbers;
  gint64 not_before;
  gboolean counts;
} EstSettlement;

gboolean
est_outbox_settle (EstOutbox *outbox, const EstSettlement *settlement, GError **error);

/* Makes these messages due at once; no ids: all that wait. Failed and held ones go back
   to waiting for the recipients that have not got them. All or nothing. */
gboolean est_outbox_send_now (
  EstOutbox *outbox, const gint64 *ids, gsize n_ids, guint *count, GError **error);

/* Pauses of accounts. */
gboolean est_outbox_pause (EstOutbox *outbox, const EstPause *pause, GError **error);
gboolean est_outbox_unpause (EstOutbox *outbox, const char *account, GError **error);
GPtrArray *est_outbox_pauses (EstOutbox *outbox, GError **error); /* EstPause */
