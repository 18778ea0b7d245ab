/* estafeta account add: sets an account up. What the values may be is the daemon's to
   say, which writes them into the settings file. */
#include "cli/account-wish.h"
#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "mail/address.h"

#include <glib/gi18n.h>

static const EstUsage usage = {
  .verb = "account add",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Sets an account up: mail from its addresses leaves by its server. The password "
        "is read\nfrom the terminal, or as one line from standard input, and kept in "
        "the keyring."),
  .notes
  = N_ ("At least “--address” and “--host” are needed. What has to stand in the settings "
        "file itself\nis described in estafeta.conf(5)."),
  .least = 1,
  .most = 1,
};

/* As the daemon does: a whole domain ("*@example.org") signs in nowhere. */
static const char *
find_user (const EstAccountWish *wish)
{
  return wish->user != NULL ? wish->user : est_address_first_mailbox (wish->addresses);
}

static gboolean
is_complete (const EstAccountWish *wish)
{
  if (wish->addresses == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--address");
  else if (wish->host == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--host");
  else if (est_account_wants_password (wish->auth) && find_user (wish) == NULL)
    est_usage_complain (usage.verb, _ ("missing: %s"), "--user");
  else
    return TRUE;
  return FALSE;
}

static GUnixFDList *
ask (const EstAccountWish *wish)
{
  if (wish->no_password || !est_account_wants_password (wish->auth))
    return est_account_ask (NULL);
  /* TRANSLATORS: a user name, and a server */
  g_autofree char *question
    = g_strdup_printf (_ ("Password of %s at %s: "), find_user (wish), wish->host);
  return est_account_ask (question);
}

static void
print_done (const char *name, const EstAccountWish *wish, gboolean json)
{
  g_autofree char *addresses = g_strjoinv (", ", wish->addresses);
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", name));
  else
    /* TRANSLATORS: the name of an account, its addresses, and its server */
    g_print (_ ("The account “%s” is set up: mail from %s leaves by %s.\n"), name,
             addresses, wish->host);
}

EstExit
est_verb_account_add (char **arguments)
{
  g_auto (EstAccountWish) wish = {0};
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_account_wish_parse (&usage, arguments, &wish, &json);
  if (operands == NULL || !est_account_wish_is_clear (&usage, &wish)
      || !is_complete (&wish))
    return EST_EXIT_USAGE;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  g_autoptr (GUnixFDList) fds = ask (&wish);
  if (fds == NULL)
    return EST_EXIT_FAILED;

  g_autoptr (GError) error = NULL;
  GVariant *values = est_account_wish_values (&wish);
  GVariant *handle = g_variant_new_handle (0);
  if (!est_bus_accounts1_call_add_sync (bus, operands[0], values, handle, fds, NULL, NULL,
                                        &error))
    return est_trouble_report (error, operands[0]);
  print_done (operands[0], &wish, json);
  return EST_EXIT_OK;
}
