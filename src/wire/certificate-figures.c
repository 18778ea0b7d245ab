/* Names, issuers and times out of certificates. */
#include "wire/certificate-figures.h"

#include "mail/plain.h"

#include <gio/gio.h>
#include <string.h>
#include <time.h>

#define MOST_NAMES   4
#define LONGEST_NAME 253 /* octets: RFC 1035 3.1 */

/* A word of its own: what is none in a host name becomes "?", and so does what a NUL
   would hide. */
static char *
tame_name (const char *octets, gsize length)
{
  char *name = g_strndup (octets, MIN (length, LONGEST_NAME));
  for (gsize i = 0; i < MIN (length, LONGEST_NAME); i++)
    name[i] = g_ascii_isgraph (octets[i]) ? octets[i] : '?';
  return name;
}

static char *
tell_address (const char *octets, gsize length)
{
  if (length != 4 && length != 16)
    return NULL;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
    (const guint8 *) octets, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

/* The alternative name number @at; @end: there is none. NULL: of no kind that can name a
   server. */
static char *
read_name (gnutls_x509_crt_t certificate, guint at, gboolean *end)
{
  char octets[LONGEST_NAME + 3] = "";
  gsize size = sizeof octets;
  int kind = gnutls_x509_crt_get_subject_alt_name (certificate, at, octets, &size, NULL);
  *end = kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER;
  if (kind == GNUTLS_SAN_DNSNAME)
    return tame_name (octets, size);
  return kind == GNUTLS_SAN_IPADDRESS ? tell_address (octets, size) : NULL;
}

/* A part of a distinguished name, such as GNUTLS_OID_X520_COMMON_NAME, of the certificate
   or of its issuer; made plain. NULL: it has none. */
typedef int (*PartReader) (
  gnutls_x509_crt_t, const char *, unsigned, unsigned, void *, size_t *);

static char *
read_part (gnutls_x509_crt_t certificate, PartReader read, const char *part)
{
  char octets[LONGEST_NAME + 3] = "";
  gsize size = sizeof octets - 1;
  if (read (certificate, part, 0, 0, octets, &size) != GNUTLS_E_SUCCESS || size == 0)
    return NULL;
  g_autofree char *plain = est_plain_text (octets, (gssize) size);
  return *plain != '\0' ? g_steal_pointer (&plain) : NULL;
}

/* Without alternative names the common name is what GnuTLS compares. */
static char *
tell_common_name (gnutls_x509_crt_t certificate)
{
  g_autofree char *name
    = read_part (certificate, gnutls_x509_crt_get_dn_by_oid, GNUTLS_OID_X520_COMMON_NAME);
  return name != NULL ? tame_name (name, strlen (name)) : NULL;
}

static char *
tell_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean end = FALSE;
  guint found = 0;
  for (guint at = 0; found <= MOST_NAMES && at < 100; at++)
    {
      g_autofree char *name = read_name (certificate, at, &end);
      if (end)
        break;
      if (name == NULL || *name == '\0')
        continue;
      found++;
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "",
                              found > MOST_NAMES ? "..." : name);
    }
  if (found > 0)
    return g_string_free (g_steal_pointer (&names), FALSE);
  return tell_common_name (certificate);
}

/* Of the uppermost that was shown: whoever signed that one is the unknown. */
static char *
tell_issuer (const EstChain *chain)
{
  static const char *const parts[]
    = {GNUTLS_OID_X520_COMMON_NAME, GNUTLS_OID_X520_ORGANIZATION_NAME,
       GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME};
  gnutls_x509_crt_t last = chain->links[chain->n_links - 1];
  if (chain->n_links == 1 && gnutls_x509_crt_check_issuer (last, last))
    return g_strdup ("self");
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name
        = read_part (last, gnutls_x509_crt_get_issuer_dn_by_oid, parts[i]);
      if (name != NULL)
        return g_strdup_printf ("by %s", name);
    }
  return NULL;
}

/* Of the first in the chain that is out of its time. NULL: an authority of ours is. */
static char *
tell_time (const EstChain *chain)
{
  gint64 now = time (NULL);
  for (guint i = 0; i < chain->n_links; i++)
    {
      gint64 until = gnutls_x509_crt_get_expiration_time (chain->links[i]);
      gint64 from = gnutls_x509_crt_get_activation_time (chain->links[i]);
      if (until < now)
        return g_strdup_printf ("until %" G_GINT64_FORMAT, until);
      if (from > now)
        return g_strdup_printf ("from %" G_GINT64_FORMAT, from);
    }
  return NULL;
}

char *
est_certificate_figures (EstCertificateFault fault, const EstChain *chain)
{
  switch (fault)
    {
    case EST_CERTIFICATE_NAME:
      return tell_names (chain->links[0]);
    case EST_CERTIFICATE_ISSUER:
      return tell_issuer (chain);
    case EST_CERTIFICATE_EXPIRED:
      return tell_time (chain);
    default:
      return NULL;
    }
}
