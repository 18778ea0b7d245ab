/* estafeta setup: from an address to an account that works, in one go. */
#include "cli/setup.h"

#include "cli/account.h"
#include "cli/connect.h"
#include "cli/interrupt.h"
#include "cli/usage.h"
#include "mail/address.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define WORD_LIMIT 60

static const EstUsage usage = {
  .verb = EST_SETUP_VERB,
  .operands = N_ ("ADDRESS"),
  .summary
  = N_ ("Sets everything up for a mail address: finds the server, asks for the password, "
        "signs in\nto see whether it works, chooses the port for mail clients and starts "
        "the service. What\nfails or is given up leaves nothing behind."),
  .notes
  = N_ ("Without a terminal nothing is asked: the password is the first line of standard "
        "input,\nand what a person would have to say yes to needs “--yes”."),
  .least = 1,
  .most = 1,
};

static void
clear_wish (EstSetupWish *wish)
{
  g_free (wish->name);
  g_free (wish->host);
  g_free (wish->security);
  g_free (wish->auth);
  g_free (wish->user);
}

static void
clear_setup (EstSetup *setup)
{
  g_clear_pointer (&setup->undo, est_undo_free);
  g_clear_pointer (&setup->service, est_service_free);
  g_clear_object (&setup->accounts);
  g_clear_pointer (&setup->known, g_variant_unref);
  g_clear_pointer (&setup->servers, g_ptr_array_unref);
  g_clear_pointer (&setup->server, g_hash_table_unref);
  g_clear_pointer (&setup->secret, est_secret_unref);
  g_free (setup->account);
  g_free (setup->address);
  g_free (setup->port_state);
  clear_wish (&setup->wish);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstSetup, clear_setup)

static char **
parse (char **arguments, EstSetupWish *wish)
{
  const GOptionEntry entries[] = {
    {"host",         'H', 0, G_OPTION_ARG_STRING, &wish->host,
     N_ ("The provider’s server for outgoing mail, instead of looking for it"),
     N_ ("HOST")                                                                                                        },
    {"port",         'p', 0, G_OPTION_ARG_INT,    &wish->port,
     N_ ("Its port; 465, or 587 with --security=starttls"),                                               N_ ("PORT")   },
    {"security",     's', 0, G_OPTION_ARG_STRING, &wish->security,
     N_ ("“tls” from the start (usual), or “starttls”"),                                          "tls|starttls"},
    {"auth",         0,   0, G_OPTION_ARG_STRING, &wish->auth,
     N_ ("How to sign in: “auto” (usual), “none”, or a mechanism like PLAIN or GSSAPI"),
     N_ ("METHOD")                                                                                                      },
    {"user",         'u', 0, G_OPTION_ARG_STRING, &wish->user,
     N_ ("The user name; usually the address"),                                                           N_ ("NAME")   },
    {"name",         'n', 0, G_OPTION_ARG_STRING, &wish->name,         N_ ("What the account is called"),
     N_ ("NAME")                                                                                                        },
    {"yes",          'y', 0, G_OPTION_ARG_NONE,   &wish->yes,
     N_ ("Also use a server that nobody vouches for"),                                                    NULL          },
    {"no-password",  0,   0, G_OPTION_ARG_NONE,   &wish->no_password,
     N_ ("Keep no password in the keyring"),                                                              NULL          },
    {"no-test",      0,   0, G_OPTION_ARG_NONE,   &wish->no_test,
     N_ ("Do not sign in to see whether it works"),                                                       NULL          },
    {"offline",      0,   0, G_OPTION_ARG_NONE,   &wish->offline,
     N_ ("Ask nobody in the network, and do not sign in"),                                                NULL          },
    {"no-service",   0,   0, G_OPTION_ARG_NONE,   &wish->no_service,
     N_ ("Do not have the daemon started at login"),                                                      NULL          },
    {"test-mail",    't', 0, G_OPTION_ARG_NONE,   &wish->test_mail,
     N_ ("Send a test mail to yourself in the end"),                                                      NULL          },
    {"no-test-mail", 0,   0, G_OPTION_ARG_NONE,   &wish->no_test_mail,
     N_ ("Send none, and do not ask"),                                                                    NULL          },
    G_OPTION_ENTRY_NULL,
  };
  return est_usage_parse (&usage, entries, arguments, &wish->json);
}

static gboolean
is_clear (const EstSetupWish *wish, const char *address)
{
  g_autofree char *tame = est_text_tame (address, WORD_LIMIT);
  if (!est_address_is_mailbox (address) || est_address_is_wildcard (address))
    est_usage_complain (usage.verb, _ ("“%s” is no mail address"), tame);
  else if (wish->test_mail && wish->no_test_mail)
    est_usage_complain (usage.verb, _ ("say only one of %s"),
                        "--test-mail, --no-test-mail");
  else if (wish->port < 0 || wish->port > G_MAXUINT16)
    est_usage_complain (usage.verb, _ ("a port is a number from 1 to 65535"));
  else
    return TRUE;
  return FALSE;
}

static void
stop_service (gpointer service)
{
  est_service_undo_start (service);
}

/* It is needed for every further step, and goes again if one of them fails. */
static EstExit
start (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  setup->service = est_service_new (setup->cancellable);
  est_undo_add (setup->undo, stop_service, setup->service, NULL);
  if (!est_service_start (setup->service, &error))
    {
      if (!est_setup_is_given_up (setup))
        est_setup_complain (_ ("Estafeta’s daemon cannot be started: %s"),
                            error->message);
      return EST_EXIT_NO_DAEMON;
    }
  setup->accounts = est_connect_accounts (EST_ACCOUNT_SECONDS);
  return setup->accounts != NULL ? EST_EXIT_OK : EST_EXIT_NO_DAEMON;
}

static EstExit
go_through (EstSetup *setup)
{
  static EstSetupStep *const steps[]
    = {start, est_setup_find, est_setup_prove, est_setup_keep};
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      EstExit answer = steps[i](setup);
      if (answer == EST_EXIT_OK && est_setup_is_given_up (setup))
        answer = EST_EXIT_FAILED;
      if (answer != EST_EXIT_OK)
        return answer;
    }
  est_undo_keep (setup->undo);
  return EST_EXIT_OK;
}

/* In words what is so is said before the test mail, which may take a moment; JSON is one
   object. */
static EstExit
finish (EstSetup *setup)
{
  if (!setup->wish.json)
    est_setup_tell (setup);
  EstExit answer = est_setup_letter (setup);
  if (setup->wish.json)
    est_setup_tell (setup);
  return answer;
}

static EstExit
run (EstSetup *setup)
{
  EstExit answer = go_through (setup);
  if (answer == EST_EXIT_OK)
    return finish (setup);
  g_clear_pointer (&setup->undo, est_undo_free);
  g_printerr ("estafeta: %s\n", _ ("Nothing was set up, and nothing was changed."));
  return answer;
}

EstExit
est_verb_setup (char **arguments)
{
  g_auto (EstSetup) setup = {0};
  g_auto (GStrv) operands = parse (arguments, &setup.wish);
  if (operands == NULL || !is_clear (&setup.wish, operands[0]))
    return EST_EXIT_USAGE;
  setup.address = g_strdup (operands[0]);
  setup.asks = !setup.wish.json && isatty (STDIN_FILENO);
  setup.undo = est_undo_new ();
  setup.servers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  setup.cancellable = est_interrupt_watch ();
  EstExit answer = run (&setup);
  if (answer != EST_EXIT_OK)
    est_interrupt_end ();
  return answer;
}
