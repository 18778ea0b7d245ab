/* Which account a sender's mail leaves by. */
#include "intake/intake.h"
#include "mail/address.h"

#include <string.h>

G_DEFINE_QUARK (est_intake_error, est_intake_error)

struct EstIntake
{
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstTokens *tokens; /* or NULL */
  EstAllowance *allowance;
  EstCrowd *crowd;
};

EstIntake *
est_intake_new (EstOutbox *outbox, EstAccounts *accounts)
{
  EstIntake *intake = g_new0 (EstIntake, 1);
  intake->outbox = g_object_ref (outbox);
  intake->accounts = g_object_ref (accounts);
  intake->allowance = est_allowance_new (outbox);
  intake->crowd = est_crowd_new ();
  return intake;
}

void
est_intake_free (EstIntake *intake)
{
  if (intake == NULL)
    return;
  est_tokens_unref (intake->tokens);
  est_allowance_free (intake->allowance);
  est_crowd_free (intake->crowd);
  g_object_unref (intake->outbox);
  g_object_unref (intake->accounts);
  g_free (intake);
}

void
est_intake_set_tokens (EstIntake *intake, EstTokens *tokens)
{
  EstTokens *before = intake->tokens;
  intake->tokens = est_tokens_ref (tokens);
  est_tokens_unref (before);
}

EstTokens *
est_intake_tokens (EstIntake *intake)
{
  return intake->tokens;
}

EstAllowance *
est_intake_allowance (EstIntake *intake)
{
  return intake->allowance;
}

EstCrowd *
est_intake_crowd (EstIntake *intake)
{
  return intake->crowd;
}

EstOutbox *
est_intake_outbox (EstIntake *intake)
{
  return intake->outbox;
}

EstSettings *
est_intake_settings (EstIntake *intake)
{
  return est_accounts_get (intake->accounts);
}

/* The reply stays one line of SMTP (RFC 5321 4.5.3.1.5: 512 octets) that programs show
   whole. */
#define NAMED        6
#define NAMES_LENGTH 300

static gboolean
can_be_named (const char *address, guint count, gsize length)
{
  return est_address_is_ascii (address) && count < NAMED
         && length + strlen (address) <= NAMES_LENGTH;
}

static char *
name_senders (const EstSettings *settings)
{
  guint count = 0;
  gboolean more = FALSE;
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < settings->accounts->len; i++)
    for (char **a = ((EstAccount *) settings->accounts->pdata[i])->addresses; *a; a++)
      if (can_be_named (*a, count, names->len))
        g_string_append_printf (names, "%s%s", count++ > 0 ? ", " : "", *a);
      else
        more = TRUE;
  if (more)
    g_string_append (names, count > 0 ? ", ..." : "...");
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
refuse_sender (const EstSettings *settings, GError **error)
{
  if (settings->accounts->len == 0)
    {
      g_set_error_literal (
        error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_ACCOUNT,
        "no mail account is set up yet; add yours with: estafeta account add");
      return;
    }
  g_autofree char *names = name_senders (settings);
  g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_ACCOUNT,
               "none of your accounts sends for this address, but for: %s; see: "
               "estafeta account list, and add the address to the right one",
               names);
}

EstAccount *
est_intake_route (const EstSettings *settings, const char *sender, GError **error)
{
  if (settings->awaited && est_settings_owner (settings, sender) == NULL)
    {
      g_set_error_literal (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_TOO_EARLY,
                           "the online accounts of the desktop are not known yet; try "
                           "again in a moment");
      return NULL;
    }
  EstAccount *account = est_settings_route (settings, sender);
  if (account == NULL)
    refuse_sender (settings, error);
  return account;
}

gboolean
est_intake_accepts (EstIntake *intake, const char *sender, GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (intake->accounts);
  return *sender == '\0' || est_intake_route (settings, sender, error) != NULL;
}
