/* One document over HTTPS, by a helper that has nothing to lose: bounded in size and
   time, never by plain HTTP, also not after a redirection. Blocking. Internal to web/. */
#pragma once

#include <gio/gio.h>

#define EST_FETCH_SECONDS 10
#define EST_FETCH_LIMIT   (256 * 1024) /* octets */

/* The body of @url; NULL with an error: G_IO_ERROR_NOT_FOUND if the server has no such
   thing, another one of G_IO_ERROR, G_TLS_ERROR or G_RESOLVER_ERROR if it cannot be had.
 */
GBytes *est_fetch (const char *url, GError **error);
