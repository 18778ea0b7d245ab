/* The one identity, read again when its file changed. */
#include "wire/identity.h"

#include "base/clock.h"
#include "wire/file-mark.h"
#include "wire/identity-file.h"
#include "wire/wire.h"

#include <gnutls/gnutls.h>
#include <unistd.h>

#define DIGEST_SIZE 32 /* SHA-256 */

struct EstIdentity
{
  gnutls_certificate_credentials_t credentials;
  EstKeyPair *pair;
  GStatBuf mark;
  char *path;
  char *certificate;
  char *fingerprint;
};

static GMutex mutex;
static EstIdentity *current;

EstIdentity *
est_identity_ref (EstIdentity *identity)
{
  return g_atomic_rc_box_acquire (identity);
}

static void
clear_identity (gpointer data)
{
  EstIdentity *identity = data;
  gnutls_certificate_free_credentials (identity->credentials);
  est_key_pair_free (identity->pair);
  g_free (identity->path);
  g_free (identity->certificate);
  g_free (identity->fingerprint);
}

void
est_identity_unref (EstIdentity *identity)
{
  if (identity != NULL)
    g_atomic_rc_box_release_full (identity, clear_identity);
}

static gint64
now_in_seconds (void)
{
  return est_clock_now () / G_USEC_PER_SEC;
}

static char *
format_fingerprint (gnutls_x509_crt_t certificate)
{
  guint8 digest[DIGEST_SIZE];
  size_t size = sizeof digest;
  GString *text = g_string_new (NULL);
  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &size)
      == 0)
    for (size_t i = 0; i < size; i++)
      g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);
  return g_string_free (text, FALSE);
}

/* Takes @pair, which has a certificate. */
static EstIdentity *
wrap (const char *path, EstKeyPair *pair, const GStatBuf *mark, GError **error)
{
  g_autoptr (EstIdentity) identity = g_atomic_rc_box_new0 (EstIdentity);
  identity->pair = pair;
  identity->mark = *mark;
  identity->path = g_strdup (path);
  identity->certificate = est_key_pair_format_certificate (pair);
  identity->fingerprint = format_fingerprint (pair->certificate);
  int code = gnutls_certificate_allocate_credentials (&identity->credentials);
  if (code == GNUTLS_E_SUCCESS)
    code = gnutls_certificate_set_x509_key (identity->credentials, &pair->certificate, 1,
                                            pair->key);
  if (code == GNUTLS_E_SUCCESS && identity->certificate != NULL)
    return g_steal_pointer (&identity);
  g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY,
               "the certificate in %s cannot be used: %s", path, gnutls_strerror (code));
  return NULL;
}

/* Certifies *@pair, or a new one if that is NULL, and puts it into the file. The key
   stays when it can: programs that remember keys need not ask again. */
static gboolean
renew (const char *path, EstKeyPair **pair, GStatBuf *mark, GError **error)
{
  if (*pair == NULL)
    {
      est_identity_file_set_aside (path);
      *pair = est_key_pair_new (error);
    }
  if (*pair == NULL || !est_key_pair_certify (*pair, now_in_seconds (), error)
      || !est_identity_file_write (path, *pair, error))
    return FALSE;
  *mark = est_file_mark_take (path);
  g_message ("made a certificate for localhost in %s", path);
  return TRUE;
}

static gboolean
is_good (const EstKeyPair *pair)
{
  return pair != NULL && est_key_pair_is_good (pair, now_in_seconds ());
}

/* Another process may have been faster: what it made meanwhile counts. */
static gboolean
renew_locked (const char *path, EstKeyPair **pair, GStatBuf *mark, GError **error)
{
  int lock = est_identity_file_lock (path, error);
  if (lock < 0)
    return FALSE;
  g_clear_pointer (pair, est_key_pair_free);
  gboolean good = est_identity_file_read (path, pair, mark, error)
                  && (is_good (*pair) || renew (path, pair, mark, error));
  close (lock);
  return good;
}

static EstIdentity *
load (const char *path, GError **error)
{
  GStatBuf mark;
  g_autoptr (EstKeyPair) pair = NULL;
  if (!est_identity_file_read (path, &pair, &mark, error)
      || (!is_good (pair) && !renew_locked (path, &pair, &mark, error)))
    return NULL;
  return wrap (path, g_steal_pointer (&pair), &mark, error);
}

static gboolean
is_current (const char *path)
{
  GStatBuf mark = est_file_mark_take (path);
  return current != NULL && g_str_equal (current->path, path)
         && est_file_mark_equal (&current->mark, &mark) && is_good (current->pair);
}

EstIdentity *
est_identity_get (const char *path, GError **error)
{
  g_mutex_lock (&mutex);
  if (!is_current (path))
    {
      g_clear_pointer (&current, est_identity_unref);
      current = load (path, error);
    }
  EstIdentity *identity = current != NULL ? est_identity_ref (current) : NULL;
  g_mutex_unlock (&mutex);
  return identity;
}

const char *
est_identity_certificate (EstIdentity *identity)
{
  return identity->certificate;
}

const char *
est_identity_fingerprint (EstIdentity *identity)
{
  return identity->fingerprint;
}

gint64
est_identity_ends (EstIdentity *identity)
{
  return gnutls_x509_crt_get_expiration_time (identity->pair->certificate);
}

struct gnutls_certificate_credentials_st *
est_identity_credentials (EstIdentity *identity)
{
  return identity->credentials;
}
