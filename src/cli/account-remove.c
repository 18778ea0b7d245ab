/* estafeta account remove: takes an account away, and asks first what is to become of the
   mail that waits for it. */
#include "cli/account.h"
#include "cli/choice.h"
#include "cli/confirm.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/messages.h"
#include "cli/pages.h"
#include "cli/trouble.h"
#include "cli/usage.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define OUTBOX_SECONDS 60
#define NAMED          5 /* messages shown; the others are counted */

/* What becomes of the mail; at most one of them. */
typedef struct
{
  gboolean keep;
  gboolean discard;
  char *to; /* the account that takes it over */
} Fate;

typedef struct
{
  const char *name;
  Fate fate;
  gboolean json;
  EstBusOutbox1 *outbox;
  GVariant *filter; /* what waits, failed or is on hold, and was there at the question */
} Removal;

static const EstUsage usage = {
  .verb = "account remove",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Takes an account out of the settings, and its password out of the keyring. If "
        "mail waits\nfor it, asks what is to become of that."),
  .least = 1,
  .most = 1,
};

static gboolean
is_clear (const Removal *removal)
{
  const Fate *fate = &removal->fate;
  int said = (fate->keep ? 1 : 0) + (fate->discard ? 1 : 0) + (fate->to != NULL ? 1 : 0);
  if (said > 1)
    est_usage_complain (usage.verb, _ ("say only one of %s"),
                        "--keep, --discard, --move");
  else if (fate->to != NULL && g_str_equal (fate->to, removal->name))
    est_usage_complain (usage.verb, _ ("mail cannot move to the account that goes"));
  else
    return TRUE;
  return FALSE;
}

static GVariant *
make_filter (const char *name)
{
  const EstChoice choice
    = {.states = (char *) "waiting,failed,held", .account = (char *) name};
  g_autoptr (GVariant) all = est_choice_filter (&choice, usage.verb);
  return est_choice_until_now (all);
}

/* NULL after saying why. */
static GVariant *
find_mail (const Removal *removal)
{
  g_autoptr (GError) error = NULL;
  GVariant *mail = est_pages_fetch (removal->outbox, est_bus_outbox1_call_list_sync,
                                    removal->filter, "id", 0, &error);
  if (mail == NULL)
    est_trouble_report (error, NULL);
  return mail;
}

static gboolean
ask_to_keep (guint count)
{
  g_autofree char *question = g_strdup_printf (
    ngettext ("Keep %u message until an account of that name is back? [y/N] ",
              "Keep %u messages until an account of that name is back? [y/N] ", count),
    count);
  return est_confirm_ask (question);
}

static EstExit
ask_person (Removal *removal, GVariant *mail)
{
  guint count = (guint) g_variant_n_children (mail);
  est_messages_print (mail, NAMED);
  removal->fate.keep = ask_to_keep (count);
  removal->fate.discard = !removal->fate.keep && est_confirm_discard_count (count);
  if (removal->fate.keep || removal->fate.discard)
    return EST_EXIT_OK;
  return est_account_say (
    _ ("The account “%s” stays. With “--move ACCOUNT” its mail leaves by "
       "another one."),
    removal->name, EST_EXIT_FAILED);
}

static EstExit
ask (Removal *removal, GVariant *mail)
{
  const Fate *fate = &removal->fate;
  if (g_variant_n_children (mail) == 0 || fate->keep || fate->discard || fate->to != NULL)
    return EST_EXIT_OK;
  if (!removal->json && isatty (STDIN_FILENO))
    return ask_person (removal, mail);
  est_usage_complain (usage.verb,
                      _ ("mail waits for it: say what is to become of that by %s"),
                      "--keep, --discard, --move");
  return EST_EXIT_USAGE;
}

static GVariant *
no_ids (void)
{
  return g_variant_new ("at", NULL);
}

