/* estafeta pause, resume: stops accounts, or everything, by hand. */
#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage pause_usage = {
  .verb = "pause",
  .operands = N_ ("[ACCOUNT]"),
  .summary = N_ (
    "Stops an account, or everything: nothing leaves until “estafeta resume”. Mail is\n"
    "still taken, and what is under way is finished."),
  .most = 1,
};

static const EstUsage resume_usage = {
  .verb = "resume",
  .operands = N_ ("[ACCOUNT]"),
  .summary = N_ ("Lets an account go on that was stopped by hand, or everything."),
  .most = 1,
};

/* The same by the way of "account", where it has to be said which. */
static const EstUsage account_pause_usage = {
  .verb = "account pause",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Stops an account: nothing leaves by it until “estafeta account resume”. "
        "Mail is still\ntaken, and what is under way is finished."),
  .least = 1,
  .most = 1,
};

static const EstUsage account_resume_usage = {
  .verb = "account resume",
  .operands = N_ ("NAME"),
  .summary = N_ ("Lets an account go on that was stopped by hand."),
  .least = 1,
  .most = 1,
};

typedef gboolean (*Call) (EstBusOutbox1 *outbox,
                          const char *account,
                          GCancellable *cancellable,
                          GError **error);

/* @words: about everything, and about the account "%s". */
static EstExit
run (const EstUsage *usage, Call call, const char *const words[2], char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  const char *account = operands[0] != NULL ? operands[0] : "";
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  if (!call (outbox, account, NULL, &error))
    return est_trouble_report (error, account);
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", account));
  else if (*account == '\0')
    g_print ("%s\n", _ (words[0]));
  else
    {
      g_autofree char *told = g_strdup_printf (_ (words[1]), account);
      g_print ("%s\n", told);
    }
  return EST_EXIT_OK;
}

static const char *const paused[] = {
  N_ ("Nothing leaves until “estafeta resume”. Mail is still taken."),
  N_ ("Nothing leaves by “%s” until “estafeta resume”. Mail is still taken."),
};

static const char *const resumed[] = {
  N_ ("Everything goes on."),
  N_ ("“%s” goes on."),
};

EstExit
est_verb_pause (char **arguments)
{
  return run (&pause_usage, est_bus_outbox1_call_pause_sync, paused, arguments);
}

EstExit
est_verb_resume (char **arguments)
{
  return run (&resume_usage, est_bus_outbox1_call_resume_sync, resumed, arguments);
}

EstExit
est_verb_account_pause (char **arguments)
{
  return run (&account_pause_usage, est_bus_outbox1_call_pause_sync, paused, arguments);
}

EstExit
est_verb_account_resume (char **arguments)
{
  return run (&account_resume_usage, est_bus_outbox1_call_resume_sync, resumed,
              arguments);
}
