/* The groups of the settings file, their keys, limits and defaults, and the checks that
   concern more than one group. */
#include "account/settings-parse.h"
#include "account/account-group.h"
#include "account/app-group.h"
#include "account/listening.h"
#include "account/online-group.h"
#include "account/settings-group.h"
#include "account/settings-text.h"
#include "account/user-list.h"
#include "base/nearest.h"
#include "mail/address.h"

#include <gio/gio.h>
#include <string.h>

#define MIB     (G_GUINT64_CONSTANT (1024) * 1024)
#define DAY     (24 * 3600)
#define SECONDS est_key_read_number
#define YEAR    (366 * DAY)

static gboolean
is_loopback_and_port (const char *text)
{
  g_autoptr (GSocketAddress) address = est_listening_parse (text);
  return address != NULL;
}

static char *
read_listen (const EstKey *key, const char *value, gpointer field)
{
  est_key_read_list (key, value, field);
  for (char **address = *(char ***) field; *address != NULL; address++)
    if (!is_loopback_and_port (*address))
      return g_strdup_printf (
        "must be loopback addresses with a port, like 127.0.0.1:2525 "
        "or [::1]:2525, separated by \";\", but \"%s\" is none",
        *address);
  return NULL;
}

#define FIELD(name) G_STRUCT_OFFSET (EstSubmissionSettings, name)
static const EstKey submission_keys[] = {
  {"listen",      read_listen,          FIELD (listen),          0,     0         },
  {"listen-tls",  read_listen,          FIELD (listen_tls),      0,     0         },
  {"starttls",    est_key_read_boolean, FIELD (starttls),        0,     0         },
  {"scram",       est_key_read_boolean, FIELD (scram),           0,     0         },
  {"connections", est_key_read_number,  FIELD (connections),     1,     1024      },
  {"recipients",  est_key_read_number,  FIELD (recipients),      1,     100000    },
  {"size",        est_key_read_size,    FIELD (size),            1024,  2048 * MIB},
  {"command",     SECONDS,              FIELD (command_seconds), 1,     DAY       },
  {"data",        SECONDS,              FIELD (data_seconds),    1,     DAY       },
  {"users",       est_key_read_users,   FIELD (users),           FALSE, 0         },
  {"token-users", est_key_read_users,   FIELD (users),           TRUE,  0         },
  {NULL,          NULL,                 0,                       0,     0         },
};
#undef FIELD

#define FIELD(name) G_STRUCT_OFFSET (EstDeliverySettings, name)
static const EstKey delivery_keys[] = {
  {"connect",       SECONDS, FIELD (connect_seconds),       1, DAY },
  {"greeting",      SECONDS, FIELD (greeting_seconds),      1, DAY },
  {"command",       SECONDS, FIELD (command_seconds),       1, DAY },
  {"data",          SECONDS, FIELD (data_seconds),          1, DAY },
  {"block",         SECONDS, FIELD (block_seconds),         1, DAY },
  {"final",         SECONDS, FIELD (final_seconds),         1, DAY },
  {"keyring",       SECONDS, FIELD (keyring_seconds),       1, DAY },
  {"keep",          SECONDS, FIELD (keep_seconds),          0, 300 },
  {"first-retry",   SECONDS, FIELD (first_retry_seconds),   1, DAY },
  {"longest-retry", SECONDS, FIELD (longest_retry_seconds), 1, DAY },
  {"warning",       SECONDS, FIELD (warning_seconds),       1, YEAR},
  {"give-up",       SECONDS, FIELD (give_up_seconds),       1, YEAR},
  {NULL,            NULL,    0,                             0, 0   },
};
#undef FIELD

#define FIELD(name) G_STRUCT_OFFSET (EstOutboxSettings, name)
static const EstKey outbox_keys[] = {
  {"journal", est_key_read_number, FIELD (journal_days), 1, 36500},
  {NULL,      NULL,                0,                    0, 0    },
};
#undef FIELD

static const EstOutboxSettings outbox_defaults = {.journal_days = 30};

static const EstSubmissionSettings submission_defaults = {
  .connections = 64,
  .recipients = 2000,
  .size = 150 * MIB,
  .command_seconds = 300,
  .data_seconds = 3600,
};

static const EstDeliverySettings delivery_defaults = {
  .connect_seconds = 30,
  .greeting_seconds = 300,
  .command_seconds = 300,
  .data_seconds = 120,
  .block_seconds = 180,
  .final_seconds = 600,
  .keyring_seconds = 60,
  .keep_seconds = 10,
  .first_retry_seconds = 60,
  .longest_retry_seconds = 3600,
  .warning_seconds = 4 * 3600,
  .give_up_seconds = 5 * DAY,
};

static EstSettings *
new_with_defaults (void)
{
  static const char *const listen[] = {"127.0.0.1:2525", "[::1]:2525", NULL};
  EstSettings *settings = g_atomic_rc_box_new0 (EstSettings);
  settings->submission = submission_defaults;
  settings->submission.listen = g_strdupv ((char **) listen);
  settings->submission.listen_tls = g_new0 (char *, 1);
  settings->submission.users = est_user_list_new ();
  settings->delivery = delivery_defaults;
  settings->outbox = outbox_defaults;
  settings->online.use = TRUE;
  settings->accounts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
  settings->apps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return settings;
}

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE, format,
                                 arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
