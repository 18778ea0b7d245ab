/* estafeta list: all messages, a line each. */
#include "base/clock.h"
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/pages.h"
#include "cli/record.h"
#include "cli/table.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wording/figure.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "list",
  .summary = N_ ("Lists the messages there are: what became of each, and why."),
};

/* "b@example.net +2" */
static char *
name_recipients (GVariant *message)
{
  g_auto (GStrv) recipients = est_record_texts (message, "recipients");
  guint n = g_strv_length (recipients);
  if (n <= 1)
    return g_strdup (n == 1 ? recipients[0] : "");
  return g_strdup_printf ("%s +%u", recipients[0], n - 1);
}

static char *
tell_why (GVariant *message, gint64 now)
{
  g_autofree char *nick = est_record_text (message, "reason");
  g_autofree char *reply = est_record_text (message, "reply");
  EstReason reason = est_reason_from_nick (nick);
  if (reason != EST_REASON_NONE)
    return est_wording_reason (reason, NULL, reply);

  gint64 due = est_record_time (message, "due");
  if (due <= now)
    return NULL;
  g_autofree char *when = est_wording_when (due, now);
  /* TRANSLATORS: %s is a time of day or a date */
  return g_strdup_printf (_ ("not before %s"), when);
}

static void
add_message (EstTable *table, GVariant *message, gint64 now)
{
  g_autofree char *id
    = g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (message, "id"));
  g_autofree char *state = est_record_text (message, "state");
  g_autofree char *when = est_wording_when (est_record_time (message, "created"), now);
  g_autofree char *to = name_recipients (message);
  g_autofree char *subject = est_record_text (message, "subject");
  g_autofree char *why = tell_why (message, now);
  const char *cells[] = {id, est_wording_state (state), when, to, subject, why};
  est_table_add (table, cells);
}

static void
print_table (GVariant *messages)
{
  const EstColumn columns[] = {
    {C_ ("column", "No."),       0,  TRUE },
    {C_ ("column", "State"),     0,  FALSE},
    {C_ ("column", "Handed in"), 0,  FALSE},
    {C_ ("column", "To"),        12, FALSE},
    {C_ ("column", "Subject"),   12, FALSE},
    {C_ ("column", "Why"),       16, FALSE},
  };
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  gsize n = g_variant_n_children (messages);
  g_autoptr (EstTable) table = est_table_new (columns, G_N_ELEMENTS (columns));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) message = g_variant_get_child_value (messages, i);
      add_message (table, message, now);
    }
  g_autofree char *text = est_table_format (table, est_output_width ());
  if (n > 0)
    g_print ("%s", text);
  else
    g_print ("%s\n", _ ("There are no messages."));
}

EstExit
est_verb_list (char **arguments)
{
  gboolean json = FALSE;
  int last = 0;
  g_auto (EstChoice) choice = {0};
  const GOptionEntry own[] = {
    {"last", 'n', 0, G_OPTION_ARG_INT, &last, N_ ("Only the last so many"), N_ ("COUNT")},
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = est_choice_entries (&choice, own);
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  g_autoptr (GVariant) filter
    = operands != NULL ? est_choice_filter (&choice, usage.verb) : NULL;
  if (filter == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) messages = est_pages_fetch (outbox, est_bus_outbox1_call_list_sync,
                                                   filter, "id", last, &error);
  if (messages == NULL)
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (messages);
  else
    print_table (messages);
  return EST_EXIT_OK;
}
