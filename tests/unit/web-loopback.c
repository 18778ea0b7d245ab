/* The door that waits for a browser, and who else comes to it. */
#include "web/loopback.h"

#include <gio/gio.h>
#include <string.h>

#define RIGHT "GET /?state=S&code=abc HTTP/1.1\r\nHost: x\r\n\r\n"

static gint64
in_milliseconds (guint milliseconds)
{
  return g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;
}

static GSocketConnection *
knock (EstLoopback *door)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *link = g_socket_client_connect_to_host (
    client, "127.0.0.1", est_loopback_port (door), NULL, &error);
  g_assert_no_error (error);
  return link;
}

static void
say (GSocketConnection *link, const char *text, gsize length)
{
  GOutputStream *to = g_io_stream_get_output_stream (G_IO_STREAM (link));
  g_output_stream_write_all (to, text, length, NULL, NULL, NULL);
}

static void
test_nobody (void)
{
  g_autoptr (EstLoopback) door = est_loopback_open (NULL);
  g_assert_cmpuint (est_loopback_port (door), >, 0);
  g_assert_null (est_loopback_wait (door, "S", in_milliseconds (30)));
}

/* Its moment may have passed while something else was waited for. */
static void
test_too_late (void)
{
  g_autoptr (EstLoopback) door = est_loopback_open (NULL);
  g_autoptr (GSocketConnection) link = knock (door);
  say (link, "GET /?state=T", strlen ("GET /?state=T"));
  g_assert_null (est_loopback_wait (door, "S", in_milliseconds (0) - 1000000));
}

typedef struct
{
  EstLoopback *door;
  char answer[64];
} Browser;

/* As slowly as it can be, after many who say nothing. */
static gpointer
browse (gpointer data)
{
  Browser *browser = data;
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (silent, knock (browser->door));
  g_autoptr (GSocketConnection) link = knock (browser->door);
  for (const char *c = RIGHT; *c != '\0'; c++)
    say (link, c, 1);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (link)),
                           browser->answer, sizeof browser->answer - 1, NULL, NULL, NULL);
  return NULL;
}

static void
test_somebody (void)
{
  g_autoptr (EstLoopback) door = est_loopback_open (NULL);
  Browser browser = {.door = door};
  GThread *thread = g_thread_new ("browser", browse, &browser);
  g_autoptr (EstRedirect) redirect
    = est_loopback_wait (door, "S", in_milliseconds (20000));
  g_thread_join (thread);
  g_assert_nonnull (redirect);
  g_assert_cmpstr (redirect->code, ==, "abc");
  g_assert_true (g_str_has_prefix (browser.answer, "HTTP/1.1 200 OK\r\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/loopback/nobody", test_nobody);
  g_test_add_func ("/web/loopback/too-late", test_too_late);
  g_test_add_func ("/web/loopback/somebody", test_somebody);
  return g_test_run ();
}