complain_unknown (const char *group, GError **error)
{
  static const char *const known[]
    = {"submission", "delivery", "outbox", "apps", "online-accounts", "account", NULL};
  g_auto (GStrv) words = g_strsplit (group, " ", 2);
  const char *near = words[0] != NULL ? est_nearest (words[0], known) : NULL;
  if (near == NULL)
    return fail (error,
                 "There is no group [%s]; the groups are [submission], [delivery], "
                 "[outbox], [apps], "
                 "[online-accounts] and one [account NAME] for each account.",
                 group);
  if (!g_str_equal (near, "account"))
    return fail (error, "There is no group [%s]; did you mean [%s]?", group, near);
  const char *name = words[1] != NULL && *words[1] != '\0' ? words[1] : "NAME";
  return fail (error, "There is no group [%s]; did you mean [account %s]?", group, name);
}

static gboolean
read_group (EstSettings *settings, GKeyFile *file, const char *group, GError **error)
{
  if (g_str_equal (group, "submission"))
    {
      settings->submission.listen_said = g_key_file_has_key (file, group, "listen", NULL);
      return est_group_read (file, group, submission_keys, &settings->submission, error);
    }
  if (g_str_equal (group, "delivery"))
    return est_group_read (file, group, delivery_keys, &settings->delivery, error);
  if (g_str_equal (group, "outbox"))
    return est_group_read (file, group, outbox_keys, &settings->outbox, error);
  if (g_str_equal (group, EST_ONLINE_GROUP))
    return est_online_group_read (file, &settings->online, error);
  if (g_str_equal (group, EST_APP_GROUP))
    return est_app_group_read (file, settings->apps, error);
  if (est_account_group_name (group) == NULL)
    return complain_unknown (group, error);

  EstAccount *account = est_account_group_read (file, group, error);
  if (account != NULL)
    g_ptr_array_add (settings->accounts, account);
  return account != NULL;
}

/* One address of a domain may go another way than the rest of it. */
static gboolean
has_in_common (const EstAccount *account, const char *address)
{
  EstClaim shared
    = est_address_is_wildcard (address) ? EST_CLAIM_DOMAIN : EST_CLAIM_ADDRESS;
  return est_account_claim (account, address) >= shared;
}

/* @account: the one whose line is to be looked at. */
static gboolean
note (const EstAccount *account, const char *key, GError **error)
{
  g_autofree char *group = est_account_group_of (account->name);
  est_settings_error_note (error != NULL ? *error : NULL, group, key);
  return FALSE;
}

static gboolean
compare (const EstAccount *a, const EstAccount *b, GError **error)
{
  if (a->is_default && b->is_default)
    return fail (
      error,
      "[account %s] and [account %s] both say default=yes; only one account can "
      "take the senders that no account owns.",
      a->name, b->name);
  for (char **address = b->addresses; *address != NULL; address++)
    if (has_in_common (a, *address))
      return fail (
        error,
        "[account %s] and [account %s] both have the address %s; mail from it can "
        "go one way only.",
        a->name, b->name, *address);
  return TRUE;
}

static gboolean
check_listen (const EstSubmissionSettings *submission, GError **error)
{
  for (char **plain = submission->listen; *plain != NULL; plain++)
    for (char **tls = submission->listen_tls; *tls != NULL; tls++)
      if (est_listening_is_same (*plain, *tls))
        return fail (error,
                     "In [submission], listen and listen-tls both have %s; one address "
                     "speaks TLS from the start or it does not.",
                     *tls);
  return TRUE;
}

static gboolean
check_pair (const EstAccount *a, const EstAccount *b, GError **error)
{
  const char *key = a->is_default && b->is_default ? "default" : "addresses";
  return compare (a, b, error) || note (b, key, error);
}

static gboolean
check_loop (const EstSettings *settings, const EstAccount *account, GError **error)
{
  const char *own = est_listening_find_loop (&settings->submission, account);
  if (own == NULL)
    return TRUE;
  fail (error,
        "In [account %s], host and port lead back to Estafeta itself, which "
        "listens at %s: mail would go round in circles. Write the server of "
        "your provider.",
        account->name, own);
  return note (account, "host", error);
}

static gboolean
check_together (const EstSettings *settings, GError **error)
{
  const EstDeliverySettings *delivery = &settings->delivery;
  if (!check_listen (&settings->submission, error))
    {
      est_settings_error_note (error != NULL ? *error : NULL, "submission", "listen-tls");
      return FALSE;
    }
  if (delivery->first_retry_seconds > delivery->longest_retry_seconds)
    {
      fail (error,
            "In [delivery], first-retry (%u) must not be greater than "
            "longest-retry (%u).",
            delivery->first_retry_seconds, delivery->longest_retry_seconds);
      est_settings_error_note (error != NULL ? *error : NULL, "delivery", "first-retry");
      return FALSE;
    }

  for (guint i = 0; i < settings->accounts->len; i++)
    if (!check_loop (settings, settings->accounts->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < settings->accounts->len; i++)
    for (guint j = i + 1; j < settings->accounts->len; j++)
      if (!check_pair (settings->accounts->pdata[i], settings->accounts->pdata[j], error))
        return FALSE;
  return TRUE;
}

static GKeyFile *
load_key_file (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;
  if (!est_settings_text_check (text, length, error))
    return NULL;
  if (g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &local))
    return g_steal_pointer (&file);
  g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX,
                       local->message);
  return NULL;
}

EstSettings *
est_settings_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (EstSettings) settings = new_with_defaults ();
  g_autoptr (GKeyFile) file = load_key_file (text, length, error);
  if (file == NULL)
    return NULL;

  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (!read_group (settings, file, *group, error))
      {
        est_settings_error_note (error != NULL ? *error : NULL, *group, NULL);
        return NULL;
      }
  return check_together (settings, error) ? g_steal_pointer (&settings) : NULL;
}
