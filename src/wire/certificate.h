/* What the other side showed in a TLS handshake, and what is wrong with it. All words in
   it are a stranger's and made plain, one line, valid UTF-8, and short. */
#pragma once

#include <glib.h>

/* From good to bad as a person can help against it: a certificate for another name of an
   unknown issuer is told by its name, for that says most about who answered (a portal, a
   neighbour), and nobody is led to trust that issuer; renewing helps only what is right
   but for its time. */
typedef enum
{
  EST_CERTIFICATE_GOOD,
  EST_CERTIFICATE_NAME,    /* for other names than the one that was called */
  EST_CERTIFICATE_ISSUER,  /* signed by nobody we believe, perhaps by itself */
  EST_CERTIFICATE_EXPIRED, /* its time is over, or has not come */
  EST_CERTIFICATE_PIN,     /* its key is none of the pinned ones */
  EST_CERTIFICATE_BAD,     /* anything else: revoked, weak, not for servers */
} EstCertificateFault;

/* Who says that it is the right one. */
typedef enum
{
  EST_VOUCHER_NOBODY,
  EST_VOUCHER_PIN,  /* a person, about its key alone */
  EST_VOUCHER_DANE, /* the signed zone of its name alone: tlsa.h */
  EST_VOUCHER_AUTHORITY,
} EstVoucher;

typedef struct
{
  EstCertificateFault fault;
  EstVoucher voucher; /* NOBODY with any fault */
  char *words;        /* about @fault, English, for the journal; NULL: GOOD */
  char *pin;          /* of its key: "sha256:BASE64" (RFC 7469 2.4) */

  /* What a sentence about @fault needs; NULL: nothing.
     NAME: the names it is for, divided by blanks, four at most, then "..." if more.
     ISSUER: "self", or "by" and the issuer's name, which may hold blanks.
     EXPIRED: "until" or "from", and seconds since 1970.
     PIN: @pin.
     BAD: "dane" if none of the TLSA records fits. */
  char *figures;
} EstCertificate;

/* What must hold besides. */
typedef struct
{
  const char *const *pins; /* as in EstCertificate; NULL: any key */
  gboolean pins_suffice;   /* one of @pins is believed whoever signed the certificate */
  GPtrArray *tlsa;         /* EstTlsa, validated; NULL: none */
  gboolean tlsa_suffices;  /* usages 2 and 3 are believed whoever signed it */
} EstDemands;

struct gnutls_session_int;

/* For TLS sessions: looks at what the peer of @session showed in the handshake under way,
   against the authorities of its credentials, @host (a name, or an address literal) and
   @demands. NULL: it showed nothing that can be read. */
EstCertificate *est_certificate_judge (struct gnutls_session_int *session,
                                       const char *host,
                                       const EstDemands *demands);
void est_certificate_free (EstCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstCertificate, est_certificate_free)
