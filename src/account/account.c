/* One account as a value: counted references, the question whose mail it takes, and the
   words for its security. How it is read from the settings stands in account-group.c. */
#include "account/account.h"

#include "account/oauth.h"
#include "mail/address.h"

#include <gio/gio.h>

static void
free_online (EstOnline *online)
{
  if (online == NULL)
    return;
  g_free (online->id);
  g_free (online->provider);
  g_free (online->path);
  g_free (online);
}

static void
clear (gpointer data)
{
  EstAccount *account = data;
  g_free (account->name);
  g_strfreev (account->addresses);
  g_free (account->host);
  g_free (account->auth);
  g_free (account->user);
  g_free (account->ca_file);
  g_strfreev (account->pins);
  g_free (account->proxy);
  g_free (account->certificate);
  g_free (account->key);
  g_strfreev (account->password_command);
  g_free (account->credential);
  g_strfreev (account->token_command);
  est_oauth_clear (&account->oauth);
  free_online (account->online);
}

EstAccount *
est_account_ref (EstAccount *account)
{
  return g_atomic_rc_box_acquire (account);
}

void
est_account_unref (EstAccount *account)
{
  if (account != NULL)
    g_atomic_rc_box_release_full (account, clear);
}

static gboolean
takes_tokens (const EstAccount *account)
{
  static const char *const kinds[] = {"auto", "OAUTHBEARER", "XOAUTH2", NULL};
  return g_strv_contains (kinds, account->auth);
}

gboolean
est_account_uses_grant (const EstAccount *account)
{
  gboolean can_refresh = account->oauth.token != NULL || account->oauth.issuer != NULL;
  return can_refresh && account->token_command == NULL && takes_tokens (account);
}

gboolean
est_account_uses_token (const EstAccount *account)
{
  if (account->online != NULL)
    return account->online->by_token && takes_tokens (account);
  return est_account_uses_grant (account)
         || (account->token_command != NULL && takes_tokens (account));
}

static EstClaim
judge (const char *address, const char *sender)
{
  if (est_address_is_wildcard (address))
    return est_address_is_within (sender, address) ? EST_CLAIM_DOMAIN : EST_CLAIM_NONE;
  if (est_address_equal (address, sender))
    return EST_CLAIM_ADDRESS;
  return est_address_is_tagged (sender, address) ? EST_CLAIM_TAG : EST_CLAIM_NONE;
}

EstClaim
est_account_claim (const EstAccount *account, const char *sender)
{
  EstClaim claim = account->is_default ? EST_CLAIM_DEFAULT : EST_CLAIM_NONE;
  for (char **address = account->addresses; *address != NULL; address++)
    claim = MAX (claim, judge (*address, sender));
  return claim;
}

gboolean
est_account_is_local (const EstAccount *account)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (account->host);
  if (address == NULL)
    return g_ascii_strcasecmp (account->host, "localhost") == 0;
  return g_inet_address_get_is_loopback (address);
}

const char *
est_security_nick (EstSecurity security)
{
  static const char *const nicks[] = {
    [EST_SECURITY_TLS] = "tls",
    [EST_SECURITY_STARTTLS] = "starttls",
    [EST_SECURITY_NONE] = "none",
  };
  return nicks[security];
}
