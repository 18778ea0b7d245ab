/* The methods of org.estafeta.Setup1. They run in GDBus's threads; the sockets and the
   settings are on the main loop. */
#include "desktop/setup-object.h"

#include "account/settings-file.h"
#include "account/settings-parse.h"
#include "desktop/main-loop.h"
#include "desktop/methods.h"
#include "interface/names.h"

#include <unistd.h>

struct EstSetupObject
{
  EstBusSetup1 *skeleton;
  EstPorts ports;
};

typedef struct
{
  const EstPorts *ports;
  guint16 port;
  const char *state;
} Choice;

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const EstErrorName names[] = {
    {G_IO_ERROR,         G_IO_ERROR_ADDRESS_IN_USE, EST_BUS_ERROR_NO_PORT },
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE, EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX, EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,  EST_BUS_ERROR_SETTINGS},
  };
  est_methods_return_error (invocation, names, G_N_ELEMENTS (names), error);
}

static gboolean
choose (gpointer data, GError **error)
{
  Choice *choice = data;
  const EstPorts *ports = choice->ports;
  return ports->choose (ports->data, &choice->port, &choice->state, error);
}

static gboolean
on_choose_port (EstBusSetup1 *skeleton,
                GDBusMethodInvocation *invocation,
                EstSetupObject *object)
{
  g_autoptr (GError) error = NULL;
  Choice choice = {.ports = &object->ports};
  if (est_main_loop_run (choose, &choice, &error))
    est_bus_setup1_complete_choose_port (skeleton, invocation, choice.port, choice.state);
  else
    return_error (invocation, error);
  return TRUE;
}

static gboolean
forget (gpointer data, GError **error)
{
  Choice *choice = data;
  return choice->ports->forget (choice->ports->data, choice->port, error);
}

static gboolean
on_forget_port (EstBusSetup1 *skeleton,
                GDBusMethodInvocation *invocation,
                guint16 port,
                EstSetupObject *object)
{
  g_autoptr (GError) error = NULL;
  Choice choice = {.ports = &object->ports, .port = port};
  if (est_main_loop_run (forget, &choice, &error))
    est_bus_setup1_complete_forget_port (skeleton, invocation);
  else
    return_error (invocation, error);
  return TRUE;
}

static gboolean
on_check_settings (EstBusSetup1 *skeleton,
                   GDBusMethodInvocation *invocation,
                   GUnixFDList *list,
                   GVariant *handle,
                   EstSetupObject *object)
{
  gsize length;
  g_autoptr (GError) error = NULL;
  int fd = est_methods_take_fd (list, handle);
  g_autofree char *text
    = fd >= 0 ? est_settings_file_read_from (fd, &length, &error) : NULL;
  if (fd >= 0)
    close (fd);
  if (text == NULL)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_SETTINGS,
                                                  error != NULL ? error->message
                                                                : "there is no file");
      return TRUE;
    }
  g_autoptr (EstSettings) settings = est_settings_parse (text, length, &error);
  guint line = settings == NULL ? est_settings_error_line (error, text) : 0;
  est_bus_setup1_complete_check_settings (skeleton, invocation, NULL, line,
                                          settings == NULL ? error->message : "");
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstSetupObject *object = data;
  g_object_unref (object->skeleton);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-choose-port",    G_CALLBACK (on_choose_port)   },
  {"handle-forget-port",    G_CALLBACK (on_forget_port)   },
  {"handle-check-settings", G_CALLBACK (on_check_settings)},
};

EstSetupObject *
est_setup_object_new (const EstBusServices *services)
{
  EstSetupObject *object = g_atomic_rc_box_new0 (EstSetupObject);
  object->skeleton = est_bus_setup1_skeleton_new ();
  object->ports = services->ports;
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_setup_object_free (EstSetupObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_setup_object_skeleton (EstSetupObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
