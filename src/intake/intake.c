/* Which account a sender's mail leaves by. */
#include "intake/intake.h"

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

EstAccount *
est_intake_route (const EstSettings *settings, const char *sender, GError **error)
{
  EstAccount *account = est_settings_route (settings, sender);
  if (account == NULL)
    g_set_error_literal (
      error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_ACCOUNT,
      settings->accounts->len == 0
        ? "no mail account is set up yet; add yours with: estafeta account add"
        : "none of your accounts sends for this address; see: estafeta account list, "
          "and add the address to the right one");
  return account;
}

gboolean
est_intake_accepts (EstIntake *intake, const char *sender, GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (intake->accounts);
  return *sender == '\0' || est_intake_route (settings, sender, error) != NULL;
}
