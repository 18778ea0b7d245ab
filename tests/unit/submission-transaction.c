/* MAIL with REQUIRETLS: refused at once where the account's relay is known not to promise
   it, else taken. */
#include "account/acquaintance.h"
#include "submission/offers.h"
#include "submission/transaction.h"

#include "intake-fixture.h"

#define SETTINGS                                                                         \
  "[account deaf]\naddresses=deaf@example.org\nhost=deaf.example\n"                      \
  "[account good]\naddresses=good@example.org\nhost=good.example\n"                      \
  "[account new]\naddresses=new@example.org\nhost=new.example\n"

static void
hear (const EstAccount *account)
{
  EstCapabilities heard = {.parameters = EST_EXTENSION_DSN};
  if (g_str_equal (account->name, "good"))
    heard.parameters = EST_EXTENSION_REQUIRETLS;
  est_acquaintance_note (account, &heard, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  open_house (fixture, SETTINGS);
  g_autoptr (EstSettings) settings = est_accounts_get (fixture->accounts);
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      const EstAccount *account = g_ptr_array_index (settings->accounts, i);
      if (!g_str_equal (account->name, "new"))
        hear (account);
    }
}

typedef struct
{
  const char *argument;
  gboolean secure;
  int code;
  const char *status;
} Case;

static const Case cases[] = {
  {"FROM:<deaf@example.org> REQUIRETLS",            TRUE,  550, "5.7.30"},
  {"FROM:<deaf@example.org> requiretls SIZE=9",     TRUE,  550, "5.7.30"},
  {"FROM:<deaf@example.org>",                       TRUE,  250, "2.1.0" },
  {"FROM:<good@example.org> REQUIRETLS",            TRUE,  250, "2.1.0" },
  {"FROM:<new@example.org> REQUIRETLS",             TRUE,  250, "2.1.0" },
  {"FROM:<> REQUIRETLS",                            TRUE,  250, "2.1.0" },
  {"FROM:<nobody@example.com> REQUIRETLS",          TRUE,  550, "5.7.1" },
  {"FROM:<deaf@example.org> REQUIRETLS REQUIRETLS", TRUE,  501, "5.5.4" },
  {"FROM:<deaf@example.org> REQUIRETLS=1",          TRUE,  501, "5.5.4" },
  {"FROM:<good@example.org> REQUIRETLS",            FALSE, 555, "5.5.4" },
};

static void
test_case (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (EstTransaction) transaction = est_transaction_new (fixture->intake);
      g_autoptr (EstReply) reply = est_transaction_mail (
        transaction, c->argument, est_offers_extensions (c->secure));
      g_test_message ("%s", c->argument);
      g_assert_cmpint (reply->code, ==, c->code);
      g_assert_cmpstr (reply->status, ==, c->status);
      g_assert_cmpint (est_transaction_has_sender (transaction), ==, c->code == 250);
    }
}

/* What was known a day ago is not known. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstTransaction) transaction = est_transaction_new (fixture->intake);
  est_clock_freeze (est_clock_now () + 2 * G_TIME_SPAN_DAY);
  g_autoptr (EstReply) reply
    = est_transaction_mail (transaction, cases[0].argument, est_offers_extensions (TRUE));
  g_assert_cmpint (reply->code, ==, 250);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/submission/transaction/requiretls", Fixture, NULL, set_up, test_case,
              tear_down);
  g_test_add ("/submission/transaction/forgotten", Fixture, NULL, set_up, test_forgotten,
              tear_down);
  return g_test_run ();
}
