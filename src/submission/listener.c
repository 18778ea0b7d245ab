/* Sockets, and a thread for each conversation. */
#include "submission/listener.h"

#include "base/paths.h"
#include "base/user.h"
#include "submission/session.h"
#include "wire/peer.h"

#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>

/* GLib's default of 10 lets clients of a burst wait for a greeting that never comes. */
#define BACKLOG 512

struct EstListener
{
  EstIntake *intake;
  GCancellable *cancellable;
  GPtrArray *sources;   /* GSource of each listening socket */
  GPtrArray *addresses; /* char *, NULL-terminated */
  GPtrArray *troubles;
  char *unix_path;

  GMutex mutex;
  GCond all_ended;
  guint conversations;
};

typedef struct
{
  EstListener *listener;
  GSocket *socket;
  gboolean tls; /* from the start */
} Conversation;

typedef struct
{
  EstListener *listener;
  gboolean tls;
} Door;

static void
end_conversation (Conversation *conversation)
{
  EstListener *listener = conversation->listener;
  g_object_unref (conversation->socket);
  g_free (conversation);
  g_mutex_lock (&listener->mutex);
  listener->conversations--;
  g_cond_signal (&listener->all_ended);
  g_mutex_unlock (&listener->mutex);
}

static gpointer
hold_conversation (gpointer data)
{
  Conversation *conversation = data;
  EstListener *listener = conversation->listener;
  if (conversation->tls)
    est_session_run_tls (listener->intake, conversation->socket, listener->cancellable);
  else
    est_session_run (listener->intake, conversation->socket, listener->cancellable);
  end_conversation (conversation);
  return NULL;
}

static gboolean
take_place (EstListener *listener)
{
  g_autoptr (EstSettings) settings = est_intake_settings (listener->intake);
  g_mutex_lock (&listener->mutex);
  gboolean free = listener->conversations < settings->submission.connections;
  listener->conversations += free ? 1 : 0;
  g_mutex_unlock (&listener->mutex);
  return free;
}

/* Words in the clear would only puzzle a client that expects TLS. */
static void
turn_away (const Door *door, GSocket *socket)
{
  static const char busy[] = "421 4.3.2 too many conversations at once, try again\r\n";
  if (!door->tls)
    g_socket_send_with_blocking (socket, busy, strlen (busy), FALSE, NULL, NULL);
}

static void
start_conversation (const Door *door, GSocket *socket)
{
  EstListener *listener = door->listener;
  if (!take_place (listener))
    {
      turn_away (door, socket);
      return;
    }
  Conversation *conversation = g_new (Conversation, 1);
  *conversation = (Conversation){listener, g_object_ref (socket), door->tls};
  GThread *thread
    = g_thread_try_new ("submission", hold_conversation, conversation, NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  turn_away (door, socket);
  end_conversation (conversation);
}

static gboolean
on_connection (GSocket *socket, GIOCondition condition, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) connection = g_socket_accept (socket, NULL, &error);
  if (connection != NULL)
    start_conversation (data, connection);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_warning ("cannot accept a connection: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static gboolean
listen_at (EstListener *listener, GSocketAddress *address, gboolean tls, GError **error)
{
  g_autoptr (GSocket) socket
    = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                    G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return FALSE;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return FALSE;

  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);
  Door *door = g_new (Door, 1);
  *door = (Door){listener, tls};
  g_source_set_callback (source, G_SOURCE_FUNC (on_connection), door, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_ptr_array_add (listener->sources, source);
  return TRUE;
}

static void
free_trouble (gpointer data)
{
  EstListenerTrouble *trouble = data;
  g_free (trouble->address);
  g_free (trouble->problem);
  g_free (trouble);
}

static void
note_trouble (EstListener *listener,
              const char *text,
              GSocketAddress *address,
              const GError *error)
{
  uid_t uid = 0;
  EstListenerTrouble *trouble = g_new0 (EstListenerTrouble, 1);
  trouble->address = g_strdup (text);
  trouble->taken = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  trouble->uid = EST_USER_UNKNOWN;
  trouble->problem = g_strdup (error->message);
  if (trouble->taken && G_IS_INET_SOCKET_ADDRESS (address)
      && est_peer_listener_uid (G_INET_SOCKET_ADDRESS (address), &uid, NULL))
    trouble->uid = uid;
  g_ptr_array_add (listener->troubles, trouble);
  g_warning ("cannot listen at %s: %s", text, error->message);
}

static void
listen_at_text (EstListener *listener, const char *text, gboolean tls)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (text, 0, &error);
  g_autoptr (GSocketAddress) address = NULL;
  if (connectable != NULL)
    address = g_inet_socket_address_new_from_string (
      g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable)),
      g_network_address_get_port (G_NETWORK_ADDRESS (connectable)));
  if (address != NULL && listen_at (listener, address, tls, &error))
    g_ptr_array_add (listener->addresses, g_strconcat (tls ? "tls:" : "", text, NULL));
  else if (error != NULL)
    note_trouble (listener, text, address, error);
}

