/* Proxies as URIs. */
#include "account/proxy.h"

#include "account/account-group.h"

#include <gio/gio.h>
#include <string.h>

#define TEXT_LIMIT 255 /* octets of a user's name, or a password (RFC 1929 2) */

typedef struct
{
  const char *kind;
  guint16 port;
} Kind;

/* Not https: what we speak to the relay is TLS already, over a socket of our own. */
static const Kind kinds[] = {
  {"socks5",  1080},
  {"socks4a", 1080},
  {"socks4",  1080},
  {"http",    80  },
};

static const Kind *
find_kind (const char *scheme)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (scheme != NULL && g_ascii_strcasecmp (scheme, kinds[i].kind) == 0)
      return &kinds[i];
  return NULL;
}

static gboolean
is_nothing (const char *text)
{
  return text == NULL || *text == '\0';
}

static gboolean
fits (const char *text)
{
  return text == NULL || strlen (text) <= TEXT_LIMIT;
}

static gboolean
is_place (const char *path, const char *query, const char *fragment)
{
  return (is_nothing (path) || g_str_equal (path, "/")) && query == NULL
         && fragment == NULL;
}

EstProxy *
est_proxy_parse (const char *uri)
{
  g_autoptr (EstProxy) proxy = g_new0 (EstProxy, 1);
  g_autofree char *scheme = NULL, *host = NULL;
  g_autofree char *path = NULL, *query = NULL, *fragment = NULL;
  int port = -1;
  if (!g_uri_split_with_user (uri, G_URI_FLAGS_HAS_PASSWORD, &scheme, &proxy->user,
                              &proxy->password, NULL, &host, &port, &path, &query,
                              &fragment, NULL))
    return NULL;
  const Kind *kind = find_kind (scheme);
  proxy->host = is_nothing (host) ? NULL : g_hostname_to_ascii (host);
  if (kind == NULL || proxy->host == NULL || !est_host_is_valid (proxy->host) || port == 0
      || !is_place (path, query, fragment) || !fits (proxy->user)
      || !fits (proxy->password))
    return NULL;
  proxy->kind = g_strdup (kind->kind);
  proxy->port = port > 0 ? (guint16) port : kind->port;
  return g_steal_pointer (&proxy);
}

void
est_proxy_free (EstProxy *proxy)
{
  if (proxy == NULL)
    return;
  g_free (proxy->kind);
  g_free (proxy->host);
  g_free (proxy->user);
  g_free (proxy->password);
  g_free (proxy);
}

char *
est_proxy_show (const EstProxy *proxy)
{
  gboolean six = strchr (proxy->host, ':') != NULL;
  return g_strdup_printf ("%s://%s%s%s:%u", proxy->kind, six ? "[" : "", proxy->host,
                          six ? "]" : "", proxy->port);
}
