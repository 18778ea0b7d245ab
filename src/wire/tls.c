/* The shared sets of certificate authorities. */
#include "wire/tls.h"

#include "base/clock.h"
#include "wire/client-pair.h"
#include "wire/file-mark.h"
#include "wire/wire.h"

#include <gnutls/gnutls.h>

#define RENEW_AFTER (24 * G_TIME_SPAN_HOUR)

struct EstTrust
{
  gnutls_certificate_credentials_t credentials;
  gint64 loaded;   /* est_clock_steady() */
  GStatBuf origin; /* of the file; zero for the system's trust */
};

static GMutex mutex;
static GHashTable *known; /* file name, "" for the system -> EstTrust */

EstTrust *
est_trust_ref (EstTrust *trust)
{
  return g_atomic_rc_box_acquire (trust);
}

static void
clear_trust (gpointer data)
{
  EstTrust *trust = data;
  gnutls_certificate_free_credentials (trust->credentials);
}

void
est_trust_unref (EstTrust *trust)
{
  if (trust != NULL)
    g_atomic_rc_box_release_full (trust, clear_trust);
}

struct gnutls_certificate_credentials_st *
est_trust_credentials (EstTrust *trust)
{
  return trust->credentials;
}

/* A mended file must count at once: who just changed it is waiting for the result. */
static gboolean
is_fresh (const EstTrust *trust, const GStatBuf *origin)
{
  return est_clock_steady () - trust->loaded < RENEW_AFTER
         && est_file_mark_equal (&trust->origin, origin);
}

static int
load_certificates (gnutls_certificate_credentials_t credentials, const char *ca_file)
{
  if (ca_file == NULL)
    return gnutls_certificate_set_x509_system_trust (credentials);
  return gnutls_certificate_set_x509_trust_file (credentials, ca_file,
                                                 GNUTLS_X509_FMT_PEM);
}

static EstTrust *
load (const char *ca_file, const GStatBuf *origin, GError **error)
{
  g_autoptr (EstTrust) trust = g_atomic_rc_box_new0 (EstTrust);
  int count = gnutls_certificate_allocate_credentials (&trust->credentials);
  if (count == GNUTLS_E_SUCCESS)
    count = load_certificates (trust->credentials, ca_file);
  if (count <= 0)
    {
      g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_UNTRUSTED,
                   "no certificate authorities in %s: %s",
                   ca_file != NULL ? ca_file : "the system's trust",
                   count < 0 ? gnutls_strerror (count) : "it is empty");
      return NULL;
    }
  est_client_pair_allow (trust->credentials);
  trust->loaded = est_clock_steady ();
  trust->origin = *origin;
  return g_steal_pointer (&trust);
}

static EstTrust *
find_or_load (const char *ca_file, GError **error)
{
  const char *key = ca_file != NULL ? ca_file : "";
  GStatBuf origin = est_file_mark_take (ca_file);
  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                   (GDestroyNotify) est_trust_unref);
  EstTrust *trust = g_hash_table_lookup (known, key);
  if (trust != NULL && is_fresh (trust, &origin))
    return est_trust_ref (trust);

  trust = load (ca_file, &origin, error);
  if (trust != NULL)
    g_hash_table_replace (known, g_strdup (key), est_trust_ref (trust));
  return trust;
}

EstTrust *
est_trust_get (const char *ca_file, GError **error)
{
  g_mutex_lock (&mutex);
  EstTrust *trust = find_or_load (ca_file, error);
  g_mutex_unlock (&mutex);
  return trust;
}
