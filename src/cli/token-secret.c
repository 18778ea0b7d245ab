/* Secrets that programs sign in with. */
#include "cli/token.h"

#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define GROUPS  7 /* of LETTERS: 28 letters of 31 are 138 bits */
#define LETTERS 4

/* Nothing that looks like something else: no i, l, o, 0, 1. */
static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789";

/* Those beyond the last full turn of the alphabet are thrown away: else its first letters
   would come more often. */
static char
draw_letter (void)
{
  const guint n = sizeof alphabet - 1;
  guint8 octet;
  do
    if (getentropy (&octet, sizeof octet) != 0)
      g_error ("The kernel gives no random numbers: %s", g_strerror (errno));
  while (octet >= 256 / n * n);
  return alphabet[octet % n];
}

EstSecret *
est_token_secret_new (void)
{
  char text[GROUPS * (LETTERS + 1)];
  for (gsize i = 0; i < sizeof text; i++)
    text[i] = i % (LETTERS + 1) == LETTERS ? '-' : draw_letter ();
  EstSecret *secret = est_secret_new (text, sizeof text - 1);
  est_secret_wipe (text, sizeof text);
  return secret;
}
