/* estafeta send: try now. */
#include "base/clock.h"
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "outcome/reason.h"
#include "wording/figure.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 60

static const EstUsage usage = {
  .verb = "send",
  .operands = N_ ("[NUMBER…]"),
  .summary
  = N_ ("Tries to send the messages with these numbers now, or all that wait.\n"
        "Failed and held ones go only to the recipients that have not got them."),
};

/* "send" ends pauses, but does not go over a budget. How many accounts it waits for. */
static guint
print_budgets (EstBusOutbox1 *outbox)
{
  guint count = 0;
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autoptr (GVariant) status = NULL;
  if (!est_bus_outbox1_call_get_status_sync (outbox, &status, NULL, NULL))
    return 0;
  g_autoptr (GVariant) accounts = est_record_list (status, "accounts");
  for (gsize i = 0; i < g_variant_n_children (accounts); i++)
    {
      g_autoptr (GVariant) account = g_variant_get_child_value (accounts, i);
      g_autofree char *name = est_record_text (account, "name");
      g_autofree char *nick = est_record_text (account, "paused");
      g_autofree char *when = est_wording_when (est_record_time (account, "retry"), now);
      if (est_reason_from_nick (nick) != EST_REASON_BUDGET)
        continue;
      count++;
      /* TRANSLATORS: the name of an account, and a time of day or a date */
      g_print (_ ("By account “%s” as much has left as may in this time: what waits "
                  "there goes on by itself from %s. Only the settings can allow more.\n"),
               name, when);
    }
  return count;
}

static void
print_outcome (EstBusOutbox1 *outbox, guint count)
{
  if (count == 0)
    g_print ("%s\n", _ ("There is nothing that could be tried now."));
  else if (print_budgets (outbox) > 0)
    g_print (ngettext ("%u message goes as soon as it may.\n",
                       "%u messages go as soon as they may.\n", count),
             count);
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
    print_outcome (outbox, count);
  return EST_EXIT_OK;
}
