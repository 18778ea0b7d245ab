/* Content made fit for a relay that takes less than it is, octets outside of what must
   change staying as they were:

   - declared BINARYMIME (RFC 3030 3), for one that wants lines: parts labelled binary
     become base64, what holds them is labelled anew (RFC 2045 6.4);
   - with octets of 8 bits, for one that takes 7 (RFC 6152 3), as well: text that has some
     becomes quoted-printable, other parts, and text that would be longer so, base64;
     labels that say 8bit become 7bit. That takes two walks, the first one to make a plan.
     Text that says nothing of MIME gets its fields, and as charset utf-8 if it is that,
     else unknown-8bit (RFC 1428 3).

   What a signature covers is never changed: the first part of a multipart/signed (RFC
   1847 2.1) and a message with a DKIM-Signature. The encoding of application/pkcs7-mime
   and of encrypted parts is outside of theirs (RFC 8551 3.1, RFC 1847 2.2), so that is
   converted where it is labelled binary; there, 8 bits without that label are damage
   rather than text (RFC 3156 3), and refused. Inline PGP covers decoded text, and
   survives. Streaming: memory does not depend on the message. Pure. */
#pragma once

#include "mail/plan.h"

typedef struct EstConversion EstConversion;

/* @wide: what held binary parts is labelled 8bit, not 7bit. */
EstConversion *est_conversion_new (gboolean wide);

/* For 7 bits. The first walk, with a fresh @plan, makes it, and its output is of no use;
   those with the finished plan, over the same content, convert. */
EstConversion *est_conversion_new_narrow (EstPlan *plan);
void est_conversion_free (EstConversion *conversion);

/* Appends to @out what @data becomes. EST_MAIL_ERROR_SIGNED: something under a signature
   would have to be changed. _SYNTAX: the MIME structure of a part that would have to be
   changed can be read in more than one way, or octets of 8 bits stand where none can be
   encoded. _HEADER: they stand in a header. _TOO_LONG: a header, a nesting or a list of
   parts without end.
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
