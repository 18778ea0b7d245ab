/* The leave of a program that signed in to hand one message in: what its token allows,
   and its place among the messages of a day, which is given back with the last reference.
   Any thread, one after the other. */
#pragma once

#include "intake/intake.h"

typedef struct EstPermit EstPermit;

/* For a message of whoever signed in as @token (a name), on the token's terms as they are
   now. EST_INTAKE_ERROR_NO_TOKEN, _TOKENS, _TOO_MANY, or the outbox's. */
EstPermit *est_permit_new (EstIntake *intake, const char *token, GError **error);
EstPermit *est_permit_ref (EstPermit *permit);
void est_permit_unref (EstPermit *permit);

/* EST_INTAKE_ERROR_NOT_ALLOWED. @sender: of the envelope; the null sender is judged by
   the header. */
gboolean
est_permit_judge_sender (const EstPermit *permit, const char *sender, GError **error);

/* Every mailbox of its From and Sender fields. A header block as est_header_get() takes
   it. */
gboolean est_permit_judge_header (const EstPermit *permit,
                                  const char *data,
                                  gsize length,
                                  GError **error);
gboolean
est_permit_judge_account (const EstPermit *permit, const char *account, GError **error);

/* The message has been stored: its place counts for a day. */
void est_permit_use (EstPermit *permit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstPermit, est_permit_unref)
