/* The envelope of a message (RFC 5321 2.3.1): who it is from and for, and what the client
   said about its content. Immutable and reference counted; any thread. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_BODY_7BIT,
  EST_BODY_8BITMIME, /* RFC 6152 */
} EstBody;

typedef struct
{
  char *sender;      /* mailbox, "" for the null reverse-path */
  char **recipients; /* mailboxes in the order of RCPT, NULL-terminated */
  EstBody body;
} EstEnvelope;

/* Copies its arguments. */
EstEnvelope *
est_envelope_new (const char *sender, const char *const *recipients, EstBody body);
EstEnvelope *est_envelope_ref (EstEnvelope *envelope);
void est_envelope_unref (EstEnvelope *envelope);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstEnvelope, est_envelope_unref)
