/* What a server offers: the lines of an EHLO reply as a struct (RFC 5321 4.1.1.1).
   Unknown keywords are ignored. */
#pragma once

#include "mail/options.h"
#include "mail/reply.h"

typedef struct
{
  gboolean starttls;        /* RFC 3207 */
  gboolean pipelining;      /* RFC 2920 */
  gboolean eight_bit_mime;  /* RFC 6152 */
  gboolean enhanced_status; /* RFC 2034 */
  gboolean chunking;        /* RFC 3030 2 */
  gboolean binary_mime;     /* RFC 3030 3; means something only with CHUNKING */
  EstExtensions parameters; /* those that bring parameters */
  gint64 deliver_by_least;  /* DELIVERBY: the shortest time it takes, s; 0: any */
  gint64 hold_longest;      /* FUTURERELEASE: for how long it holds mail, s; 0: not */
  gint64 hold_latest;       /* ... and until when, microseconds since 1970 */
  gboolean size;            /* RFC 1870 */
  guint64 size_limit;       /* octets; 0: no limit stated */
  guint mail_max;           /* LIMITS (RFC 9422), 0 each: none stated. Transactions */
  guint rcpt_max;           /* ... recipients in one of them */
  guint rcpt_domain_max;    /* ... and different domains among these */
  char **mechanisms;        /* AUTH, upper case, without doubles, never NULL (RFC 4954;
                               "AUTH=PLAIN LOGIN" of old servers counts too) */
} EstCapabilities;

EstCapabilities *est_capabilities_parse (const EstReply *ehlo);
void est_capabilities_free (EstCapabilities *capabilities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstCapabilities, est_capabilities_free)
