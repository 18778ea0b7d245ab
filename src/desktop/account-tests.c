/* A pool of threads; the result as a dictionary. */
#include "desktop/account-tests.h"

#include "desktop/leaving.h"
#include "desktop/word.h"
#include "dispatcher/trial.h"
#include "interface/interface.h"
#include "interface/names.h"

#define AT_ONCE 4

struct EstAccountTests
{
  GThreadPool *pool;
  EstAccounts *accounts;
  EstDispatcher *dispatcher;
  GCancellable *end; /* of all of them */
};

typedef struct
{
  GDBusMethodInvocation *invocation;
  EstAccount *account;
  EstCredentials *credentials;
  gboolean known; /* the account is in the settings */
  GCancellable *cancellable;
  EstLeaving *leaving;
} Test;

static void
free_test (Test *test)
{
  est_leaving_free (test->leaving);
  est_account_unref (test->account);
  g_object_unref (test->credentials);
  g_object_unref (test->cancellable);
  g_free (test);
}

static const char *
name_for_caller (const Test *test)
{
  return test->known ? test->account->name : "";
}

/* To nobody but the caller. */
static void
on_step (EstStep step, gpointer data)
{
  Test *test = data;
  GDBusConnection *connection
    = g_dbus_method_invocation_get_connection (test->invocation);
  g_dbus_connection_emit_signal (
    connection, g_dbus_method_invocation_get_sender (test->invocation), EST_BUS_PATH,
    est_bus_accounts1_interface_info ()->name, "TestStep",
    g_variant_new ("(ss)", name_for_caller (test), est_step_nick (step)), NULL);
}

static void
add (GVariantBuilder *result, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (result, "{ss}", key, value);
}

static GVariant *
describe (const Test *test, const EstTrial *trial)
{
  g_auto (GVariantBuilder) result = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_autofree char *port = g_strdup_printf ("%u", test->account->port);
  g_autofree char *reply
    = trial->trouble.reply != NULL ? est_reply_format (trial->trouble.reply) : NULL;
  g_autofree char *size = trial->size_limit != 0
                            ? g_strdup_printf ("%" G_GUINT64_FORMAT, trial->size_limit)
                            : NULL;
  gboolean good = trial->reason == EST_REASON_NONE;
  add (&result, "step", est_step_nick (trial->step));
  add (&result, "reason", good ? NULL : est_reason_nick (trial->reason));
  add (&result, "figures", trial->trouble.figures);
  add (&result, "reply", reply);
  add (&result, "detail", trial->detail);
  add (&result, "host", test->account->host);
  add (&result, "port", port);
  add (&result, "address", trial->route.peer);
  add (&result, "tls", trial->route.tls);
  add (&result, "mechanism", trial->route.mechanism);
  add (&result, "size", size);
  return g_variant_builder_end (&result);
}

static void
answer (EstAccountTests *tests, Test *test, const EstTrial *trial)
{
  g_dbus_method_invocation_return_value (
    test->invocation, g_variant_new ("(@a{ss})", describe (test, trial)));
  if (trial->reason == EST_REASON_NONE && test->known) /* what stood in its way is over */
    est_word_go_on (tests->dispatcher, test->account->name);
}

static void
on_end (GCancellable *end, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
run_test (gpointer data, gpointer object)
{
  Test *test = data;
  EstAccountTests *tests = object;
  g_autoptr (GError) error = NULL;
  g_auto (EstTrial) trial = {0};
  g_autoptr (EstSettings) settings = est_accounts_get (tests->accounts);
  const EstStepListener listener = {on_step, test};
  gulong ring = g_cancellable_connect (tests->end, G_CALLBACK (on_end),
                                       g_object_ref (test->cancellable), g_object_unref);
  est_credentials_forget (test->credentials, test->account->name);
  if (est_trial_run (&trial, test->account, &settings->delivery, test->credentials,
                     &listener, test->cancellable, &error))
    answer (tests, test, &trial);
  else
    g_dbus_method_invocation_return_gerror (test->invocation, error);
  g_cancellable_disconnect (tests->end, ring);
  free_test (test);
}

EstAccountTests *
est_account_tests_new (const EstBusServices *services)
{
  EstAccountTests *tests = g_new0 (EstAccountTests, 1);
  tests->accounts = g_object_ref (services->accounts);
  tests->dispatcher = g_object_ref (services->dispatcher);
  tests->end = g_cancellable_new ();
  tests->pool = g_thread_pool_new (run_test, tests, AT_ONCE, FALSE, NULL);
  return tests;
}

void
est_account_tests_free (EstAccountTests *tests)
{
  g_cancellable_cancel (tests->end);
  g_thread_pool_free (tests->pool, FALSE, TRUE);
  g_object_unref (tests->end);
  g_object_unref (tests->accounts);
  g_object_unref (tests->dispatcher);
  g_free (tests);
}

void
est_account_tests_run (EstAccountTests *tests,
                       GDBusMethodInvocation *invocation,
                       EstAccount *account,
                       EstCredentials *credentials,
                       gboolean known)
{
  Test *test = g_new0 (Test, 1);
  test->invocation = invocation;
  test->account = est_account_ref (account);
  test->credentials = g_object_ref (credentials);
  test->known = known;
  test->cancellable = g_cancellable_new ();
  test->leaving = est_leaving_watch (invocation, test->cancellable);
  g_thread_pool_push (tests->pool, test, NULL);
}
