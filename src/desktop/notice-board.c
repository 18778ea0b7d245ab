/* Notifications by libnotify. */
#include "desktop/notice-board.h"

#include <gio/gio.h>
#include <libnotify/notify.h>

#define ICON   "org.estafeta.Estafeta"
#define SERVER "org.freedesktop.Notifications"

#define BUTTONS "estafeta-buttons" /* data of a notification: their codes, or NULL */

struct EstNoticeBoard
{
  GHashTable *notices; /* incident -> NotifyNotification */
  EstNoticePressed pressed;
  GObject *data;
};

/* What the server that is there now can do. */
typedef struct
{
  gboolean markup;
  gboolean buttons;
} Server;

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
est_notice_board_new (EstNoticePressed pressed, GObject *data)
{
  EstNoticeBoard *board = g_new0 (EstNoticeBoard, 1);
  board->pressed = pressed;
  board->data = g_object_ref (data);
  board->notices
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, drop_on_main_loop);
  return board;
}

void
est_notice_board_free (EstNoticeBoard *board)
{
  g_hash_table_unref (board->notices);
  g_object_unref (board->data);
  g_free (board);
}

static gboolean
is_among (GList *capabilities, const char *capability)
{
  return g_list_find_custom (capabilities, capability, (GCompareFunc) g_strcmp0) != NULL;
}

/* Asked anew each time: the server may have been replaced. */
static Server
ask_server (void)
{
  GList *capabilities = notify_get_server_caps ();
  Server server
    = {is_among (capabilities, "body-markup"), is_among (capabilities, "actions")};
  g_list_free_full (capabilities, g_free);
  return server;
}

/* libnotify passes "<b>" and "&" on as they are, so that a subject must be escaped if,
   and only if, the server reads markup. */
static char *
text_for_server (const EstNotice *notice, const Server *server)
{
  const char *more = server->buttons ? notice->with_buttons : notice->without_buttons;
  g_autofree char *text = more != NULL ? g_strconcat (notice->body, " ", more, NULL)
                                       : g_strdup (notice->body);
  return server->markup ? g_markup_escape_text (text, -1) : g_steal_pointer (&text);
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

typedef struct
{
  EstNoticePressed pressed;
  GObject *data;
  char *incident;
} Button;

static void
on_button (NotifyNotification *notification, char *code, gpointer data)
{
  const Button *button = data;
  button->pressed (button->incident, code, button->data);
}

static void
free_button (gpointer data)
{
  Button *button = data;
  g_object_unref (button->data);
  g_free (button->incident);
  g_free (button);
}

/* The main loop looks at a notification's buttons while it stands, so they are made with
   it and never changed. */
static NotifyNotification *
make (EstNoticeBoard *board,
      const char *incident,
      const EstNotice *notice,
      const char *body,
      const char *codes)
{
  NotifyNotification *notification
    = notify_notification_new (notice->summary, body, ICON);
  for (guint i = 0; codes != NULL && notice->buttons[i].code != NULL; i++)
    {
      Button *button = g_new (Button, 1);
      *button = (Button){board->pressed, g_object_ref (board->data), g_strdup (incident)};
      notify_notification_add_action (notification, notice->buttons[i].code,
                                      notice->buttons[i].label, on_button, button,
                                      free_button);
    }
  g_object_set_data_full (G_OBJECT (notification), BUTTONS, g_strdup (codes), g_free);
  g_hash_table_insert (board->notices, g_strdup (incident), notification);
  return notification;
}

/* The codes of all buttons in one; NULL: none. */
static char *
join_codes (const EstNotice *notice, const Server *server)
{
  GString *codes = NULL;
  for (guint i = 0; server->buttons && notice->buttons != NULL; i++)
    {
      if (notice->buttons[i].code == NULL)
        break;
      codes = codes != NULL ? codes : g_string_new (NULL);
      g_string_append_printf (codes, "%s ", notice->buttons[i].code);
    }
  return codes != NULL ? g_string_free (codes, FALSE) : NULL;
}

static NotifyNotification *
find_or_make (EstNoticeBoard *board, const char *incident, const EstNotice *notice)
{
  Server server = ask_server ();
  g_autofree char *body = text_for_server (notice, &server);
  g_autofree char *codes = join_codes (notice, &server);
  NotifyNotification *notification = g_hash_table_lookup (board->notices, incident);
  if (notification != NULL
      && g_strcmp0 (g_object_get_data (G_OBJECT (notification), BUTTONS), codes) == 0)
    {
      notify_notification_update (notification, notice->summary, body, ICON);
      return notification;
    }
  if (notification != NULL)
    notify_notification_close (notification, NULL);
  return make (board, incident, notice, body, codes);
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
gboolean
est_notice_board_put (EstNoticeBoard *board,
                      const char *incident,
                      EstNoticeKind kind,
                      const EstNotice *notice)
{
  g_autoptr (GError) error = NULL;
  if (!is_anybody_there ())
    return FALSE;
  NotifyNotification *notification = find_or_make (board, incident, notice);
  set_manners (notification, kind);
  gboolean shown = notify_notification_show (notification, &error);
  if (!shown)
    g_info ("no notification was shown: %s", error->message);
  if (kind == EST_NOTICE_QUIET)
    g_hash_table_remove (board->notices, incident);
  return shown;
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
