/* What stands between this machine and the relay where the network lets nobody through
   directly: SOCKS (RFC 1928, RFC 1929), or HTTP's CONNECT (RFC 9110 9.3.6). */
#pragma once

#include <glib.h>

typedef struct
{
  char *kind; /* "socks5", "socks4a", "socks4" or "http": what GIO calls it */
  char *host; /* a name in ASCII, or an address literal without brackets */
  guint16 port;
  char *user;     /* NULL: it asks for none */
  char *password; /* NULL */
} EstProxy;

/* @uri: "KIND://[USER[:PASSWORD]@]HOST[:PORT][/]", octets in USER and PASSWORD also as
   %XX; the port is 1080, or 80 with http, if it is not said. NULL for anything else. */
EstProxy *est_proxy_parse (const char *uri);
void est_proxy_free (EstProxy *proxy);

/* For people and the journal, without user and password: "socks5://192.0.2.1:1080"; new
   string. */
char *est_proxy_show (const EstProxy *proxy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstProxy, est_proxy_free)
