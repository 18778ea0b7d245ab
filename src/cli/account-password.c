/* estafeta account password: gives an account another password. */
#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"

#include <glib/gi18n.h>

static const EstUsage usage = {
  .verb = "account password",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Replaces the password of an account in the keyring. It is read from the "
        "terminal, or\nas one line from standard input."),
  .least = 1,
  .most = 1,
};

EstExit
est_verb_account_password (char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;

  const char *name = operands[0];
  g_autofree char *question
    = g_strdup_printf (_ ("Password for the account “%s”: "), name);
  g_autoptr (GUnixFDList) fds = est_account_ask (question);
  if (fds == NULL)
    return EST_EXIT_FAILED;

  g_autoptr (GError) error = NULL;
  GVariant *handle = g_variant_new_handle (0);
  if (!est_bus_accounts1_call_set_secret_sync (bus, name, handle, fds, NULL, NULL,
                                               &error))
    return est_trouble_report (error, name);
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", name));
  else
    g_print (_ ("The account “%s” has its new password.\n"), name);
  return EST_EXIT_OK;
}
