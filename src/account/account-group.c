/* The keys of an account, what each may hold, and what must be there. */
#include "account/account-group.h"
#include "account/pin.h"
#include "account/proxy.h"
#include "account/settings-group.h"
#include "account/systemd-credential.h"
#include "base/user.h"
#include "mail/address.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX "account "

const char *
est_account_group_name (const char *group)
{
  return g_str_has_prefix (group, PREFIX) ? group + strlen (PREFIX) : NULL;
}

char *
est_account_group_of (const char *name)
{
  return g_strconcat (PREFIX, name, NULL);
}

gboolean
est_account_name_is_valid (const char *name)
{
  gsize length = strlen (name);
  gsize good = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.@");
  return length > 0 && length <= 64 && good == length;
}

static char *
read_addresses (const EstKey *key, const char *value, gpointer field)
{
  char *complaint = est_key_read_addresses (key, value, field);
  if (complaint == NULL && **(char ***) field == NULL)
    return g_strdup ("must hold at least one mail address");
  return complaint;
}

gboolean
est_host_is_valid (const char *host)
{
  if (g_hostname_is_ip_address (host))
    return TRUE;
  gsize length = strlen (host);
  gsize good = strspn (host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.");
  return length > 0 && length <= 253 && good == length && *host != '.' && *host != '-';
}

static char *
read_host (const EstKey *key, const char *value, gpointer field)
{
  g_autofree char *host = g_hostname_to_ascii (value);
  if (host == NULL || !est_host_is_valid (host))
    return g_strdup_printf ("must be a server's name or IP address alone, like "
                            "smtp.example.org (its port goes into port), not \"%s\"",
                            value);
  g_free (*(char **) field);
  *(char **) field = g_steal_pointer (&host);
  return NULL;
}

static char *
read_security (const EstKey *key, const char *value, gpointer field)
{
  for (EstSecurity i = EST_SECURITY_TLS; i <= EST_SECURITY_NONE; i++)
    if (g_ascii_strcasecmp (value, est_security_nick (i)) == 0)
      {
        *(EstSecurity *) field = i;
        return NULL;
      }
  return g_strdup_printf ("must be tls, starttls or none, not \"%s\"", value);
}

static char *
read_auth (const EstKey *key, const char *value, gpointer field)
{
  static const char *const words[] = {"auto",        "none",
                                      "PLAIN",       "LOGIN",
                                      "CRAM-MD5",    "SCRAM-SHA-1",
                                      "OAUTHBEARER", "SCRAM-SHA-1-PLUS",
                                      "XOAUTH2",     "SCRAM-SHA-256",
                                      "EXTERNAL",    "SCRAM-SHA-256-PLUS",
                                      "GSSAPI",      NULL};
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (value, words[i]) == 0)
      {
        g_free (*(char **) field);
        *(char **) field = g_strdup (words[i]);
        return NULL;
      }
  return g_strdup_printf (
    "must be auto, none, PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256 or SCRAM-SHA-1 (both also "
    "with -PLUS behind them), OAUTHBEARER, XOAUTH2, EXTERNAL or GSSAPI, not \"%s\"",
    value);
}

/* A daemon has no current folder that a person would know. */
static char *
read_path (const EstKey *key, const char *value, gpointer field)
{
  gboolean at_home = g_str_has_prefix (value, "~/");
  if (!at_home && !g_path_is_absolute (value))
    return g_strdup_printf ("must be a path that starts with / or ~/, not \"%s\"", value);
  g_free (*(char **) field);
  *(char **) field
    = at_home ? g_build_filename (g_get_home_dir (), value + 2, NULL) : g_strdup (value);
  return NULL;
}

/* A URI (RFC 7512) or a path. Its PIN is a secret, and no secret stands in this file. */
static char *
read_pair (const EstKey *key, const char *value, gpointer field)
{
  if (!g_str_has_prefix (value, "pkcs11:"))
    return read_path (key, value, field);
  if (strstr (value, "pin-value=") != NULL)
    return g_strdup ("must not hold a PIN: write it into a file that only you can read, "
                     "and put pin-source=file:/that/file in the place of pin-value");
  return est_key_read_text (key, value, field);
}

