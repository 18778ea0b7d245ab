/* estafeta list: all messages, a line each. */
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/messages.h"
#include "cli/pages.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "list",
  .summary = N_ ("Lists the messages there are: what became of each, and why."),
};

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
  else if (g_variant_n_children (messages) > 0)
    est_messages_print (messages, 0);
  else
    g_print ("%s\n", _ ("There are no messages."));
  return EST_EXIT_OK;
}
