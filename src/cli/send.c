/* estafeta send: try now. */
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 60

static const EstUsage usage = {
  .verb = "send",
  .operands = N_ ("[NUMBER…]"),
  .summary
  = N_ ("Tries to send the messages with these numbers now, or all that wait.\n"
        "Failed and held ones go only to the recipients that have not got them."),
};

static void
print_count (guint count)
{
  if (count == 0)
    g_print ("%s\n", _ ("There is nothing that could be tried now."));
  else
    g_print (ngettext ("%u message is being tried now.\n",
                       "%u messages are being tried now.\n", count),
             count);
}

EstExit
est_verb_send (char **arguments)
{
  gboolean json = FALSE;
  g_auto (EstChoice) choice = {0};
  g_autofree GOptionEntry *entries = est_choice_entries (&choice, NULL);
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (GVariant) ids = est_choice_ids (&choice, usage.verb, operands, FALSE);
  g_autoptr (GVariant) filter = est_choice_filter (&choice, usage.verb);
  if (ids == NULL || filter == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (!est_bus_outbox1_call_send_sync (outbox, ids, filter, &count, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'count': <%u>}", count));
  else
    print_count (count);
  return EST_EXIT_OK;
}
