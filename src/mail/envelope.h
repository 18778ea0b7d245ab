/* The envelope of a message (RFC 5321 2.3.1): who it is from and for, and what the client
   said about its content. Immutable and reference counted; any thread. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_BODY_7BIT,
  EST_BODY_8BITMIME,   /* RFC 6152 */
  EST_BODY_BINARYMIME, /* RFC 3030 3: any octets, not in lines. Stored: append only */
} EstBody;

typedef struct
{
  char *sender;      /* mailbox, "" for the null reverse-path */
  char **recipients; /* mailboxes in the order of RCPT, NULL-terminated */
  EstBody body;
  char *options; /* what MAIL asked for, as est_mail_options_format() with 0; or "" */
  char **recipient_options; /* the same of each RCPT, parallel to @recipients */
} EstEnvelope;

/* Copies its arguments. Without options. */
EstEnvelope *
est_envelope_new (const char *sender, const char *const *recipients, EstBody body);

/* The same with options. @recipient_options: as many as @recipients. */
EstEnvelope *est_envelope_new_with_options (const char *sender,
                                            const char *const *recipients,
                                            EstBody body,
                                            const char *options,
                                            const char *const *recipient_options);
EstEnvelope *est_envelope_ref (EstEnvelope *envelope);
void est_envelope_unref (EstEnvelope *envelope);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstEnvelope, est_envelope_unref)
