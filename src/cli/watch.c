/* estafeta watch: what happens, while it happens. */
#include "base/clock.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wording/figure.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "watch",
  .summary = N_ (
    "Prints a line whenever something happens to a message, until it is interrupted.\n"
    "With “--json” each line is an object as “estafeta list --json” has them."),
};

typedef struct
{
  EstBusOutbox1 *outbox;
  GMainLoop *loop;
  gboolean json;
  EstExit status;
} Watch;

static void
print_line (GVariant *message)
{
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autofree char *when = est_wording_stamp (now);
  g_autofree char *state = est_record_text (message, "state");
  g_autofree char *subject = est_record_text (message, "subject");
  g_autofree char *nick = est_record_text (message, "reason");
  g_autofree char *figures = est_record_text (message, "figures");
  g_autofree char *reply = est_record_text (message, "reply");
  g_auto (GStrv) recipients = est_record_texts (message, "recipients");
  g_autofree char *to = g_strjoinv (", ", recipients);
  EstReason reason = est_reason_from_nick (nick);
  g_autofree char *why = reason != EST_REASON_NONE
                           ? est_wording_reason (reason, NULL, figures, reply)
                           : g_strdup ("");
  g_print ("%s  %" G_GUINT64_FORMAT "  %s  %s  %s  %s\n", when,
           est_record_number (message, "id"), est_wording_state (state), to, subject,
           why);
}

/* One object, one line: that is what programs that read on want. */
static void
print_json_line (GVariant *message)
{
  g_autofree char *text = est_json_format (message);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    g_print ("%s", g_strstrip (*line));
  g_print ("\n");
}

/* A message that is gone by now has had its line. */
static void
print_message (Watch *watch, guint64 id)
{
  g_autoptr (GVariant) message = NULL;
  if (!est_bus_outbox1_call_show_sync (watch->outbox, id, &message, NULL, NULL))
    return;
  if (watch->json)
    print_json_line (message);
  else
    print_line (message);
  fflush (stdout);
}

static void
on_changed (EstBusOutbox1 *outbox, GVariant *ids, Watch *watch)
{
  gsize n_ids;
  const guint64 *list = g_variant_get_fixed_array (ids, &n_ids, sizeof (guint64));
  for (gsize i = 0; i < n_ids; i++)
    print_message (watch, list[i]);
  if (n_ids == 0 && !watch->json)
    g_print ("%s\n", _ ("Very many messages changed; “estafeta list” shows them."));
}

static void
on_closed (GDBusConnection *connection, gboolean vanished, GError *error, Watch *watch)
{
  watch->status = est_trouble_no_daemon ();
  g_main_loop_quit (watch->loop);
}

EstExit
est_verb_watch (char **arguments)
{
  Watch watch = {.status = EST_EXIT_OK};
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &watch.json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox_live (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  watch.outbox = outbox;
  watch.loop = loop;
  g_signal_connect (outbox, "changed", G_CALLBACK (on_changed), &watch);
  g_signal_connect (g_dbus_proxy_get_connection (G_DBUS_PROXY (outbox)), "closed",
                    G_CALLBACK (on_closed), &watch);
  g_main_loop_run (loop);
  return watch.status;
}
