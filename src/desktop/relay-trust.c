/* The account's pause is the question; the answer must fit it. */
#include "desktop/relay-trust.h"

#include "account/strength.h"

G_DEFINE_QUARK (est_relay_trust_error, est_relay_trust_error)

static gboolean
refuse (const char *name, GError **error)
{
  g_set_error_literal (error, EST_RELAY_TRUST_ERROR, EST_RELAY_TRUST_ERROR_NOT_ASKED,
                       name);
  return FALSE;
}

/* Borrowed from @pauses; NULL: it is not paused. */
static const EstPause *
find_pause (GPtrArray *pauses, const char *name)
{
  for (guint i = 0; i < pauses->len; i++)
    {
      const EstPause *pause = g_ptr_array_index (pauses, i);
      if (g_str_equal (pause->account, name))
        return pause;
    }
  return NULL;
}

/* Another server's key than the one on this machine counts only beside its certificate;
   that is for the settings file. */
static gboolean
asks_about_key (const EstPause *pause, const EstAccount *account, const char *pin)
{
  return pause != NULL && account != NULL && est_account_is_local (account)
         && (pause->reason == EST_REASON_UNCONFIRMED || pause->reason == EST_REASON_PIN)
         && g_strcmp0 (pause->figures, pin) == 0;
}

gboolean
est_relay_trust_pin (EstOutbox *outbox,
                     EstAccounts *accounts,
                     const char *name,
                     const char *pin,
                     GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (accounts);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (outbox, error);
  if (pauses == NULL)
    return FALSE;
  if (!asks_about_key (find_pause (pauses, name), est_settings_find (settings, name),
                       pin))
    return refuse (name, error);
  return est_accounts_set_pin (accounts, name, pin, error);
}

gboolean
est_relay_trust_accept (EstOutbox *outbox,
                        EstAccounts *accounts,
                        const char *name,
                        GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (accounts);
  const EstAccount *account = est_settings_find (settings, name);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (outbox, error);
  if (pauses == NULL)
    return FALSE;
  const EstPause *pause = find_pause (pauses, name);
  if (pause == NULL || account == NULL || pause->reason != EST_REASON_WEAKER
      || pause->figures == NULL || !est_strength_accept (account, pause->figures))
    return refuse (name, error);
  return TRUE;
}