/* A socket file that a crash left is removed: only one daemon of this person runs, its
   lock is taken before. */
static void
listen_at_unix_socket (EstListener *listener)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = est_paths_runtime_folder ();
  g_autofree char *path = est_paths_submission_socket ();
  g_autofree char *text = g_strconcat ("unix:", path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  if (!est_paths_make_private_folder (folder, &error))
    {
      note_trouble (listener, text, NULL, error);
      return;
    }
  g_unlink (path);
  if (!listen_at (listener, address, FALSE, &error))
    {
      note_trouble (listener, text, NULL, error);
      return;
    }
  listener->unix_path = g_steal_pointer (&path);
  g_ptr_array_add (listener->addresses, g_steal_pointer (&text));
}

EstListener *
est_listener_new (EstIntake *intake)
{
  EstListener *listener = g_new0 (EstListener, 1);
  g_autoptr (EstSettings) settings = est_intake_settings (intake);
  listener->intake = intake;
  listener->cancellable = g_cancellable_new ();
  listener->sources = g_ptr_array_new ();
  listener->addresses = g_ptr_array_new_with_free_func (g_free);
  listener->troubles = g_ptr_array_new_with_free_func (free_trouble);
  g_mutex_init (&listener->mutex);
  g_cond_init (&listener->all_ended);

  for (char **text = settings->submission.listen; *text != NULL; text++)
    listen_at_text (listener, *text, FALSE);
  for (char **text = settings->submission.listen_tls; *text != NULL; text++)
    listen_at_text (listener, *text, TRUE);
  listen_at_unix_socket (listener);
  g_ptr_array_add (listener->addresses, NULL);
  return listener;
}

static void
stop_accepting (EstListener *listener)
{
  for (guint i = 0; i < listener->sources->len; i++)
    {
      GSource *source = listener->sources->pdata[i];
      g_source_destroy (source);
      g_source_unref (source);
    }
  g_ptr_array_set_size (listener->sources, 0);
  if (listener->unix_path != NULL)
    g_unlink (listener->unix_path);
}

static void
wait_for_conversations (EstListener *listener)
{
  g_cancellable_cancel (listener->cancellable);
  g_mutex_lock (&listener->mutex);
  while (listener->conversations > 0)
    g_cond_wait (&listener->all_ended, &listener->mutex);
  g_mutex_unlock (&listener->mutex);
}

void
est_listener_free (EstListener *listener)
{
  if (listener == NULL)
    return;
  stop_accepting (listener);
  wait_for_conversations (listener);
  g_object_unref (listener->cancellable);
  g_ptr_array_unref (listener->sources);
  g_ptr_array_unref (listener->addresses);
  g_ptr_array_unref (listener->troubles);
  g_free (listener->unix_path);
  g_mutex_clear (&listener->mutex);
  g_cond_clear (&listener->all_ended);
  g_free (listener);
}

const char *const *
est_listener_addresses (EstListener *listener)
{
  return (const char *const *) listener->addresses->pdata;
}

GPtrArray *
est_listener_troubles (EstListener *listener)
{
  return listener->troubles;
}
