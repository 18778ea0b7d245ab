/* Content declared BINARYMIME (RFC 3030 3) made fit for a relay that wants lines: parts
   labelled binary become base64, what holds them is labelled anew (RFC 2045 6.4), and
   every other octet stays as it was. What a signature covers is never changed: the first
   part of a multipart/signed (RFC 1847 2.1) and a message with a DKIM-Signature; the
   encoding of application/pkcs7-mime and of encrypted parts is outside of theirs (RFC
   8551 3.1, RFC 1847 2.2). Streaming: memory does not depend on the message. Pure. */
#pragma once

#include <glib.h>

typedef struct EstConversion EstConversion;

/* @wide: what held binary parts is labelled 8bit, not 7bit. */
EstConversion *est_conversion_new (gboolean wide);
void est_conversion_free (EstConversion *conversion);

/* Appends to @out what @data becomes. EST_MAIL_ERROR_SIGNED: something under a signature
   would have to be changed. _SYNTAX: the MIME structure of a part that would have to be
   changed can be read in more than one way. _TOO_LONG: a header or a nesting without end.
   The sentence says what to do. After an error nothing more may be pushed. Whether the
   result really is lines is not looked at: what was labelled wrongly stays as it is. */
gboolean est_conversion_push (EstConversion *conversion,
                              const char *data,
                              gsize length,
                              GByteArray *out,
                              GError **error);
gboolean
est_conversion_finish (EstConversion *conversion, GByteArray *out, GError **error);

/* Whether a part labelled binary has come so far. */
gboolean est_conversion_met_binary (const EstConversion *conversion);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstConversion, est_conversion_free)
