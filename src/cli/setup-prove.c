/* Signs in for real before anything is kept, and lets the person mend what was wrong. */
#include "cli/setup.h"

#include "cli/account-test.h"
#include "cli/account.h"
#include "cli/call.h"
#include "cli/connect.h"
#include "cli/prompt.h"
#include "cli/record.h"
#include "cli/sign-in.h"
#include "cli/trouble.h"
#include "wording/secrets.h"

#include <glib/gi18n.h>

static gboolean
needs_password (const EstSetup *setup)
{
  return !setup->wish.no_password
         && est_account_wants_password (est_setup_server_value (setup, "auth"));
}

/* From a terminal with a question, else one line of what is piped in. */
static EstExit
ask_for_password (EstSetup *setup, const char *question)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&setup->secret, est_secret_unref);
  setup->secret = est_prompt_secret (question, &error);
  if (setup->secret != NULL)
    return EST_EXIT_OK;
  return est_setup_is_given_up (setup) ? EST_EXIT_FAILED
                                       : est_setup_complain ("%s", error->message);
}

/* A password would be of no use, and there is no page to sign in at. */
static gboolean
is_beyond_passwords (const EstSetup *setup)
{
  return g_str_equal (est_setup_server_value (setup, "secret"), "oauth")
         && setup->wish.auth == NULL;
}

static EstExit
get_secret (EstSetup *setup)
{
  if (!setup->wish.no_password && est_setup_can_sign_in (setup))
    {
      EstExit answer = est_setup_sign_in (setup);
      if (answer != EST_EXIT_OK || setup->signed_in)
        return answer;
    }
  if (!setup->wish.no_password)
    est_setup_show_secret (setup);
  if (!setup->wish.no_password && is_beyond_passwords (setup))
    return est_setup_complain (
      _ ("That cannot be set up here yet: “token-command” in estafeta.conf(5) has a "
         "program of yours sign in."));
  if (!needs_password (setup))
    return EST_EXIT_OK;
  /* TRANSLATORS: a user name, and a server */
  g_autofree char *question = g_strdup_printf (_ ("Password of %s at %s: "),
                                               est_setup_server_value (setup, "user"),
                                               est_setup_server_value (setup, "host"));
  return ask_for_password (setup, question);
}

/* The test ends with the connection that asked for it: that of Ctrl-C with the program.
 */
static GVariant *
call_test (EstSetup *setup, const char *method, GVariant *parameters, GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_TEST_SECONDS);
  g_autoptr (GVariant) reply
    = bus != NULL ? est_call (bus, method, parameters, fds, setup->cancellable, &error)
                  : NULL;
  if (reply != NULL)
    return g_variant_get_child_value (reply, 0);
  if (bus != NULL && !est_setup_is_given_up (setup))
    est_trouble_report (error, setup->account);
  return NULL;
}

/* What a sign-in at a web page has kept is kept under the account's name. */
static GVariant *
values_of_trial (const EstSetup *setup)
{
  g_autoptr (GVariant) values = g_variant_ref_sink (est_setup_values (setup));
  GVariantIter iterator;
  const char *key, *value;
  GVariantBuilder all;
  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{ss}"));
  if (setup->signed_in)
    g_variant_builder_add (&all, "{ss}", "name", setup->account);
  g_variant_iter_init (&iterator, values);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    g_variant_builder_add (&all, "{ss}", key, value);
  return g_variant_builder_end (&all);
}

static GVariant *
test_values (EstSetup *setup)
{
  g_autoptr (GUnixFDList) fds = est_setup_secret_as_file (setup);
  if (fds == NULL)
    return NULL;
  return call_test (setup, "TestValues",
                    g_variant_new ("(@a{ss}h)", values_of_trial (setup), 0), fds);
}

/* A failure is told on standard error, also beside JSON. */
static gboolean
tell (const EstSetup *setup, GVariant *result, const char *account)
{
  gboolean good = est_account_test_is_good (result);
  if (!good || !setup->wish.json)
    est_account_test_print (result, account);
  return good;
}

/* The server was reached, and did not like who we are. */
static gboolean
is_about_secret (GVariant *result)
{
  g_autofree char *step = est_record_text (result, "step");
  return g_str_equal (step, "sign-in") || g_str_equal (step, "secret");
}

static EstExit
ask_for_other_secret (EstSetup *setup)
{
  EstSetupAnswer answer
    = est_setup_ask (setup, _ ("Try another user name or password?"), TRUE);
  if (answer != EST_SETUP_YES)
    return EST_EXIT_FAILED;
  g_autofree char *user
    = est_setup_ask_line (setup, _ ("User name"), est_setup_server_value (setup, "user"));
  if (user == NULL)
    return EST_EXIT_FAILED;
  g_hash_table_replace (setup->server, g_strdup ("user"), g_strdup (user));
  return EST_EXIT_OK;
}

static EstExit
ask_for_other_server (EstSetup *setup)
{
  EstSetupAnswer answer = est_setup_ask (setup, _ ("Try another server?"), TRUE);
  return answer == EST_SETUP_YES ? est_setup_choose (setup) : EST_EXIT_FAILED;
}

/* What only the person can know to be right, or only time mends: the account can be kept
   all the same. */
