/* Notifications by libnotify. */
#include "desktop/notice-board.h"

#include <gio/gio.h>
#include <libnotify/notify.h>

#define SERVER "org.freedesktop.Notifications"

struct EstNoticeBoard
{
  GHashTable *notices; /* incident -> NotifyNotification */
};

static gboolean
drop (gpointer notification)
{
  g_object_unref (notification);
  return G_SOURCE_REMOVE;
}

/* The server's "closed" comes in on the main loop, and libnotify's handler holds no
   reference: the last one must go there too. */
static void
drop_on_main_loop (gpointer notification)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, drop, notification, NULL);
}

EstNoticeBoard *
est_notice_board_new (void)
{
  EstNoticeBoard *board = g_new0 (EstNoticeBoard, 1);
  board->notices
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, drop_on_main_loop);
  return board;
}

void
est_notice_board_free (EstNoticeBoard *board)
{
  g_hash_table_unref (board->notices);
  g_free (board);
}

/* Asked anew each time: the server may have been replaced. libnotify passes "<b>" and "&"
   on as they are, so that a subject must be escaped if, and only if, the server reads
   markup. */
static char *
text_for_server (const char *text)
{
  GList *capabilities = notify_get_server_caps ();
  gboolean markup
    = g_list_find_custom (capabilities, "body-markup", (GCompareFunc) g_strcmp0) != NULL;
  g_list_free_full (capabilities, g_free);
  return markup ? g_markup_escape_text (text, -1) : g_strdup (text);
}

static void
set_manners (NotifyNotification *notification, EstNoticeKind kind)
{
  static const NotifyUrgency urgencies[] = {
    [EST_NOTICE_QUIET] = NOTIFY_URGENCY_LOW,
    [EST_NOTICE_STAYS] = NOTIFY_URGENCY_NORMAL,
    [EST_NOTICE_TROUBLE] = NOTIFY_URGENCY_CRITICAL,
  };
  gboolean quiet = kind == EST_NOTICE_QUIET;
  notify_notification_set_urgency (notification, urgencies[kind]);
  notify_notification_set_timeout (notification,
                                   quiet ? NOTIFY_EXPIRES_DEFAULT : NOTIFY_EXPIRES_NEVER);
  notify_notification_set_hint (notification, "desktop-entry",
                                g_variant_new_string ("org.estafeta.Estafeta"));
  notify_notification_set_hint (notification, "transient", g_variant_new_boolean (quiet));
}

static NotifyNotification *
find_or_make (EstNoticeBoard *board,
              const char *incident,
              const char *summary,
              const char *body)
{
  static const char icon[] = "org.estafeta.Estafeta";
  NotifyNotification *notification = g_hash_table_lookup (board->notices, incident);
  if (notification != NULL)
    notify_notification_update (notification, summary, body, icon);
  else
    {
      notification = notify_notification_new (summary, body, icon);
      g_hash_table_insert (board->notices, g_strdup (incident), notification);
    }
  return notification;
}

static GVariant *
ask_bus (GDBusConnection *bus, const char *method, GVariant *arguments)
{
  return g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
    arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
}

static gboolean
has_owner (GDBusConnection *bus)
{
  gboolean owned = FALSE;
  g_autoptr (GVariant) answer
    = ask_bus (bus, "NameHasOwner", g_variant_new ("(s)", SERVER));
  if (answer != NULL)
    g_variant_get (answer, "(b)", &owned);
  return owned;
}

static gboolean
can_be_started (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer
    = ask_bus (bus, "StartServiceByName", g_variant_new ("(su)", SERVER, 0));
  return answer != NULL;
}

/* libnotify complains in the log at each call where nobody listens. */
static gboolean
is_anybody_there (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  return bus != NULL && (has_owner (bus) || can_be_started (bus))
         && (notify_is_initted () || notify_init ("Estafeta"));
}

/* Good news is not kept: the next of its kind is a notification of its own. */
void
est_notice_board_put (EstNoticeBoard *board,
                      const char *incident,
                      EstNoticeKind kind,
                      const EstNotice *notice)
{
  g_autoptr (GError) error = NULL;
  if (!is_anybody_there ())
    return;
  g_autofree char *body = text_for_server (notice->body);
  NotifyNotification *notification
    = find_or_make (board, incident, notice->summary, body);
  set_manners (notification, kind);
  if (!notify_notification_show (notification, &error))
    g_info ("no notification was shown: %s", error->message);
  if (kind == EST_NOTICE_QUIET)
    g_hash_table_remove (board->notices, incident);
}

gboolean
est_notice_board_has (EstNoticeBoard *board, const char *incident)
{
  return g_hash_table_contains (board->notices, incident);
}

void
est_notice_board_take (EstNoticeBoard *board, const char *incident)
{
  NotifyNotification *notification = g_hash_table_lookup (board->notices, incident);
  if (notification != NULL && is_anybody_there ())
    notify_notification_close (notification,
                               NULL); /* that it is gone already is as good */
  g_hash_table_remove (board->notices, incident);
}
