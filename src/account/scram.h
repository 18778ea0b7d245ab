/* The keys of SCRAM-SHA-256 (RFC 5802 3, RFC 7677): what is kept of a secret so that who
   knows it can prove that, and who reads the file cannot. Everything in base64, as it
   stands in the file and as GNU SASL takes it. */
#pragma once

#include <glib.h>

/* RFC 7677 4 asks for 4,096 at least. More would slow down who guesses passwords; ours
   are random, of more than 128 bits, and nobody guesses them. */
#define EST_SCRAM_ROUNDS 4096

#define EST_SCRAM_SALT_LENGTH 16 /* octets */
#define EST_SCRAM_KEY_LENGTH  32

typedef struct
{
  char *salt;
  guint rounds;
  char *stored_key;
  char *server_key;
} EstScramKeys;

/* With a salt of its own. Free with est_scram_keys_clear(). */
EstScramKeys est_scram_keys_new (const char *secret);

/* Whether they are @secret's. Takes as long when they are not. */
gboolean est_scram_keys_fit (const EstScramKeys *keys, const char *secret);

/* Keys that nobody has the secret of, always the same for @name in this process: who asks
   for a name that does not exist sees what it would see of one that does. */
EstScramKeys est_scram_keys_decoy (const char *name);

void est_scram_keys_clear (EstScramKeys *keys);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstScramKeys, est_scram_keys_clear)
