/* SCRAM (RFC 5802, RFC 7677), with channel bindings and without. GNU SASL 2.2 knows it,
   but cannot say "y": that we could bind and were not offered to, from which a server
   knows that somebody in between took its offer out (RFC 5802 6). */
#include "base/secret.h"
#include "wire/sasl-kind.h"
#include "wire/sasl-proof.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gsasl.h>
#include <string.h>

#define FEWEST_ROUNDS 4096
#define MOST_ROUNDS   10000000
#define NONCE_SIZE    18

typedef enum
{
  STAGE_FIRST,
  STAGE_PROOF,
  STAGE_VERDICT,
  STAGE_OVER,
} Stage;

typedef struct
{
  const EstSaslHash *hash;
  Stage stage;
  char *header; /* gs2-header: "p=tls-exporter,,", "y,,", "n,," */
  char *bound;  /* base64 of the header and the binding behind it */
  char *nonce;
  char *bare; /* client-first-message-bare */
  EstSecret *password;
  guint8 expected[EST_SASL_HASH_SIZE]; /* ServerSignature */
} Exchange;

static EstSecret *
prepare_secret (EstSecret *secret)
{
  char *text = est_sasl_prepare (est_secret_peek (secret));
  EstSecret *prepared = est_secret_new (text, -1);
  est_secret_wipe (text, strlen (text));
  g_free (text);
  return prepared;
}

/* RFC 5802 6 */
static void
bind_to (Exchange *exchange, const EstSaslSelf *self, gboolean plus)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  if (plus)
    exchange->header = g_strdup_printf ("p=%s,,", self->binding->name);
  else
    exchange->header
      = g_strdup (self->binding != NULL && !self->binding_offered ? "y,," : "n,,");
  g_byte_array_append (input, (const guint8 *) exchange->header,
                       (guint) strlen (exchange->header));
  if (plus)
    g_byte_array_append (input, self->binding->octets, (guint) self->binding->length);
  exchange->bound = g_base64_encode (input->data, input->len);
}

static void
end (gpointer data)
{
  Exchange *exchange = data;
  est_secret_unref (exchange->password);
  g_free (exchange->header);
  g_free (exchange->bound);
  g_free (exchange->nonce);
  g_free (exchange->bare);
  g_free (exchange);
}

static gpointer
begin (const char *mechanism, const EstSaslSelf *self, GError **error)
{
  guint8 random[NONCE_SIZE];
  if (gnutls_rnd (GNUTLS_RND_NONCE, random, sizeof random) != GNUTLS_E_SUCCESS)
    {
      g_set_error_literal (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE,
                           "there are no random numbers");
      return NULL;
    }
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->hash = est_sasl_hash_of (mechanism);
  exchange->password = prepare_secret (self->secret);
  exchange->nonce = g_base64_encode (random, sizeof random);
  g_autofree char *user = est_sasl_prepare (self->user);
  g_autofree char *name = est_sasl_escape_name (user);
  exchange->bare = g_strdup_printf ("n=%s,r=%s", name, exchange->nonce);
  bind_to (exchange, self, g_str_has_suffix (mechanism, "-PLUS"));
  return exchange;
}

static gboolean
fail (GError **error, EstSaslError code, const char *what)
{
  g_set_error (error, EST_SASL_ERROR, (int) code, "SCRAM failed: %s", what);
  return FALSE;
}

static void
respond (EstSaslTurn *turn, char *text)
{
  turn->response = text;
  turn->length = strlen (text);
}

/* server-first-message (RFC 5802 5.1): what may follow the three is no business of ours.
 */
typedef struct
{
  const char *nonce;
  EstSaslSalt salt;
} Terms;

static const char *
attribute (char **parts, guint i, const char *name)
{
  if (g_strv_length (parts) <= i || !g_str_has_prefix (parts[i], name))
    return NULL;
  return parts[i] + strlen (name);
}

static guint8 *
decode (const char *text, gsize *length)
{
  char *octets = NULL;
  if (text == NULL
      || gsasl_base64_from (text, strlen (text), &octets, length) != GSASL_OK)
    return NULL;
  guint8 *copy = g_memdup2 (octets, *length);
  gsasl_free (octets);
  return copy;
}

