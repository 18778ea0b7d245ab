/* Sockets, and a thread for each conversation. */
#include "submission/listener.h"

#include "base/paths.h"
#include "base/user.h"
#include "submission/door.h"
#include "submission/port-choice.h"
#include "submission/session.h"
#include "wire/peer.h"

#include <string.h>

struct EstListener
{
  EstIntake *intake;
  GCancellable *cancellable;
  GPtrArray *doors;     /* EstDoor; that of the Unix socket is not among them */
  EstDoor *unix_door;   /* NULL if there is none */
  GPtrArray *addresses; /* char *, borrowed from the doors, NULL-terminated */
  GPtrArray *troubles;

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
turn_away (const EstDoor *door, GSocket *socket)
{
  static const char busy[] = "421 4.3.2 too many conversations at once, try again\r\n";
  if (!est_door_has_tls (door))
    g_socket_send_with_blocking (socket, busy, strlen (busy), FALSE, NULL, NULL);
}

static void
start_conversation (EstDoor *door, GSocket *socket, gpointer data)
{
  EstListener *listener = data;
  if (!take_place (listener))
    {
      turn_away (door, socket);
      return;
    }
  Conversation *conversation = g_new (Conversation, 1);
  *conversation
    = (Conversation){listener, g_object_ref (socket), est_door_has_tls (door)};
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

static void
free_trouble (gpointer data)
{
  EstListenerTrouble *trouble = data;
  g_free (trouble->address);
  g_free (trouble->problem);
  g_free (trouble);
}

static guint32
find_holder (const char *place)
{
  EstPeerListener holder;
  g_autoptr (GSocketAddress) address = est_door_read_place (place, NULL);
  return address != NULL
             && est_peer_look_at_listener (G_INET_SOCKET_ADDRESS (address), &holder, NULL)
           ? holder.uid
           : EST_USER_UNKNOWN;
}

static void
note_trouble (EstListener *listener, const char *place, const GError *error)
{
  EstListenerTrouble *trouble = g_new0 (EstListenerTrouble, 1);
  trouble->address = g_strdup (place);
  trouble->taken = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  trouble->uid = trouble->taken ? find_holder (place) : EST_USER_UNKNOWN;
  trouble->problem = g_strdup (error->message);
  g_ptr_array_add (listener->troubles, trouble);
  g_warning ("cannot listen at %s: %s", place, error->message);
}

static EstDoorKeeper
keeper_of (EstListener *listener)
{
  return (EstDoorKeeper){start_conversation, listener};
}

static gboolean
is_open (EstListener *listener, const char *place, gboolean tls)
{
  for (guint i = 0; i < listener->doors->len; i++)
    if (est_door_is_at (listener->doors->pdata[i], place, tls))
      return TRUE;
  return FALSE;
}

static void
open_doors (EstListener *listener, char **places, gboolean tls)
{
  const EstDoorKeeper keeper = keeper_of (listener);
  for (char **place = places; *place != NULL; place++)
    {
      g_autoptr (GError) error = NULL;
      if (is_open (listener, *place, tls))
        continue;
      EstDoor *door = est_door_open (*place, tls, &keeper, &error);
      if (door != NULL)
        g_ptr_array_add (listener->doors, door);
      else
        note_trouble (listener, *place, error);
    }
}

/* A machine without IPv6 has nobody at ::1 either. */
static gboolean
is_beyond_reach (const char *place, const GError *error)
{
  return *place == '[' && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static gboolean
hold_place (EstListener *listener, const char *place, GError **error)
{
  const EstDoorKeeper keeper = keeper_of (listener);
  g_autoptr (GError) local = NULL;
  if (is_open (listener, place, FALSE))
    return TRUE;
  EstDoor *door = est_door_open (place, FALSE, &keeper, &local);
  if (door != NULL)
    g_ptr_array_add (listener->doors, door);
  if (door != NULL || is_beyond_reach (place, local))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Both or none. */
static gboolean
hold_port (EstListener *listener, guint16 port, GError **error)
{
  guint before = listener->doors->len;
  g_auto (GStrv) places = est_port_choice_places (port);
  for (char **place = places; *place != NULL; place++)
    if (!hold_place (listener, *place, error))
      {
        g_ptr_array_set_size (listener->doors, (int) before);
        return FALSE;
      }
  return TRUE;
}

guint16
est_listener_hold_free_port (EstListener *listener,
                             guint16 first,
                             guint most,
                             GError **error)
{
  for (guint port = first; port < first + most && port <= G_MAXUINT16; port++)
    {
      g_autoptr (GError) local = NULL;
      if (hold_port (listener, (guint16) port, &local))
        return (guint16) port;
      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return 0;
        }
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
               "the ports from %u to %u are all taken", first, first + most - 1);
  return 0;
}

static void
open_unix_door (EstListener *listener)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = est_paths_runtime_folder ();
  g_autofree char *path = est_paths_submission_socket ();
  const EstDoorKeeper keeper = keeper_of (listener);
  if (est_paths_make_private_folder (folder, &error))
    listener->unix_door = est_door_open_unix (path, &keeper, &error);
  if (listener->unix_door == NULL)
    note_trouble (listener, path, error);
}

static gboolean
is_wanted (const EstDoor *door, const EstSubmissionSettings *settings)
{
  for (char **place = settings->listen; *place != NULL; place++)
    if (est_door_is_at (door, *place, FALSE))
      return TRUE;
  for (char **place = settings->listen_tls; *place != NULL; place++)
    if (est_door_is_at (door, *place, TRUE))
      return TRUE;
  return FALSE;
}

static void
close_unwanted (EstListener *listener, const EstSubmissionSettings *settings)
{
  for (guint i = listener->doors->len; i > 0; i--)
    if (!is_wanted (listener->doors->pdata[i - 1], settings))
      g_ptr_array_remove_index (listener->doors, i - 1);
}

static void
name_doors (EstListener *listener)
{
  g_ptr_array_set_size (listener->addresses, 0);
  for (guint i = 0; i < listener->doors->len; i++)
    g_ptr_array_add (listener->addresses,
                     (gpointer) est_door_name (listener->doors->pdata[i]));
  if (listener->unix_door != NULL)
    g_ptr_array_add (listener->addresses, (gpointer) est_door_name (listener->unix_door));
  g_ptr_array_add (listener->addresses, NULL);
}

/* What is closed first may be opened anew, as the other kind. */
void
est_listener_update (EstListener *listener)
{
  g_autoptr (EstSettings) settings = est_intake_settings (listener->intake);
  g_ptr_array_set_size (listener->troubles, 0);
  close_unwanted (listener, &settings->submission);
  open_doors (listener, settings->submission.listen, FALSE);
  open_doors (listener, settings->submission.listen_tls, TRUE);
  if (listener->unix_door == NULL)
    open_unix_door (listener);
  name_doors (listener);
}

EstListener *
est_listener_new (EstIntake *intake)
{
  EstListener *listener = g_new0 (EstListener, 1);
  listener->intake = intake;
  listener->cancellable = g_cancellable_new ();
  listener->doors = g_ptr_array_new_with_free_func ((GDestroyNotify) est_door_close);
  listener->addresses = g_ptr_array_new ();
  listener->troubles = g_ptr_array_new_with_free_func (free_trouble);
  g_mutex_init (&listener->mutex);
  g_cond_init (&listener->all_ended);
  est_listener_update (listener);
  return listener;
}

static void
stop_accepting (EstListener *listener)
{
  g_ptr_array_set_size (listener->doors, 0);
  g_clear_pointer (&listener->unix_door, est_door_close);
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
  g_ptr_array_unref (listener->doors);
  g_ptr_array_unref (listener->addresses);
  g_ptr_array_unref (listener->troubles);
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
