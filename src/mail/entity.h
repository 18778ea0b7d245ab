/* What the header of a MIME entity (RFC 2045 2.4), a message or a part of one, says about
   its body. Pure text; the values are read by GMime. */
#pragma once

#include <glib.h>

#define EST_BOUNDARY_LIMIT 200 /* octets; RFC 2046 5.1.1 allows 70 */

/* Free with est_entity_clear(). */
typedef struct
{
  gboolean composite; /* multipart or message: must not be encoded (RFC 2045 6.4) */
  gboolean binary;    /* it says Content-Transfer-Encoding: binary */
  gboolean wide;      /* it says 8bit */
  gboolean encoded;   /* it says that it is encoded, or something unknown */
  gboolean text;      /* text of any kind, also where nothing is said */
  gboolean locked;    /* encrypted, or a signature and what it covers in one */
  gboolean has_type, has_version; /* Content-Type, MIME-Version */
  gboolean unclear;               /* two readers may find two types or labels in it */
  gboolean is_signed;  /* multipart/signed: its first part is what was signed */
  gboolean is_digest;  /* multipart/digest: its parts are messages by default */
  gboolean is_sealed;  /* its header holds a signature over all of it (DKIM) */
  gboolean is_message; /* its body is another message with a header of its own */
  char *boundary;      /* of a multipart whose parts can be found, else NULL */
} EstEntity;

/* @header: fields that end with CRLF, perhaps with the empty line behind them.
   @in_digest: what it is if it does not say (RFC 2046 5.1.5). */
void
est_entity_read (EstEntity *entity, const char *header, gsize length, gboolean in_digest);
void est_entity_clear (EstEntity *entity);

/* Appends @header with another Content-Transfer-Encoding, every other octet as it was. If
   it has none yet, and @header the empty line behind it, one is added; before it go
   @fields (NULL: none), each with its CRLF. */
void est_entity_relabel (const char *header,
                         gsize length,
                         const char *encoding,
                         const char *fields,
                         GByteArray *out);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstEntity, est_entity_clear)
