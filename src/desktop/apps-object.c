/* The methods of org.estafeta.Apps1. They run in GDBus's threads, because settings and
   outbox wait for the disc. */
#include "desktop/apps-object.h"

#include "desktop/app-values.h"
#include "desktop/methods.h"
#include "interface/names.h"

struct EstAppsObject
{
  EstBusApps1 *skeleton;
  EstApps *apps;
};

static gboolean
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const char *name = "org.freedesktop.DBus.Error.Failed";
  if (g_error_matches (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME))
    name = EST_BUS_ERROR_NO_SUCH_APP;
  else if (error->domain == EST_SETTINGS_ERROR)
    name = EST_BUS_ERROR_SETTINGS;
  g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
  return TRUE;
}

static gboolean
on_list (EstBusApps1 *skeleton, GDBusMethodInvocation *invocation, EstAppsObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) apps = est_apps_list (object->apps, &error);
  if (apps == NULL)
    return return_error (invocation, error);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < apps->len; i++)
    est_app_values_add (g_ptr_array_index (apps, i), &list);
  est_bus_apps1_complete_list (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

static gboolean
on_allow (EstBusApps1 *skeleton,
          GDBusMethodInvocation *invocation,
          const char *name,
          EstAppsObject *object)
{
  guint released;
  g_autoptr (GError) error = NULL;
  if (!est_apps_decide (object->apps, name, EST_PERMISSION_ALLOW, &released, &error))
    return return_error (invocation, error);
  est_bus_apps1_complete_allow (skeleton, invocation, released);
  return TRUE;
}

static gboolean
on_refuse (EstBusApps1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstAppsObject *object)
{
  guint released;
  g_autoptr (GError) error = NULL;
  if (!est_apps_decide (object->apps, name, EST_PERMISSION_REFUSE, &released, &error))
    return return_error (invocation, error);
  est_bus_apps1_complete_refuse (skeleton, invocation);
  return TRUE;
}

static gboolean
on_forget (EstBusApps1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstAppsObject *object)
{
  guint released;
  g_autoptr (GError) error = NULL;
  if (!est_apps_decide (object->apps, name, EST_PERMISSION_ASK, &released, &error))
    return return_error (invocation, error);
  est_bus_apps1_complete_forget (skeleton, invocation);
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstAppsObject *object = data;
  g_object_unref (object->skeleton);
  g_object_unref (object->apps);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-list",   G_CALLBACK (on_list)  },
  {"handle-allow",  G_CALLBACK (on_allow) },
  {"handle-refuse", G_CALLBACK (on_refuse)},
  {"handle-forget", G_CALLBACK (on_forget)},
};

EstAppsObject *
est_apps_object_new (const EstBusServices *services)
{
  EstAppsObject *object = g_atomic_rc_box_new0 (EstAppsObject);
  object->skeleton = est_bus_apps1_skeleton_new ();
  object->apps = g_object_ref (services->apps);
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_apps_object_free (EstAppsObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_apps_object_skeleton (EstAppsObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
