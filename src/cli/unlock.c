/* estafeta unlock: has the keyring ask for its password. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define SECONDS 600 /* for a person to find the dialog, and the password */

static const EstUsage usage = {
  .verb = "unlock",
  .summary = N_ ("Has the keyring ask for its password, in a dialog of its own, if it is "
                 "locked. What waited\nfor it leaves then."),
};

EstExit
est_verb_unlock (char **arguments)
{
  gboolean json = FALSE;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_accounts1_call_unlock_sync (bus, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'unlocked': <true>}"));
  else
    g_print ("%s\n", _ ("The keyring is open."));
  return EST_EXIT_OK;
}
