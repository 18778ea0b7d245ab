/* Signing in by SASL (RFC 4422, RFC 4954): GNU SASL does the mechanisms, this chooses one
   and keeps the exchange honest. One object per exchange, one thread. */
#pragma once

#include <glib.h>

typedef struct EstSasl EstSasl;

/* The best of @offered (upper case, NULL-terminated) that @wanted allows: "auto" takes
   SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN in this order; the name of one (also CRAM-MD5)
   only that. NULL if none fits. Static string. */
const char *est_sasl_choose (const char *const *offered, const char *wanted);

/* Copies of @password are wiped when the object is freed. G_IO_ERROR_NOT_SUPPORTED for a
   mechanism that does not work here. */
EstSasl *est_sasl_new (const char *mechanism,
                       const char *user,
                       const char *password,
                       GError **error);
void est_sasl_free (EstSasl *sasl);

/* One step. @challenge is the base64 text of a 334 reply, NULL for the initial response;
   @response gets base64 text, "" if empty, NULL for "no initial response"; it may hold
   the password. G_IO_ERROR_INVALID_DATA if the server's part is wrong, or proves that it
   does not know the password; G_IO_ERROR_NOT_SUPPORTED if it asks for fewer than 4,096 or
   more than 10,000,000 rounds of hashing: the first betrays the password, the second is a
   trap. */
gboolean
est_sasl_step (EstSasl *sasl, const char *challenge, char **response, GError **error);

/* Whether the mechanism has all it needs: a 235 before that (SCRAM's server signature not
   seen) is a failure. */
gboolean est_sasl_is_complete (EstSasl *sasl);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSasl, est_sasl_free)