static const struct
{
  const char *reason;
  const char *question;
} exceptions[] = {
  {"offline",     N_ ("Set it up all the same, and leave the test to the first mail?")},
  {"unconfirmed",
   N_ ("Set it up all the same? “estafeta account trust” then keeps that key.")   },
};

static EstExit
mend (EstSetup *setup, GVariant *result, gboolean *enough)
{
  g_autofree char *reason = est_record_text (result, "reason");
  if (!setup->asks)
    return EST_EXIT_FAILED;
  if (is_about_secret (result))
    return ask_for_other_secret (setup);
  for (gsize i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (g_str_equal (reason, exceptions[i].reason))
      {
        *enough = TRUE;
        return est_setup_ask (setup, _ (exceptions[i].question), FALSE) == EST_SETUP_YES
                 ? EST_EXIT_OK
                 : EST_EXIT_FAILED;
      }
  return ask_for_other_server (setup);
}

static EstExit
prove_server (EstSetup *setup)
{
  gboolean enough = setup->wish.no_test || setup->wish.offline;
  for (;;)
    {
      EstExit answer = get_secret (setup);
      if (answer != EST_EXIT_OK || enough || est_setup_is_given_up (setup))
        return answer;
      g_autoptr (GVariant) result = test_values (setup);
      if (result == NULL)
        return EST_EXIT_FAILED;
      if (tell (setup, result, NULL))
        return EST_EXIT_OK;
      answer = mend (setup, result, &enough);
      if (answer != EST_EXIT_OK || enough)
        return answer;
    }
}

/* Where it was asked for at a web page, it is asked for there. */
static EstExit
sign_in_again (EstSetup *setup)
{
  g_autoptr (GVariant) found = NULL;
  const EstSignInCall call = {.account = setup->account, .quiet = setup->wish.json};
  EstSignInOutcome outcome = est_sign_in_call (&call, setup->cancellable, &found);
  if (outcome == EST_SIGN_IN_NO_CLIENT)
    return est_setup_complain ("%s", est_sign_in_no_client ());
  return outcome == EST_SIGN_IN_DONE ? EST_EXIT_OK : EST_EXIT_FAILED;
}

static gboolean
signs_in_at_a_page (const EstSetup *setup)
{
  g_autofree char *issuer = est_record_text (setup->known, "oauth-issuer");
  g_autofree char *token = est_record_text (setup->known, "oauth-token");
  return *issuer != '\0' || *token != '\0';
}

static EstExit
replace_secret (EstSetup *setup)
{
  if (signs_in_at_a_page (setup))
    return sign_in_again (setup);
  g_autoptr (GError) error = NULL;
  g_autofree char *question
    = g_strdup_printf (_ ("Password for the account “%s”: "), setup->account);
  EstExit answer = ask_for_password (setup, question);
  g_autoptr (GUnixFDList) fds
    = answer == EST_EXIT_OK ? est_setup_secret_as_file (setup) : NULL;
  if (fds == NULL)
    return EST_EXIT_FAILED;
  if (est_bus_accounts1_call_set_secret_sync (setup->accounts, setup->account,
                                              g_variant_new_handle (0), fds, NULL, NULL,
                                              &error))
    return EST_EXIT_OK;
  return est_trouble_report (error, setup->account);
}

static EstExit
prove_known (EstSetup *setup)
{
  for (;;)
    {
      g_autoptr (GVariant) result
        = call_test (setup, "Test", g_variant_new ("(s)", setup->account), NULL);
      if (result == NULL)
        return EST_EXIT_FAILED;
      if (tell (setup, result, setup->account))
        return EST_EXIT_OK;
      if (!is_about_secret (result)
          || est_setup_ask (setup,
                            signs_in_at_a_page (setup) ? _ ("Sign in again?")
                                                       : _ ("Give it another password?"),
                            TRUE)
               != EST_SETUP_YES)
        return EST_EXIT_FAILED;
      EstExit answer = replace_secret (setup);
      if (answer != EST_EXIT_OK)
        return answer;
    }
}

/* An account of GNOME's is its own affair. */
static EstExit
greet_known (EstSetup *setup)
{
  g_autofree char *online = est_record_text (setup->known, "online");
  g_autofree char *words
    = *online != '\0'
        /* TRANSLATORS: a mail address, and a provider: "Google" */
        ? g_strdup_printf (
          _ ("%s is one of your online accounts (%s): there is nothing to "
             "set up, and no password to enter."),
          setup->address, online)
        /* TRANSLATORS: a mail address, and the name of an account */
        : g_strdup_printf (_ ("%s is set up already, as the account “%s”."),
                           setup->address, setup->account);
  est_setup_say (setup, words);
  if (!setup->asks)
    return EST_EXIT_OK;
  EstSetupAnswer answer
    = est_setup_ask (setup, _ ("Sign in, to see whether it works?"), TRUE);
  if (answer == EST_SETUP_GONE)
    return EST_EXIT_FAILED;
  return answer == EST_SETUP_YES ? prove_known (setup) : EST_EXIT_OK;
}

EstExit
est_setup_prove (EstSetup *setup)
{
  return setup->known != NULL ? greet_known (setup) : prove_server (setup);
}
