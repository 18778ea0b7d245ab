/* A password may be of no use, or worse than signing in at a web page. */
#include "cli/setup.h"

#include "cli/account.h"
#include "cli/connect.h"
#include "cli/sign-in.h"

gboolean
est_setup_can_sign_in (const EstSetup *setup)
{
  const char *secret = est_setup_server_value (setup, "secret");
  const char *issuer = est_setup_server_value (setup, "oauth-issuer");
  const char *token = est_setup_server_value (setup, "oauth-token");
  return g_str_has_prefix (secret, "oauth") && (*issuer != '\0' || *token != '\0')
         && setup->wish.auth == NULL && !setup->wish.offline;
}

/* Where a password would do, too. */
static gboolean
has_another_way (const EstSetup *setup)
{
  return !g_str_equal (est_setup_server_value (setup, "secret"), "oauth");
}

typedef struct
{
  EstBusSignIn1 *bus;
  char *account;
} Kept;

static void
forget (gpointer data)
{
  Kept *kept = data;
  est_bus_sign_in1_call_forget_sync (kept->bus, kept->account, NULL, NULL);
}

static void
free_kept (gpointer data)
{
  Kept *kept = data;
  g_object_unref (kept->bus);
  g_free (kept->account);
  g_free (kept);
}

static EstExit
will_forget (EstSetup *setup)
{
  EstBusSignIn1 *bus = est_connect_sign_in (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  Kept *kept = g_new (Kept, 1);
  *kept = (Kept){bus, g_strdup (setup->account)};
  est_undo_add (setup->undo, forget, kept, free_kept);
  return EST_EXIT_OK;
}

static void
take_found (EstSetup *setup, GVariant *found)
{
  GVariantIter iterator;
  const char *key, *value;
  g_variant_iter_init (&iterator, found);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    g_hash_table_replace (setup->server, g_strdup (key), g_strdup (value));
}

/* EST_EXIT_OK without being signed in: a password is to be asked for. */
static EstExit
judge (EstSetup *setup, EstSignInOutcome outcome, GVariant *found)
{
  switch (outcome)
    {
    case EST_SIGN_IN_DONE:
      take_found (setup, found);
      return EST_EXIT_OK;
    case EST_SIGN_IN_NO_CLIENT:
      setup->signed_in = FALSE;
      return has_another_way (setup)
               ? EST_EXIT_OK
               : est_setup_complain ("%s", est_sign_in_no_client ());
    case EST_SIGN_IN_NO_DAEMON:
      return EST_EXIT_NO_DAEMON;
    case EST_SIGN_IN_FAILED:
      setup->signed_in = FALSE;
      return has_another_way (setup) ? EST_EXIT_OK : EST_EXIT_FAILED;
    default:
      return EST_EXIT_FAILED;
    }
}

EstExit
est_setup_sign_in (EstSetup *setup)
{
  g_autoptr (GVariant) found = NULL;
  EstExit undoable = will_forget (setup);
  if (undoable != EST_EXIT_OK)
    return undoable;
  setup->signed_in = TRUE; /* its values are those of an account that does so */
  const EstSignInCall call = {.account = setup->account,
                              .values = est_setup_values (setup),
                              .quiet = setup->wish.json};
  EstSignInOutcome outcome = est_sign_in_call (&call, setup->cancellable, &found);
  return judge (setup, outcome, found);
}
