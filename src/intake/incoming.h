/* One message on its way in: content arrives piece by piece, nothing is promised until
   est_incoming_store() returns TRUE. One thread. */
#pragma once

#include "intake/intake.h"
#include "intake/permit.h"

typedef struct EstIncoming EstIncoming;

EstIncoming *est_incoming_new (EstIntake *intake, EstEnvelope *envelope);

/* Nothing is left behind of a message that was not stored. */
void est_incoming_free (EstIncoming *incoming);

/* Content with CRLF line ends, dots already removed; declared BINARYMIME any octets below
   a header of lines. After an error further pieces are refused with the same error. */
gboolean est_incoming_append (EstIncoming *incoming,
                              const char *data,
                              gsize length,
                              GError **error);

typedef struct
{
  gint64 not_before;   /* microseconds since 1970; 0: it may leave at once */
  int priority;        /* -9..9 (RFC 6710) */
  const char *program; /* that hands it in, or NULL */
  gboolean sandboxed;  /* it is an app in a sandbox: see vet.h */
  EstReason held;      /* NONE, or what its person is asked before it may leave */
  EstPermit *permit;   /* of a program that signed in, or NULL */
} EstTerms;

/* On what terms it is to be stored; copied. */
void est_incoming_set_terms (EstIncoming *incoming, const EstTerms *terms);

/* Completes the header, chooses the account and stores: when it returns TRUE the message
   is on stable storage. EST_INTAKE_ERROR or EST_OUTBOX_ERROR. */
gboolean est_incoming_store (EstIncoming *incoming, gint64 *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstIncoming, est_incoming_free)
