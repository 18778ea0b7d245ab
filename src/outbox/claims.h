/* Who has which message in hand just now, in memory only: a worker that sends it, or a
   person's wish about it. Not locked by itself: the outbox's mutex guards it. */
#pragma once

#include <gio/gio.h>

typedef struct EstClaims EstClaims;

EstClaims *est_claims_new (void);
void est_claims_free (EstClaims *claims);

/* A worker takes @id, which nobody has or wants. @call_back: cancelled if somebody does
   before its last octet is out. */
void est_claims_take (EstClaims *claims, gint64 id, GCancellable *call_back);

/* It lets go; persons that wait for it come first. */
void est_claims_let_go (EstClaims *claims, gint64 id);

/* Whether a worker has it. */
gboolean est_claims_is_taken (EstClaims *claims, gint64 id);

/* Whether anybody has it or waits for it: no worker may take it. */
gboolean est_claims_is_spoken_for (EstClaims *claims, gint64 id);

/* A worker asks before it sends on: FALSE if a person wants the message back. @last: it
   is about to send the last octet; from then on nobody calls it back. */
gboolean est_claims_may_go_on (EstClaims *claims, gint64 id, gboolean last);

/* A person wants these messages: calls them back from their workers. With
   est_claims_unwant() when it has done what it wanted, or gives up waiting. */
void est_claims_want (EstClaims *claims, const gint64 *ids, gsize n_ids);
void est_claims_unwant (EstClaims *claims, const gint64 *ids, gsize n_ids);

/* TRUE, and they are the caller's until est_claims_finish(): all were wanted, and nobody
   has one of them. */
gboolean est_claims_try_hold (EstClaims *claims, const gint64 *ids, gsize n_ids);
void est_claims_finish (EstClaims *claims, const gint64 *ids, gsize n_ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstClaims, est_claims_free)