static EstExit
discard (const Removal *removal)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (est_bus_outbox1_call_discard_sync (removal->outbox, no_ids (), removal->filter,
                                         &count, NULL, &error))
    return EST_EXIT_OK;
  return est_trouble_report (error, NULL);
}

/* What the other account may not send is not moved; then everything else stays, too. */
static EstExit
move (const Removal *removal)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (!est_bus_outbox1_call_move_sync (removal->outbox, no_ids (), removal->filter,
                                       removal->fate.to, &count, NULL, &error))
    return est_trouble_report (error, removal->fate.to);
  g_autoptr (GVariant) left = find_mail (removal);
  if (left == NULL)
    return EST_EXIT_FAILED;
  if (g_variant_n_children (left) == 0)
    return EST_EXIT_OK;
  est_messages_print (left, NAMED);
  return est_account_say (
    _ ("The account “%s” stays: the other one does not send for whoever wrote "
       "these."),
    removal->name, EST_EXIT_FAILED);
}

static EstExit
settle (Removal *removal)
{
  g_autoptr (GVariant) mail = find_mail (removal);
  if (mail == NULL)
    return EST_EXIT_FAILED;
  EstExit answer = ask (removal, mail);
  if (answer != EST_EXIT_OK)
    return answer;
  if (removal->fate.discard)
    return discard (removal);
  return removal->fate.to != NULL ? move (removal) : EST_EXIT_OK;
}

/* Before anything happens to mail: some may wait for an account that is gone already. */
static EstExit
check_name (EstBusAccounts1 *accounts, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) list = NULL;
  if (!est_bus_accounts1_call_list_sync (accounts, &list, NULL, &error))
    return est_trouble_report (error, NULL);
  g_autoptr (GVariant) account = est_account_find (list, name);
  if (account != NULL)
    return EST_EXIT_OK;
  return est_account_say (_ ("There is no account “%s”."), name, EST_EXIT_NOT_FOUND);
}

static void
print_done (const Removal *removal)
{
  if (removal->json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", removal->name));
  else
    g_print (_ ("The account “%s” is removed.\n"), removal->name);
}

static EstExit
carry_out (Removal *removal, EstBusAccounts1 *accounts)
{
  g_autoptr (GError) error = NULL;
  EstExit answer = check_name (accounts, removal->name);
  if (answer != EST_EXIT_OK)
    return answer;
  g_autoptr (GVariant) filter = make_filter (removal->name);
  removal->filter = filter;
  answer = settle (removal);
  if (answer != EST_EXIT_OK)
    return answer;
  if (!est_bus_accounts1_call_remove_sync (accounts, removal->name, NULL, &error))
    return est_trouble_report (error, removal->name);
  print_done (removal);
  return EST_EXIT_OK;
}

static EstExit
connect_and_carry_out (Removal *removal)
{
  g_autoptr (EstBusAccounts1) accounts = est_connect_accounts (EST_ACCOUNT_SECONDS);
  g_autoptr (EstBusOutbox1) outbox
    = accounts != NULL ? est_connect_outbox (OUTBOX_SECONDS) : NULL;
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  removal->outbox = outbox;
  return carry_out (removal, accounts);
}

EstExit
est_verb_account_remove (char **arguments)
{
  Removal removal = {0};
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = {
    {"keep",    'k', 0, G_OPTION_ARG_NONE,   &removal.fate.keep,
     N_ ("Mail that waits for it stays until an account of that name is back"), NULL       },
    {"discard", 'd', 0, G_OPTION_ARG_NONE,   &removal.fate.discard,
     N_ ("Mail that waits for it is discarded"),                                NULL       },
    {"move",    'm', 0, G_OPTION_ARG_STRING, &to,
     N_ ("Mail that waits for it leaves by another account"),                   N_ ("NAME")},
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &removal.json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  removal.name = operands[0];
  removal.fate.to = to;
  return is_clear (&removal) ? connect_and_carry_out (&removal) : EST_EXIT_USAGE;
}
