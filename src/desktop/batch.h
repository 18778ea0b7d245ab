/* What became of messages, gathered for a moment: of those that came together few are
   told one by one, many in one notice. Used by the notifier's thread alone. */
#pragma once

#include "desktop/notice-board.h"
#include "outbox/outbox.h"

typedef struct EstBatch EstBatch;

/* @board must outlive it. */
EstBatch *est_batch_new (EstOutbox *outbox, EstNoticeBoard *board);
void est_batch_free (EstBatch *batch);

/* Under what a message's own notice stands on the board; new string. */
char *est_batch_incident (gint64 id);

/* It was sent by a worker just now. */
void est_batch_add_sent (EstBatch *batch, gint64 id);

/* It has failed. Told at once, but for what was late. */
void est_batch_add_failed (EstBatch *batch, const EstEntry *entry);

/* Whether something is still to be told, and telling it. */
gboolean est_batch_is_pending (const EstBatch *batch);
void est_batch_tell (EstBatch *batch);

/* Takes down what is over. */
void est_batch_tidy (EstBatch *batch);
