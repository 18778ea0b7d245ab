/* The arithmetic of SCRAM (RFC 5802 3). Internal to wire/. */
#pragma once

#include "base/secret.h"

#define EST_SASL_HASH_SIZE 32 /* of the longest hash */

typedef struct EstSaslHash EstSaslHash;

typedef struct
{
  guint8 *octets;
  gsize length;
  guint64 rounds; /* fits into 32 bits */
} EstSaslSalt;

/* Of "SCRAM-SHA-256", "SCRAM-SHA-1" and what begins with them. */
const EstSaslHash *est_sasl_hash_of (const char *mechanism);
gsize est_sasl_hash_size (const EstSaslHash *hash);

/* A name or password as the server will have prepared it (RFC 4013). What cannot be
   prepared is left as it is: the server will know what it stored. New string. */
char *est_sasl_prepare (const char *text);

/* ClientProof into @proof, the ServerSignature to be awaited into @expected. FALSE if
   GnuTLS may not do it. */
gboolean est_sasl_prove (const EstSaslHash *hash,
                         EstSecret *password,
                         const EstSaslSalt *salt,
                         const char *auth_message,
                         guint8 *proof,
                         guint8 *expected);
