/* What stays of a set-up: the account with its secret, the port, the service. Each is
   undone if a later one fails. */
#include "cli/setup.h"

#include "cli/account.h"
#include "cli/connect.h"
#include "cli/trouble.h"

#include <glib/gi18n.h>

static void
remove_account (gpointer data)
{
  EstSetup *setup = data;
  est_bus_accounts1_call_remove_sync (setup->accounts, setup->account, NULL, NULL);
}

/* Not to be called off in the middle: the keyring may have the secret by then. Whoever
   pressed Ctrl-C meanwhile gets it undone. */
static EstExit
add_account (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = est_setup_secret_as_file (setup);
  if (fds == NULL)
    return EST_EXIT_FAILED;
  if (!est_bus_accounts1_call_add_sync (
        setup->accounts, setup->account, est_setup_values (setup),
        g_variant_new_handle (0), fds, NULL, NULL, &error))
    return est_trouble_report (error, setup->account);
  est_undo_add (setup->undo, remove_account, setup, NULL);
  return EST_EXIT_OK;
}

typedef struct
{
  EstBusSetup1 *bus;
  guint16 port;
} Port;

static void
forget_port (gpointer data)
{
  Port *port = data;
  est_bus_setup1_call_forget_port_sync (port->bus, port->port, NULL, NULL);
}

static void
free_port (gpointer data)
{
  Port *port = data;
  g_object_unref (port->bus);
  g_free (port);
}

static EstExit
choose_port (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstBusSetup1) bus = est_connect_setup (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_setup1_call_choose_port_sync (bus, &setup->port, &setup->port_state, NULL,
                                             &error))
    return est_trouble_report (error, NULL);
  if (!g_str_equal (setup->port_state, "chosen"))
    return EST_EXIT_OK;
  Port *port = g_new (Port, 1);
  *port = (Port){g_object_ref (bus), setup->port};
  est_undo_add (setup->undo, forget_port, port, free_port);
  return EST_EXIT_OK;
}

static void
disable_service (gpointer service)
{
  est_service_undo_enable (service);
}

static EstExit
enable_service (EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  if (setup->wish.no_service)
    return EST_EXIT_OK;
  est_undo_add (setup->undo, disable_service, setup->service, NULL);
  if (est_service_enable (setup->service, &error))
    return EST_EXIT_OK;
  return est_setup_complain (_ ("The service cannot be set up: %s"), error->message);
}

EstExit
est_setup_keep (EstSetup *setup)
{
  EstExit answer = setup->known == NULL ? add_account (setup) : EST_EXIT_OK;
  if (answer == EST_EXIT_OK && !est_setup_is_given_up (setup))
    answer = choose_port (setup);
  if (answer == EST_EXIT_OK && !est_setup_is_given_up (setup))
    answer = enable_service (setup);
  return answer;
}