/* The command may have a secret in it, so that no complaint repeats it. */
static char *
read_command (const EstKey *key, const char *value, gpointer field)
{
  g_autoptr (GError) error = NULL;
  char **argv = NULL;
  if (!g_shell_parse_argv (value, NULL, &argv, &error))
    return g_strdup_printf (
      "must be a program and its arguments, quoted as in a shell (%s)",
      g_error_matches (error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING)
        ? "a quotation mark has no partner"
        : "it is empty");
  g_strfreev (*(char ***) field);
  *(char ***) field = argv;
  return NULL;
}

static char *
read_credential (const EstKey *key, const char *value, gpointer field)
{
  if (!est_systemd_credential_is_valid (value))
    return g_strdup ("must be the name of a credential of systemd: letters, digits, or "
                     "-_. and nothing else");
  return est_key_read_text (key, value, field);
}

/* No complaint repeats the value: a password may stand in it. */
static char *
read_proxy (const EstKey *key, const char *value, gpointer field)
{
  static const char *const words[] = {"system", "none"};
  const char *kept = NULL;
  g_autoptr (EstProxy) proxy = est_proxy_parse (value);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (value, words[i]) == 0)
      kept = words[i];
  if (kept == NULL && proxy == NULL)
    return g_strdup (
      "must be system, none, or a proxy like socks5://proxy.example.org:1080 "
      "(also socks4a, socks4 or http, with USER:PASSWORD@ before the name "
      "if it asks for them)");
  g_free (*(char **) field);
  *(char **) field = g_strdup (kept != NULL ? kept : value);
  return NULL;
}

/* No complaint about one repeats more than its beginning would tell. */
static char *
read_page (const EstKey *key, const char *value, gpointer field)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  gboolean good = host != NULL && *host != '\0'
                  && g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0
                  && g_uri_get_userinfo (uri) == NULL && g_uri_get_fragment (uri) == NULL;
  if (!good)
    return g_strdup ("must be an address that begins with https://, without a name or "
                     "password in it");
  return est_key_read_text (key, value, field);
}

/* Looked up when the settings are read, like the users of [submission]. */
static char *
read_user (const EstKey *key, const char *value, gpointer field)
{
  guint32 uid = est_user_find (value);
  if (uid == EST_USER_UNKNOWN)
    return g_strdup_printf ("must be the login name or the number of a user, but this "
                            "machine has no user \"%s\"",
                            value);
  *(guint32 *) field = uid;
  return NULL;
}

static char *
read_pins (const EstKey *key, const char *value, gpointer field)
{
  est_key_read_list (key, value, field);
  char **pins = *(char ***) field;
  for (char **pin = pins; *pin != NULL; pin++)
    {
      char *good = est_pin_parse (*pin);
      if (good == NULL)
        return g_strdup_printf (
          "must be sha256: and the digest of a public key in base64 "
          "or in hexadecimal, or several of these separated by "
          "\";\", not \"%s\"",
          *pin);
      g_free (*pin);
      *pin = good;
    }
  if (*pins == NULL)
    return g_strdup ("must hold at least one pin; leave the line out instead");
  return NULL;
}

static char *
read_too_large (const EstKey *key, const char *value, gpointer field)
{
  gboolean hold = g_ascii_strcasecmp (value, "hold") == 0;
  if (!hold && g_ascii_strcasecmp (value, "fail") != 0)
    return g_strdup_printf ("must be hold or fail, not \"%s\"", value);
  *(gboolean *) field = hold;
  return NULL;
}

/* 0 is a word, too: as much as there is. */
static char *
read_budget (const EstKey *key, const char *value, gpointer field)
{
  guint number = 0;
  char *complaint = est_key_read_number (key, value, &number);
  if (complaint == NULL)
    *(int *) field = (int) number;
  return complaint;
}

