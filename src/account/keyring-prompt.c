#include "account/keyring-prompt.h"

#define PROMPT "org.freedesktop.Secret.Prompt"

typedef struct
{
  gboolean over;
  gboolean dismissed;
  char *made; /* NULL: none, or it is not told */
  GMainContext *context;
} Dialog;

static void
on_completed (GDBusConnection *bus,
              const char *sender,
              const char *path,
              const char *interface,
              const char *member,
              GVariant *arguments,
              gpointer data)
{
  Dialog *dialog = data;
  g_autoptr (GVariant) result = NULL;
  dialog->over = dialog->dismissed = TRUE;
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(bv)")))
    return;
  g_variant_get (arguments, "(bv)", &dialog->dismissed, &result);
  if (g_variant_is_of_type (result, G_VARIANT_TYPE_OBJECT_PATH))
    {
      g_free (dialog->made);
      dialog->made = g_variant_dup_string (result, NULL);
    }
}

/* The service ended, and its dialog with it. */
static void
on_owner (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *member,
          GVariant *arguments,
          gpointer data)
{
  Dialog *dialog = data;
  dialog->over = dialog->dismissed = TRUE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer context)
{
  g_main_context_wakeup (context);
}

/* Does not wait for what the service makes of it. */
static void
dismiss (GDBusConnection *bus, const char *owner, const char *prompt)
{
  g_dbus_connection_call (bus, owner, prompt, PROMPT, "Dismiss", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
wait_for_end (Dialog *dialog, GCancellable *cancellable)
{
  gulong waker = 0;
  if (cancellable != NULL)
    waker = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                   g_main_context_ref (dialog->context),
                                   (GDestroyNotify) g_main_context_unref);
  while (!dialog->over && !g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (dialog->context, TRUE);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, waker);
}

static gboolean
show (GDBusConnection *bus,
      const char *owner,
      const char *prompt,
      Dialog *dialog,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, owner, prompt, PROMPT, "Prompt", g_variant_new ("(s)", ""), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, cancellable, error);
  if (answer == NULL)
    return FALSE;
  wait_for_end (dialog, cancellable);
  if (dialog->over)
    return !dialog->dismissed;
  dismiss (bus, owner, prompt);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

gboolean
est_keyring_prompt_run (GDBusConnection *bus,
                        const char *owner,
                        const char *prompt,
                        char **made,
                        GCancellable *cancellable,
                        GError **error)
{
  Dialog dialog = {.context = g_main_context_ref_thread_default ()};
  guint completed = g_dbus_connection_signal_subscribe (
    bus, owner, PROMPT, "Completed", prompt, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_completed,
    &dialog, NULL);
  guint gone = g_dbus_connection_signal_subscribe (
    bus, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
    "/org/freedesktop/DBus", owner, G_DBUS_SIGNAL_FLAGS_NONE, on_owner, &dialog, NULL);
  gboolean done = show (bus, owner, prompt, &dialog, cancellable, error);
  g_dbus_connection_signal_unsubscribe (bus, completed);
  g_dbus_connection_signal_unsubscribe (bus, gone);
  g_main_context_unref (dialog.context);
  if (done && made != NULL)
    *made = g_steal_pointer (&dialog.made);
  g_free (dialog.made);
  return done;
}
