/* One mail transaction (RFC 5321 3.3) while its envelope is being said: what MAIL and
   RCPT have brought, and how they are answered. Pure but for the settings. */
#pragma once

#include "base/origin.h"
#include "intake/incoming.h"
#include "mail/options.h"
#include "mail/reply.h"

typedef struct EstTransaction EstTransaction;

EstTransaction *est_transaction_new (EstIntake *intake);
void est_transaction_free (EstTransaction *transaction);

/* Who it is that signed in (the name of a token; NULL: nobody): its limits hold for every
   message from the next MAIL on. */
void est_transaction_sign_in (EstTransaction *transaction, const char *token);

/* Forgets everything else (RSET, EHLO, the end of a message). */
void est_transaction_reset (EstTransaction *transaction);

/* Answer to the argument of MAIL or RCPT; a 250 means it was taken. @offered: what this
   conversation may ask for. New reference. */
EstReply *est_transaction_mail (EstTransaction *transaction,
                                const char *argument,
                                EstExtensions offered);
EstReply *est_transaction_rcpt (EstTransaction *transaction, const char *argument);

EstBody est_transaction_body (const EstTransaction *transaction); /* as MAIL said */
gboolean est_transaction_has_sender (const EstTransaction *transaction);
gboolean est_transaction_has_recipients (const EstTransaction *transaction);

/* A message of @origin with this envelope on these terms, ready for its content. */
EstIncoming *est_transaction_begin (const EstTransaction *transaction,
                                    const EstOrigin *origin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTransaction, est_transaction_free)
