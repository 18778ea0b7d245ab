/* By words: as whole as a server quotes them, or cut off. */
#include "relay/discretion.h"

#include "base/secret.h"

#include <string.h>

#define SHORTEST 8 /* of a word that tells something */

typedef struct
{
  char *told;      /* the last word of the line */
  guchar *decoded; /* out of its base64 */
  gsize length;
  const char *user;
} Secrets;

static void
clear_secrets (Secrets *secrets)
{
  est_secret_wipe (secrets->told, strlen (secrets->told));
  if (secrets->decoded != NULL)
    est_secret_wipe (secrets->decoded, secrets->length);
  g_free (secrets->told);
  g_free (secrets->decoded);
}

static Secrets
find_secrets (const char *said, const char *user)
{
  gsize length = strcspn (said, "\r\n");
  const char *start = said + length;
  while (start > said && start[-1] != ' ')
    start--;
  Secrets secrets = {.user = user};
  secrets.told = g_strndup (start, length - (gsize) (start - said));
  secrets.decoded = g_base64_decode (secrets.told, &secrets.length);
  return secrets;
}

/* What PLAIN says last, or LOGIN by itself: however short. */
static gboolean
is_password (const Secrets *secrets, const char *word, gsize length)
{
  const guchar *nul
    = secrets->length > 0 ? memrchr (secrets->decoded, 0, secrets->length) : NULL;
  gsize start = nul != NULL ? (gsize) (nul + 1 - secrets->decoded) : 0;
  return length > 0 && length == secrets->length - start
         && memcmp (secrets->decoded + start, word, length) == 0;
}

static gboolean
is_secret (const Secrets *secrets, const char *word)
{
  gsize length = strlen (word);
  if (secrets->user != NULL && strstr (secrets->user, word) != NULL)
    return FALSE;
  if (length < SHORTEST)
    return is_password (secrets, word, length);
  return strstr (secrets->told, word) != NULL
         || (strlen (secrets->told) >= SHORTEST && strstr (word, secrets->told) != NULL)
         || memmem (secrets->decoded, secrets->length, word, length) != NULL;
}

/* What neither base64 nor a token has in it. */
static gboolean
parts_words (char c)
{
  return (guchar) c <= ' ' || strchr ("'\"<>()[]{},;:", c) != NULL;
}

static gsize
measure_word (const char *text)
{
  gsize length = 0;
  while (text[length] != '\0' && !parts_words (text[length]))
    length++;
  return length;
}

char *
est_discretion_mask (const char *text, const char *said, const char *user)
{
  Secrets secrets = find_secrets (said, user);
  g_autoptr (GString) masked = g_string_new (NULL);
  gboolean found = FALSE;
  while (*text != '\0')
    {
      gsize length = measure_word (text);
      gsize stop = length > 0 && text[length - 1] == '.' ? length - 1 : length;
      g_autofree char *word = g_strndup (text, stop);
      gboolean secret = is_secret (&secrets, word);
      found = found || secret;
      g_string_append (masked, secret ? "***" : word);
      if (text[stop] != '\0')
        g_string_append_c (masked, text[stop++]);
      text += stop;
    }
  clear_secrets (&secrets);
  return found ? g_string_free (g_steal_pointer (&masked), FALSE) : NULL;
}
