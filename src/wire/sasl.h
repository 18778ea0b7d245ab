/* Signing in by SASL (RFC 4422, RFC 4954): this chooses a mechanism and keeps the
   exchange honest. One object per exchange, one thread. */
#pragma once

#include "base/secret.h"
#include "wire/binding.h"

typedef struct EstSasl EstSasl;

typedef enum
{
  EST_SASL_ERROR_UNUSABLE,  /* cannot be done here, or asks for what must not be done */
  EST_SASL_ERROR_MALFORMED, /* what the server says is not what the mechanism wants */
  EST_SASL_ERROR_IMPOSTOR,  /* the server's proof is wrong */
  EST_SASL_ERROR_NO_TICKET, /* GSSAPI: no Kerberos ticket to show */
} EstSaslError;

#define EST_SASL_ERROR (est_sasl_error_quark ())
GQuark est_sasl_error_quark (void);

/* What a mechanism needs, and what there is. */
typedef enum
{
  EST_SASL_PASSWORD = 1 << 0,
  EST_SASL_TOKEN = 1 << 1,       /* an OAuth 2.0 access token */
  EST_SASL_CERTIFICATE = 1 << 2, /* of our own, shown in the TLS handshake */
  EST_SASL_BINDING = 1 << 3,     /* a TLS session that can be bound to */
} EstSaslMeans;

/* Who signs in, and where; borrowed. */
typedef struct
{
  const char *user;  /* NULL: whoever the certificate or the ticket is for */
  EstSecret *secret; /* password or token; NULL where none is needed */
  const char *host;  /* the server's name */
  guint16 port;
  const EstBinding *binding; /* NULL: nothing to bind to */
  gboolean binding_offered;  /* the server has a mechanism that binds */
} EstSaslSelf;

/* The best of @offered (upper case, NULL-terminated) that @wanted and @means allow.
   "auto" takes, in this order: EXTERNAL, OAUTHBEARER, XOAUTH2, SCRAM-SHA-256-PLUS,
   SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN. The name of one, also of
   CRAM-MD5 and GSSAPI, takes only that. NULL if none fits. Static string. */
const char *
est_sasl_choose (const char *const *offered, const char *wanted, EstSaslMeans means);

/* Whether @offered has a mechanism that binds to the TLS session. */
gboolean est_sasl_offers_binding (const char *const *offered);

/* What @mechanism needs; of one that was chosen. */
EstSaslMeans est_sasl_needs (const char *mechanism);

/* Everything is copied, and wiped when the object is freed. UNUSABLE. */
EstSasl *est_sasl_new (const char *mechanism, const EstSaslSelf *self, GError **error);
void est_sasl_free (EstSasl *sasl);

/* One step. @challenge is the base64 text of a 334 reply, NULL for the initial response;
   @response gets base64 text, "" if empty, NULL for "no initial response"; it may hold
   the password. UNUSABLE also for a server that asks for fewer than 4,096 or more than
   10,000,000 rounds of hashing: the first betrays the password, the second is a trap. */
gboolean
est_sasl_step (EstSasl *sasl, const char *challenge, char **response, GError **error);

/* Whether the mechanism has all it needs: a 235 before that (SCRAM's server signature not
   seen) comes from somebody who does not know the password. */
gboolean est_sasl_is_complete (EstSasl *sasl);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSasl, est_sasl_free)
