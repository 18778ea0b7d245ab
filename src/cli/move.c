/* estafeta move: let messages leave by another account. */
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 60

static const EstUsage usage = {
  .verb = "move",
  .operands = N_ ("[NUMBER…]"),
  .summary
  = N_ ("Lets messages that wait, failed or are on hold leave by another account, which\n"
        "must send for their sender."),
};

EstExit
est_verb_move (char **arguments)
{
  gboolean json = FALSE;
  g_autofree char *account = NULL;
  g_auto (EstChoice) choice = {0};
  const GOptionEntry own[] = {
    {"to", 't', 0, G_OPTION_ARG_STRING, &account, N_ ("The account they are to leave by"),
     N_ ("NAME")},
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = est_choice_entries (&choice, own);
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  if (account == NULL)
    {
      est_usage_complain (usage.verb, _ ("missing: %s"), "--to");
      return EST_EXIT_USAGE;
    }
  g_autoptr (GVariant) ids = est_choice_ids (&choice, usage.verb, operands, TRUE);
  g_autoptr (GVariant) filter = est_choice_filter (&choice, usage.verb);
  if (ids == NULL || filter == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (!est_bus_outbox1_call_move_sync (outbox, ids, filter, account, &count, NULL,
                                       &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'count': <%u>}", count));
  else
    g_print (ngettext ("%u message leaves by “%s” now.\n",
                       "%u messages leave by “%s” now.\n", count),
             count, account);
  return EST_EXIT_OK;
}
