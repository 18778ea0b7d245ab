/* msmtp: one file of accounts, each of which may begin as a copy of others. Lines about
   passwords are not looked at. */
#include "base/secret.h"
#include "mail/address.h"
#include "web/own-file.h"
#include "web/programs.h"

#include <string.h>

#define FILE_LIMIT (256 * 1024)
#define MOST       256 /* accounts */

typedef enum
{
  HOST,
  PORT,
  FROM,
  USER,
  AUTH,
  TLS,
  STARTTLS,
  N_SETTINGS,
} Setting;

static const char *const settings[N_SETTINGS] = {
  [HOST] = "host",
  [PORT] = "port",
  [FROM] = "from",
  [USER] = "user",
  [AUTH] = "auth",
  [TLS] = "tls",
  [STARTTLS] = "tls_starttls",
};

typedef struct
{
  char *name;
  char *values[N_SETTINGS]; /* NULL: not said */
} Account;

static void
account_free (Account *account)
{
  for (guint i = 0; i < N_SETTINGS; i++)
    g_free (account->values[i]);
  g_free (account->name);
  g_free (account);
}

static void
copy_values (Account *account, const Account *from)
{
  for (guint i = 0; i < N_SETTINGS; i++)
    if (from->values[i] != NULL)
      {
        g_free (account->values[i]);
        account->values[i] = g_strdup (from->values[i]);
      }
}

/* The last that is called so. */
static const Account *
find_account (GPtrArray *accounts, const char *name)
{
  for (guint i = accounts->len; i-- > 0;)
    {
      const Account *account = g_ptr_array_index (accounts, i);
      if (g_str_equal (account->name, name))
        return account;
    }
  return NULL;
}

/* "NAME" or "NAME : OTHER, ANOTHER"; what "defaults" says holds for all after it. */
static Account *
begin_account (GPtrArray *accounts, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, ":", 2);
  g_auto (GStrv) others
    = g_strsplit (parts[0] != NULL && parts[1] ? parts[1] : "", ",", -1);
  Account *account = g_new0 (Account, 1);
  account->name = g_strstrip (g_strdup (parts[0] != NULL ? parts[0] : ""));
  copy_values (account, g_ptr_array_index (accounts, 0));
  for (char **other = others; *other != NULL; other++)
    {
      const Account *from = find_account (accounts, g_strstrip (*other));
      if (from != NULL)
        copy_values (account, from);
    }
  g_ptr_array_add (accounts, account);
  return account;
}

/* Without the quotes around it. */
static char *
read_argument (const char *text)
{
  char *argument = g_strstrip (g_strdup (text));
  gsize length = strlen (argument);
  if (length >= 2 && argument[0] == '"' && argument[length - 1] == '"')
    {
      argument[length - 1] = '\0';
      memmove (argument, argument + 1, length - 1);
    }
  return argument;
}

static void
take_setting (Account *account, const char *keyword, const char *text)
{
  for (guint i = 0; i < N_SETTINGS; i++)
    if (g_str_equal (keyword, settings[i]))
      {
        g_free (account->values[i]);
        account->values[i] = read_argument (text);
      }
}

/* The first account is what "defaults" says. */
static GPtrArray *
read_accounts (char **lines)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) account_free);
  Account *defaults = g_new0 (Account, 1), *account = defaults;
  defaults->name = g_strdup ("");
  g_ptr_array_add (accounts, defaults);
  for (char **line = lines; *line != NULL && accounts->len < MOST; line++)
    {
      const char *begin = g_strstrip (*line);
      gsize length = strcspn (begin, " \t");
      g_autofree char *keyword = g_strndup (begin, length);
      if (g_str_equal (keyword, "defaults"))
        account = defaults;
      else if (g_str_equal (keyword, "account"))
        account = begin_account (accounts, begin + length);
      else
        take_setting (account, keyword, begin + length);
    }
  return accounts;
}

/* A word alone is "on". */
static gboolean
is_on (const Account *account, Setting setting, gboolean otherwise)
{
  const char *value = account->values[setting];
  if (value == NULL)
    return otherwise;
  return *value == '\0' || g_str_equal (value, "on");
}

static EstSecurity
read_security (const Account *account)
{
  if (!is_on (account, TLS, FALSE))
    return EST_SECURITY_NONE;
  return is_on (account, STARTTLS, TRUE) ? EST_SECURITY_STARTTLS : EST_SECURITY_TLS;
}

static const struct
{
  const char *method;
  const char *auth; /* NULL: not ours */
  const char *secret;
} ways[] = {
  {"off",         "none",        "none" },
  {"gssapi",      "GSSAPI",      "none" },
  {"external",    NULL,          NULL   },
  {"ntlm",        NULL,          NULL   },
  {"oauthbearer", "OAUTHBEARER", "oauth"},
  {"xoauth2",     "XOAUTH2",     "oauth"},
};

static void
read_way (EstCandidate *candidate, const Account *account)
{
  const char *method = account->values[AUTH] != NULL ? account->values[AUTH] : "off";
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (method, ways[i].method))
      {
        candidate->auth = ways[i].auth;
        candidate->secret = ways[i].secret;
      }
}

/* Its usual port without TLS from the start is that of servers among themselves. */
static void
add_account (GPtrArray *list, const Account *account)
{
  EstCandidate *candidate = est_candidate_new ();
  candidate->security = read_security (account);
  candidate->port = candidate->security == EST_SECURITY_STARTTLS ? 25 : 0;
  read_way (candidate, account);
  if (account->values[PORT] != NULL)
    est_candidate_set_port (candidate, account->values[PORT]);
  if (account->values[USER] != NULL)
    est_candidate_set_user (candidate, account->values[USER]);
  est_candidate_set_host (candidate, account->values[HOST]);
  est_programs_add (list, candidate);
}

/* A whole domain may be meant; an account that names no sender belongs to its user. */
static gboolean
is_for (const Account *account, const char *address)
{
  const char *from = account->values[FROM], *user = account->values[USER];
  if (from == NULL)
    return user != NULL && est_address_equal (user, address);
  return est_address_equal (from, address)
         || (est_address_is_wildcard (from) && est_address_is_within (address, from));
}

GPtrArray *
est_msmtp_read (const char *text, const char *address)
{
  GPtrArray *list = est_programs_new_list ();
  char **lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) accounts = read_accounts (lines);
  for (guint i = 0; i < accounts->len; i++)
    {
      const Account *account = g_ptr_array_index (accounts, i);
      if (account->values[HOST] != NULL && is_for (account, address))
        add_account (list, account);
    }
  for (char **line = lines; *line != NULL; line++)
    est_secret_wipe (*line, strlen (*line));
  g_strfreev (lines);
  return list;
}

GPtrArray *
est_msmtp_find (const char *address)
{
  g_autofree char *old = g_build_filename (g_get_home_dir (), ".msmtprc", NULL);
  g_autofree char *new
    = g_build_filename (g_get_user_config_dir (), "msmtp", "config", NULL);
  char *text = est_own_file_read (old, FILE_LIMIT);
  if (text == NULL)
    text = est_own_file_read (new, FILE_LIMIT);
  GPtrArray *list = text != NULL ? est_msmtp_read (text, address) : NULL;
  est_secret_free_text (text);
  return list;
}
