/* TLSA records (RFC 6698, RFC 7671): which certificate or key a server must show, says
   the owner of its name by the signed DNS.

   Which records are believed stands in dane.h. What they decide here, where a person has
   named one server for good and certificates are verified anyway:

   - Usages 3 (DANE-EE: this very certificate or key; its names and its time do not count,
     RFC 7671 5.1) and 2 (DANE-TA: whoever signed it, names and time as ever) suffice in
     place of an authority that this machine trusts, but never in place of an authority
     that the settings name, or of a pin.
   - Usages 1 and 0 (PKIX-EE, PKIX-TA) ask for one of that sort besides.
   - If there are usable records and none of them fits, it is the wrong server.
   - Records of kinds nobody knows are passed over, as if they were not there. */
#pragma once

#include "wire/chain.h"

typedef struct
{
  guint8 usage;    /* 0 to 3 */
  guint8 selector; /* 0: the whole certificate, 1: its key */
  guint8 matching; /* 0: octet by octet, 1: SHA-256, 2: SHA-512 */
  GBytes *data;
} EstTlsa;

void est_tlsa_free (EstTlsa *record);

/* The usable records in a DNS answer of @length octets, which may be anything; NULL: it
   is no answer, or one about failure. @authentic: whether it says that it was validated
   (AD, RFC 4035 3.2.3). */
GPtrArray *est_tlsa_parse (const guchar *answer, gsize length, gboolean *authentic);

typedef enum
{
  EST_TLSA_SILENT,  /* there are no records */
  EST_TLSA_OTHER,   /* none of them fits */
  EST_TLSA_BESIDES, /* one fits that asks for an authority besides */
  EST_TLSA_ALONE,   /* one fits that suffices */
} EstTlsaVerdict;

/* @records: EstTlsa; NULL: none. */
EstTlsaVerdict est_tlsa_judge (GPtrArray *records,
                               const EstChain *chain,
                               gnutls_session_t session,
                               const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTlsa, est_tlsa_free)
