/* estafeta account trust, account accept: a person's word about a mail server that the
   daemon would not believe by itself. */
#include "base/user.h"
#include "cli/account.h"
#include "cli/confirm.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "outcome/reason.h"
#include "wire/peer.h"
#include "wording/particulars.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage trust_usage = {
  .verb = "account trust",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Shows the key of a mail server on this computer that has a certificate of its\n"
        "own, such as a bridge, and keeps it in the settings if you say yes: only that\n"
        "key counts from then on."),
  .least = 1,
  .most = 1,
};

static const EstUsage accept_usage = {
  .verb = "account accept",
  .operands = N_ ("NAME"),
  .summary = N_ (
    "Goes on with a mail server that protects mail less well than it did before. What\n"
    "is less is in “estafeta status”; if it becomes still less, you are asked again."),
  .least = 1,
  .most = 1,
};

static EstExit
say_nothing_asked (const char *name)
{
  return est_account_say (
    _ ("The account “%s” asks nothing of that kind now; “estafeta status” says "
       "what is in the way."),
    name, EST_EXIT_FAILED);
}

/* What the account is paused for, with its @figures. */
static EstExit
look_at_pause (const char *name, EstReason *reason, char **figures)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_outbox1_call_get_status_sync (outbox, &status, NULL, &error))
    return est_trouble_report (error, NULL);
  g_autoptr (GVariant) accounts = est_record_list (status, "accounts");
  g_autoptr (GVariant) account = est_account_find (accounts, name);
  if (account == NULL)
    return est_account_say (_ ("There is no account “%s”."), name, EST_EXIT_NOT_FOUND);
  g_autofree char *nick = est_record_text (account, "paused");
  *reason = est_reason_from_nick (nick);
  *figures = est_record_text (account, "figures");
  return EST_EXIT_OK;
}

/* Whose program the kernel says listens there; NULL: it does not say. */
static char *
find_listener_at (const char *address, guint port)
{
  EstPeerListener listener;
  g_autoptr (GSocketAddress) socket
    = g_inet_socket_address_new_from_string (address, port);
  if (socket == NULL
      || !est_peer_look_at_listener (G_INET_SOCKET_ADDRESS (socket), &listener, NULL))
    return NULL;
  return est_user_name (listener.uid);
}

static char *
find_listener (const char *host, guint port)
{
  if (g_ascii_strcasecmp (host, "localhost") != 0)
    return find_listener_at (host, port);
  char *user = find_listener_at ("127.0.0.1", port);
  return user != NULL ? user : find_listener_at ("::1", port);
}

static EstExit
show_server (EstBusAccounts1 *bus, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) accounts = NULL;
  if (!est_bus_accounts1_call_list_sync (bus, &accounts, NULL, &error))
    return est_trouble_report (error, name);
  g_autoptr (GVariant) account = est_account_find (accounts, name);
  if (account == NULL)
    return est_account_say (_ ("There is no account “%s”."), name, EST_EXIT_NOT_FOUND);
  g_autofree char *host = est_record_text (account, "host");
  g_autofree char *port = est_record_text (account, "port");
  g_autofree char *user = find_listener (host, (guint) g_ascii_strtoull (port, NULL, 10));
  /* TRANSLATORS: the name of an account, the name and the port of a server */
  g_print (_ ("The mail server of “%s” is %s, port %s, on this computer.\n"), name, host,
           port);
  if (user != NULL)
    g_print (_ ("A program of the user “%s” listens there.\n"), user);
  return EST_EXIT_OK;
}

static gboolean
ask (EstReason reason, const char *pin)
{
  if (reason == EST_REASON_PIN)
    g_print ("%s\n", _ ("Its key is not the one you confirmed before. If that program "
                        "was not set up anew, say no."));
  g_print (_ ("It shows a certificate of its own, with this key:\n  %s\n"), pin);
  return est_confirm_ask (_ ("Trust this key from now on, and no other? [y/N] "));
}

static EstExit
trust (const char *name, gboolean sure, gboolean json)
{
  EstReason reason;
  g_autofree char *pin = NULL;
  g_autoptr (GError) error = NULL;
  EstExit looked = look_at_pause (name, &reason, &pin);
  if (looked != EST_EXIT_OK)
    return looked;
  if (reason != EST_REASON_UNCONFIRMED && reason != EST_REASON_PIN)
    return say_nothing_asked (name);
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (ANSWER_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  EstExit shown = sure ? EST_EXIT_OK : show_server (bus, name);
  if (shown != EST_EXIT_OK)
    return shown;
  if (!sure && !ask (reason, pin))
    return EST_EXIT_FAILED;
  if (!est_bus_accounts1_call_trust_sync (bus, name, pin, NULL, &error))
    return est_trouble_report (error, name);
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>, 'pin': <%s>}", name, pin));
  else
    g_print (_ ("The key is in the settings; mail of “%s” leaves now.\n"), name);
  return EST_EXIT_OK;
}

EstExit
est_verb_account_trust (char **arguments)
{
  gboolean json = FALSE, sure = FALSE;
  const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &sure, N_ ("Do not ask"), NULL},
    {NULL   },
  };
  g_auto (GStrv) operands = est_usage_parse (&trust_usage, options, arguments, &json);
  return operands != NULL ? trust (operands[0], sure, json) : EST_EXIT_USAGE;
}

EstExit
est_verb_account_accept (char **arguments)
{
  EstReason reason;
  gboolean json = FALSE;
  g_autofree char *fall = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = est_usage_parse (&accept_usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  const char *name = operands[0];
  EstExit looked = look_at_pause (name, &reason, &fall);
  if (looked != EST_EXIT_OK)
    return looked;
  if (reason != EST_REASON_WEAKER)
    return say_nothing_asked (name);
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (ANSWER_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_accounts1_call_accept_sync (bus, name, NULL, &error))
    return est_trouble_report (error, name);
  g_autofree char *words = est_wording_particulars (reason, fall);
  if (json)
    est_json_print (
      g_variant_new_parsed ("{'account': <%s>, 'figures': <%s>}", name, fall));
  else
    g_print (_ ("%s Mail of “%s” goes on with that.\n"), words != NULL ? words : "",
             name);
  return EST_EXIT_OK;
}
