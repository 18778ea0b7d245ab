/* The method of org.estafeta.Discovery1, in GDBus's threads: the table here, everything
   that needs a network in the helper. */
#include "desktop/discovery-object.h"

#include "account/discovery.h"
#include "desktop/leaving.h"
#include "desktop/methods.h"
#include "interface/names.h"
#include "mail/address.h"

struct EstDiscoveryObject
{
  EstBusDiscovery1 *skeleton;
};

typedef struct
{
  GDBusMethodInvocation *invocation;
  const char *address;
} Call;

static GVariant *
as_dictionary (GHashTable *table)
{
  GHashTableIter iterator;
  gpointer key, value;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_hash_table_iter_init (&iterator, table);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    g_variant_builder_add (&list, "{ss}", key, value);
  return g_variant_builder_end (&list);
}

/* To nobody but the caller. */
static void
on_looked (GHashTable *look, gpointer data)
{
  const Call *call = data;
  g_dbus_connection_emit_signal (
    g_dbus_method_invocation_get_connection (call->invocation),
    g_dbus_method_invocation_get_sender (call->invocation), EST_BUS_PATH,
    est_bus_discovery1_interface_info ()->name, "Looked",
    g_variant_new ("(s@a{ss})", call->address, as_dictionary (look)), NULL);
}

/* As long as somebody waits for it. */
static GPtrArray *
run (const Call *call, GVariant *options, GError **error)
{
  g_autofree const char **sources = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const EstLookListener listener = {on_looked, (gpointer) call};
  EstLeaving *leaving = est_leaving_watch (call->invocation, cancellable);
  g_variant_lookup (options, "sources", "^a&s", &sources);
  GPtrArray *found
    = est_discovery_run (call->address, sources, &listener, cancellable, error);
  est_leaving_free (leaving);
  return found;
}

static GVariant *
as_list (GPtrArray *found)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{ss}"));
  for (guint i = 0; i < found->len; i++)
    g_variant_builder_add_value (&list, as_dictionary (g_ptr_array_index (found, i)));
  return g_variant_builder_end (&list);
}

static gboolean
on_discover (EstBusDiscovery1 *skeleton,
             GDBusMethodInvocation *invocation,
             const char *address,
             GVariant *options,
             EstDiscoveryObject *object)
{
  const Call call = {invocation, address};
  g_autoptr (GError) error = NULL;
  if (!est_address_is_mailbox (address) || est_address_is_wildcard (address))
    {
      g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_BAD_ADDRESS,
                                                  address);
      return TRUE;
    }
  g_autoptr (GPtrArray) found = run (&call, options, &error);
  if (found != NULL)
    est_bus_discovery1_complete_discover (skeleton, invocation, as_list (found));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstDiscoveryObject *object = data;
  g_object_unref (object->skeleton);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-discover", G_CALLBACK (on_discover)},
};

EstDiscoveryObject *
est_discovery_object_new (void)
{
  EstDiscoveryObject *object = g_atomic_rc_box_new0 (EstDiscoveryObject);
  object->skeleton = est_bus_discovery1_skeleton_new ();
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_discovery_object_free (EstDiscoveryObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_discovery_object_skeleton (EstDiscoveryObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