/* The rounds come first: whoever asks for few is told off for that. */
static gboolean
read_terms (const Exchange *exchange, char **parts, Terms *terms, GError **error)
{
  const char *nonce = attribute (parts, 0, "r=");
  const char *rounds = attribute (parts, 2, "i=");
  if (nonce == NULL || rounds == NULL)
    return fail (error, EST_SASL_ERROR_MALFORMED, "the server's first message is none");
  if (!g_ascii_string_to_unsigned (rounds, 10, FEWEST_ROUNDS, MOST_ROUNDS,
                                   &terms->salt.rounds, NULL))
    {
      g_set_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE,
                   "the server asks for %" G_GUINT64_FORMAT " rounds of hashing",
                   g_ascii_strtoull (rounds, NULL, 10));
      return FALSE;
    }
  if (!g_str_has_prefix (nonce, exchange->nonce)
      || strlen (nonce) == strlen (exchange->nonce))
    return fail (error, EST_SASL_ERROR_MALFORMED,
                 "the server's nonce is not made of ours");
  terms->nonce = nonce;
  terms->salt.octets = decode (attribute (parts, 1, "s="), &terms->salt.length);
  return terms->salt.octets != NULL
         || fail (error, EST_SASL_ERROR_MALFORMED, "the server's salt is none");
}

static gboolean
answer (Exchange *exchange,
        const char *challenge,
        const Terms *terms,
        EstSaslTurn *turn,
        GError **error)
{
  guint8 proof[EST_SASL_HASH_SIZE];
  g_autofree char *bare = g_strdup_printf ("c=%s,r=%s", exchange->bound, terms->nonce);
  g_autofree char *message
    = g_strdup_printf ("%s,%s,%s", exchange->bare, challenge, bare);
  if (!est_sasl_prove (exchange->hash, exchange->password, &terms->salt, message, proof,
                       exchange->expected))
    return fail (error, EST_SASL_ERROR_UNUSABLE, "the hash is not to be had here");
  g_autofree char *text = g_base64_encode (proof, est_sasl_hash_size (exchange->hash));
  respond (turn, g_strdup_printf ("%s,p=%s", bare, text));
  return TRUE;
}

static gboolean
step_proof (Exchange *exchange, const char *challenge, EstSaslTurn *turn, GError **error)
{
  Terms terms = {0};
  g_auto (GStrv) parts = g_strsplit (challenge, ",", -1);
  gboolean done = read_terms (exchange, parts, &terms, error)
                  && answer (exchange, challenge, &terms, turn, error);
  g_free (terms.salt.octets);
  return done;
}

/* A server that says "e=" gets its empty line and may say 5xx then; 235 it may not. */
static gboolean
step_verdict (Exchange *exchange,
              const char *challenge,
              EstSaslTurn *turn,
              GError **error)
{
  g_auto (GStrv) parts = g_strsplit (challenge, ",", -1);
  if (attribute (parts, 0, "e=") != NULL)
    return TRUE;
  gsize length;
  g_autofree guint8 *signature = decode (attribute (parts, 0, "v="), &length);
  if (signature == NULL)
    return fail (error, EST_SASL_ERROR_MALFORMED, "the server's last message is none");
  turn->complete = length == est_sasl_hash_size (exchange->hash)
                   && gnutls_memcmp (signature, exchange->expected, length) == 0;
  return turn->complete
         || fail (error, EST_SASL_ERROR_IMPOSTOR,
                  "the server did not prove that it knows the password");
}

static gboolean
step (
  gpointer data, const char *challenge, gsize length, EstSaslTurn *turn, GError **error)
{
  Exchange *exchange = data;
  Stage stage = exchange->stage;
  if (stage != STAGE_FIRST && strlen (challenge) != length)
    return fail (error, EST_SASL_ERROR_MALFORMED, "a zero octet in the server's message");
  exchange->stage = MIN (stage + 1, STAGE_OVER);
  switch (stage)
    {
    case STAGE_FIRST:
      respond (turn, g_strconcat (exchange->header, exchange->bare, NULL));
      return TRUE;
    case STAGE_PROOF:
      return step_proof (exchange, challenge, turn, error);
    case STAGE_VERDICT:
      return step_verdict (exchange, challenge, turn, error);
    default:
      return fail (error, EST_SASL_ERROR_MALFORMED, "the server goes on asking");
    }
}

const EstSaslKind est_sasl_by_scram = {begin, step, end};