#define FIELD(name) G_STRUCT_OFFSET (EstAccount, name)
static const EstKey keys[] = {
  {"addresses",             read_addresses,       FIELD (addresses),                          0, 0       },
  {"host",                  read_host,            FIELD (host),                               0, 0       },
  {"port",                  est_key_read_port,    FIELD (port),                               1, 65535   },
  {"security",              read_security,        FIELD (security),                           0, 0       },
  {"auth",                  read_auth,            FIELD (auth),                               0, 0       },
  {"user",                  est_key_read_text,    FIELD (user),                               0, 0       },
  {"ca-file",               read_path,            FIELD (ca_file),                            0, 0       },
  {"pin",                   read_pins,            FIELD (pins),                               0, 0       },
  {"dane",                  est_key_read_boolean, FIELD (dane),                               0, 0       },
  {"proxy",                 read_proxy,           FIELD (proxy),                              0, 0       },
  {"relay-user",            read_user,            FIELD (relay_user),                         0, 0       },
  {"certificate",           read_pair,            FIELD (certificate),                        0, 0       },
  {"key",                   read_pair,            FIELD (key),                                0, 0       },
  {"password-command",      read_command,         FIELD (password_command),                   0, 0       },
  {"credential",            read_credential,      FIELD (credential),                         0, 0       },
  {"token-command",         read_command,         FIELD (token_command),                      0, 0       },
  {"oauth-issuer",          read_page,            FIELD (oauth.issuer),                       0, 0       },
  {"oauth-client",          est_key_read_text,    FIELD (oauth.client),                       0, 0       },
  {"oauth-client-secret",   est_key_read_text,    FIELD (oauth.client_secret),                0, 0       },
  {"oauth-scope",           est_key_read_text,    FIELD (oauth.scope),                        0, 0       },
  {"oauth-authorize",       read_page,            FIELD (oauth.authorize),                    0, 0       },
  {"oauth-token",           read_page,            FIELD (oauth.token),                        0, 0       },
  {"oauth-device",          read_page,            FIELD (oauth.device),                       0, 0       },
  {"connections",           est_key_read_number,  FIELD (connections),                        1, 20      },
  {"future-release",        est_key_read_boolean, FIELD (future_release),                     0, 0       },
  {"too-large",             read_too_large,       FIELD (hold_too_large),                     0, 0       },
  {"messages-per-minute",   read_budget,          FIELD (budget.messages[EST_SPAN_MINUTE]),   0,
   G_MAXINT                                                                                              },
  {"messages-per-hour",     read_budget,          FIELD (budget.messages[EST_SPAN_HOUR]),     0, G_MAXINT},
  {"messages-per-day",      read_budget,          FIELD (budget.messages[EST_SPAN_DAY]),      0, G_MAXINT},
  {"recipients-per-minute", read_budget,          FIELD (budget.recipients[EST_SPAN_MINUTE]), 0,
   G_MAXINT                                                                                              },
  {"recipients-per-hour",   read_budget,          FIELD (budget.recipients[EST_SPAN_HOUR]),   0,
   G_MAXINT                                                                                              },
  {"recipients-per-day",    read_budget,          FIELD (budget.recipients[EST_SPAN_DAY]),    0,
   G_MAXINT                                                                                              },
  {"default",               est_key_read_boolean, FIELD (is_default),                         0, 0       },
  {NULL,                    NULL,                 0,                                          0, 0       },
};

static gboolean
signs_in_by (const EstAccount *account, const char *mechanism)
{
  return g_strcmp0 (account->auth, mechanism) == 0;
}

static const char *
find_gap_in_tokens (const EstAccount *account)
{
  const EstOauth *oauth = &account->oauth;
  gboolean by_token
    = signs_in_by (account, "OAUTHBEARER") || signs_in_by (account, "XOAUTH2");
  gboolean where = oauth->issuer != NULL || oauth->token != NULL;
  gboolean said = oauth->client != NULL || oauth->client_secret != NULL
                  || oauth->scope != NULL || oauth->authorize != NULL
                  || oauth->device != NULL;
  if (said && !where)
    return "oauth-issuer is missing, or oauth-token: where access tokens come from, for "
           "instance oauth-issuer=https://login.example.org.";
  if (where && account->token_command != NULL)
    return "token-command and oauth-issuer or oauth-token do not go together: access "
           "tokens come from one of them.";
  if (by_token && account->token_command == NULL && !where)
    return "token-command is missing, or oauth-issuer: this way of signing in wants an "
           "access token. token-command is a program that prints it, for instance "
           "token-command=pizauth show home; with oauth-issuer Estafeta gets it itself.";
  return NULL;
}

