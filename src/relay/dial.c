/* GSocketClient does it, but only where a main context runs: one of its own, in this
   thread, for the time of the call. */
#include "relay/dial.h"

#include "relay/addresses.h"

typedef struct
{
  GMainContext *context;
  GCancellable *cancellable; /* cancelled in this thread alone, see on_cancelled() */
  GAsyncResult *result;
  gboolean negotiated;
} Call;

static void
on_done (GObject *client, GAsyncResult *result, gpointer call)
{
  ((Call *) call)->result = g_object_ref (result);
}

static void
on_event (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *connectable,
          GIOStream *connection,
          Call *call)
{
  if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    call->negotiated = TRUE;
}

/* The attempts that lost are cancelled by now, and only have to be told so. */
static void
run (GMainContext *context, const Call *call)
{
  while (call->result == NULL)
    g_main_context_iteration (context, TRUE);
  while (g_main_context_iteration (context, FALSE))
    ;
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* In whichever thread. Until GLib 2.80 a source that ends just while another thread
   cancels it is lost, and an attempt at several addresses ends many. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  const Call *call = data;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_callback (source, cancel, g_object_ref (call->cancellable),
                         g_object_unref);
  g_source_attach (source, call->context);
}

static void
connect (Call *call, GSocketClient *client, EstAddresses *list, GCancellable *cancellable)
{
  gulong chain
    = cancellable != NULL
        ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), call, NULL)
        : 0;
  if (g_cancellable_is_cancelled (cancellable))
    g_cancellable_cancel (call->cancellable); /* not only when the context runs */
  g_main_context_push_thread_default (call->context);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (list), call->cancellable,
                                 on_done, call);
  run (call->context, call);
  g_main_context_pop_thread_default (call->context);
  g_cancellable_disconnect (cancellable, chain);
}

/* Its socket outlives the connection. */
static GSocket *
keep_socket (GSocketConnection *connection)
{
  return connection != NULL ? g_object_ref (g_socket_connection_get_socket (connection))
                            : NULL;
}

GSocket *
est_dial (GPtrArray *list,
          GCancellable *cancellable,
          gboolean *negotiated,
          GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (EstAddresses) addresses = est_addresses_new (list);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  Call call = {.context = context, .cancellable = own};
  g_socket_client_set_enable_proxy (client, negotiated != NULL);
  g_signal_connect (client, "event", G_CALLBACK (on_event), &call);
  connect (&call, client, addresses, cancellable);

  g_autoptr (GSocketConnection) connection
    = g_socket_client_connect_finish (client, call.result, error);
  g_object_unref (call.result);
  if (negotiated != NULL)
    *negotiated = call.negotiated;
  return keep_socket (connection);
}
