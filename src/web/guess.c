/* TLS by GIO, which believes whom the system believes. */
#include "web/guess.h"

#include "account/limit.h"

#include <gio/gio.h>
#include <string.h>

#define SECONDS 6
#define PORT    465 /* RFC 8314 3.3 */

static gboolean
greets (GIOStream *link, GCancellable *late)
{
  static const char goodbye[] = "QUIT\r\n";
  char greeting[4] = "";
  gsize got = 0;
  GInputStream *from = g_io_stream_get_input_stream (link);
  gboolean good = g_input_stream_read_all (from, greeting, 3, &got, late, NULL)
                  && got == 3 && g_str_equal (greeting, "220");
  if (good)
    g_output_stream_write_all (g_io_stream_get_output_stream (link), goodbye,
                               strlen (goodbye), NULL, late, NULL);
  return good;
}

gboolean
est_guess_is_right (const char *host)
{
  g_autoptr (EstLimit) limit = est_limit_new (SECONDS, NULL);
  GCancellable *late = est_limit_get_cancellable (limit);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_tls (client, TRUE);
  g_autoptr (GSocketConnection) link
    = g_socket_client_connect_to_host (client, host, PORT, late, NULL);
  return link != NULL && greets (G_IO_STREAM (link), late);
}