static const char *
find_gap_in_sign_in (const EstAccount *account)
{
  if (account->credential != NULL && account->password_command != NULL)
    return "credential and password-command do not go together: the password comes from "
           "one of them.";
  if (signs_in_by (account, "EXTERNAL") && account->certificate == NULL)
    return "certificate is missing: auth=EXTERNAL signs in by it, for instance "
           "certificate=~/mail.pem.";
  if (account->certificate == NULL && account->key != NULL)
    return "certificate is missing: key alone says nothing.";
  if (account->certificate != NULL && account->security == EST_SECURITY_NONE)
    return "certificate goes with encryption only. Use security=tls or starttls, or "
           "leave "
           "it out.";
  return NULL;
}

/* A certificate or a ticket says whose it is. */
static gboolean
names_itself (const EstAccount *account)
{
  return signs_in_by (account, "EXTERNAL") || signs_in_by (account, "GSSAPI");
}

static gboolean
needs_user (const EstAccount *account)
{
  return account->user == NULL && !signs_in_by (account, "none")
         && !names_itself (account);
}

/* What is missing or does not go together, as a sentence; NULL if all is well. */
static const char *
find_gap (const EstAccount *account)
{
  if (account->addresses == NULL)
    return "addresses is missing: the mail addresses this account sends for, for "
           "instance "
           "addresses=you@example.org.";
  if (account->host == NULL)
    return "host is missing: the provider's server for outgoing mail, for instance "
           "host=smtp.example.org.";
  if (account->security == EST_SECURITY_NONE && !est_account_is_local (account))
    return "security=none is only for a server on this machine (localhost, 127.0.0.1, "
           "::1): "
           "mail and password would cross the network readable. Use tls or starttls.";
  if (needs_user (account) && est_address_first_mailbox (account->addresses) == NULL)
    return "user is missing: addresses has whole domains only, which sign in nowhere. "
           "Write "
           "the user name that the provider gave you, for instance user=you@example.org.";
  const char *gap = find_gap_in_tokens (account);
  return gap != NULL ? gap : find_gap_in_sign_in (account);
}

EstAccount *
est_account_group_new (void)
{
  EstAccount *account = g_atomic_rc_box_new0 (EstAccount);
  account->dane = TRUE;
  account->relay_user = EST_USER_UNKNOWN;
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    account->budget.messages[span] = account->budget.recipients[span] = -1;
  return account;
}

static void
fill_in (EstAccount *account)
{
  static const guint16 ports[]
    = {[EST_SECURITY_TLS] = 465, [EST_SECURITY_STARTTLS] = 587, [EST_SECURITY_NONE] = 25};
  if (account->port == 0)
    account->port = ports[account->security];
  if (account->auth == NULL)
    account->auth = g_strdup ("auto");
  if (account->proxy == NULL)
    account->proxy = g_strdup ("system");
  if (signs_in_by (account, "none"))
    g_clear_pointer (&account->user, g_free);
  else if (needs_user (account))
    account->user = g_strdup (est_address_first_mailbox (account->addresses));
}

EstAccount *
est_account_group_read (GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (EstAccount) account = est_account_group_new ();
  account->name = g_strdup (est_account_group_name (group));
  if (!est_account_name_is_valid (account->name))
    {
      g_set_error (
        error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
        "The name in [%s] must be 1 to 64 letters, digits, or -_.@ and nothing else.",
        group);
      return NULL;
    }
  if (!est_group_read (file, group, keys, account, error))
    return NULL;

  const char *gap = find_gap (account);
  if (gap == NULL)
    {
      fill_in (account);
      return g_steal_pointer (&account);
    }
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE, "In [%s], %s", group,
               gap);
  return NULL;
}
