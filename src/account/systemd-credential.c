#include "account/systemd-credential.h"

#include "account/credentials.h"
#include "account/settings-file.h"

#include <string.h>

#define VARIABLE "CREDENTIALS_DIRECTORY"
#define LIMIT    (64 * 1024)

gboolean
est_systemd_credential_is_valid (const char *name)
{
  gsize length = strlen (name);
  return length > 0 && length <= 255
         && strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") == length
         && !g_str_equal (name, ".") && !g_str_equal (name, "..");
}

static void
fail (GError **error, const char *name, const char *why)
{
  g_set_error (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_CREDENTIAL,
               "the credential %s %s", name, why);
}

/* What is wrong with @text; NULL if it is a secret of @length octets. */
static const char *
cut (const char *text, gsize *length)
{
  if (*length > 0 && text[*length - 1] == '\n')
    (*length)--;
  if (*length == 0)
    return "is empty, or not there";
  if (*length > LIMIT)
    return "is longer than 64 KiB";
  if (memchr (text, '\n', *length) != NULL || memchr (text, '\0', *length) != NULL)
    return "is no single line of text";
  return NULL;
}

EstSecret *
est_systemd_credential_read (const char *name, GError **error)
{
  gsize length;
  g_autoptr (GError) cause = NULL;
  const char *folder = g_getenv (VARIABLE);
  if (folder == NULL || *folder == '\0')
    {
      fail (error, name, "was not handed over: " VARIABLE " is not set");
      return NULL;
    }
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = est_settings_file_read_private (path, &length, &cause);
  if (text == NULL)
    {
      fail (error, name, cause->message);
      return NULL;
    }
  gsize whole = length;
  const char *fault = cut (text, &length);
  EstSecret *secret = fault == NULL ? est_secret_new (text, (gssize) length) : NULL;
  est_secret_wipe (text, whole);
  g_free (text);
  if (fault != NULL)
    fail (error, name, fault);
  return secret;
}
