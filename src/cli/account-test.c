/* estafeta account test: signs in for real, and says how far that went. */
#include "cli/account-test.h"

#include "cli/account.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "outcome/step.h"
#include "wording/figure.h"
#include "wording/reason.h"

#include <glib/gi18n.h>

#define LABEL_COLUMNS 18

static const EstUsage usage = {
  .verb = "account test",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Calls the server of an account and signs in, without sending anything, and says "
        "how far\nthat went. An account that was paused goes on if all is well."),
  .least = 1,
  .most = 1,
};

static const char *const steps[EST_N_STEPS] = {
  /* TRANSLATORS: a step of calling a mail server: "It failed at this step: %s" */
  [EST_STEP_SETTINGS] = NC_ ("step", "reading the settings"),
  [EST_STEP_LOOKUP] = NC_ ("step", "looking up the server’s name"),
  [EST_STEP_CONNECT] = NC_ ("step", "connecting"),
  [EST_STEP_GREETING] = NC_ ("step", "waiting for the server’s greeting"),
  [EST_STEP_EHLO] = NC_ ("step", "asking what the server can do (EHLO)"),
  [EST_STEP_TLS] = NC_ ("step", "encrypting (TLS)"),
  [EST_STEP_SECRET] = NC_ ("step", "fetching the password"),
  [EST_STEP_SIGN_IN] = NC_ ("step", "signing in"),
  [EST_STEP_DONE] = NC_ ("step", "the end"),
};

gboolean
est_account_test_is_good (GVariant *result)
{
  g_autofree char *step = est_record_text (result, "step");
  g_autofree char *reason = est_record_text (result, "reason");
  return est_step_from_nick (step) == EST_STEP_DONE && *reason == '\0';
}

static void
print_keyed (const char *label, GVariant *result, const char *key)
{
  g_autofree char *text = est_record_text (result, key);
  est_output_print_fact (label, LABEL_COLUMNS, text);
}

static void
print_size (GVariant *result)
{
  g_autofree char *text = est_record_text (result, "size");
  g_autofree char *size = *text != '\0'
                            ? est_wording_size (g_ascii_strtoull (text, NULL, 10))
                            : g_strdup ("");
  est_output_print_fact (_ ("Largest message:"), LABEL_COLUMNS, size);
}

static void
print_success (GVariant *result)
{
  g_autofree char *host = est_record_text (result, "host");
  g_autofree char *port = est_record_text (result, "port");
  /* TRANSLATORS: a server, and its port */
  g_print (_ ("Signing in at %s, port %s, works.\n"), host, port);
  print_keyed (_ ("Reached at:"), result, "address");
  print_keyed (_ ("Encryption:"), result, "tls");
  print_keyed (_ ("Signed in by:"), result, "mechanism");
  print_size (result);
}

static void
print_failure (GVariant *result, const char *account)
{
  g_autofree char *step = est_record_text (result, "step");
  g_autofree char *host = est_record_text (result, "host");
  g_autofree char *nick = est_record_text (result, "reason");
  g_autofree char *figures = est_record_text (result, "figures");
  g_autofree char *reply = est_record_text (result, "reply");
  EstReason reason = est_reason_from_nick (nick);
  const char *where = g_dpgettext2 (NULL, "step", steps[est_step_from_nick (step)]);
  g_autofree char *why = est_wording_reason (reason, account, figures, reply);
  g_autofree char *remedy = account != NULL ? est_wording_remedy (reason, account) : NULL;
  /* TRANSLATORS: a server, and a step of calling it: "signing in" */
  g_autofree char *words
    = g_strdup_printf (_ ("With %s it failed at this step: %s."), host, where);
  g_printerr ("estafeta: %s\n%s\n", words, why);
  if (remedy != NULL)
    g_printerr ("%s\n", remedy);
}

void
est_account_test_print (GVariant *result, const char *account)
{
  if (est_account_test_is_good (result))
    print_success (result);
  else
    print_failure (result, account);
}

EstExit
est_verb_account_test (char **arguments)
{
  gboolean json = FALSE;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_TEST_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  g_autoptr (GVariant) result = NULL;
  if (!est_bus_accounts1_call_test_sync (bus, operands[0], &result, NULL, &error))
    return est_trouble_report (error, operands[0]);
  EstExit answer = est_account_test_is_good (result) ? EST_EXIT_OK : EST_EXIT_FAILED;
  if (json)
    est_json_print (result);
  else
    est_account_test_print (result, operands[0]);
  return answer;
}
