/* The keys of a token in its file, and what each may hold. */
#include "account/token-group.h"

#include "account/account-group.h"
#include "account/settings-group.h"
#include "account/settings-text.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX      "token "
#define MOST_ROUNDS 1000000 /* a whole second of hashing */

/* Base64 of @least to @most octets. */
static char *
read_octets (const EstKey *key, const char *value, gpointer field)
{
  gsize length;
  g_autofree guchar *octets = g_base64_decode (value, &length);
  g_autofree char *again = g_base64_encode (octets, length);
  if (!g_str_equal (again, value) || length < key->least || length > key->most)
    return g_strdup ("must be as it was written; add the token anew");
  g_free (*(char **) field);
  *(char **) field = g_strdup (value);
  return NULL;
}

static char *
read_senders (const EstKey *key, const char *value, gpointer field)
{
  est_key_read_list (key, value, field);
  for (char **sender = *(char ***) field; *sender != NULL; sender++)
    if (!est_token_sender_is_valid (*sender))
      return g_strdup ("must be mail addresses like you@example.org, or @example.org for "
                       "a whole domain, separated by \";\"");
  return NULL;
}

static char *
read_accounts (const EstKey *key, const char *value, gpointer field)
{
  est_key_read_list (key, value, field);
  for (char **account = *(char ***) field; *account != NULL; account++)
    if (!est_account_name_is_valid (*account))
      return g_strdup ("must be names of accounts, separated by \";\"");
  return NULL;
}

static char *
read_time (const EstKey *key, const char *value, gpointer field)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (value, NULL);
  if (time == NULL)
    return g_strdup ("must be a time like 2026-11-23T14:05:00Z");
  *(gint64 *) field = g_date_time_to_unix (time);
  return NULL;
}

#define FIELD(name) G_STRUCT_OFFSET (EstToken, name)
#define SALT        EST_SCRAM_SALT_LENGTH
#define KEY         EST_SCRAM_KEY_LENGTH
static const EstKey keys[] = {
  {"salt",       read_octets,         FIELD (keys.salt),       SALT,             64                    },
  {"rounds",     est_key_read_number, FIELD (keys.rounds),     EST_SCRAM_ROUNDS, MOST_ROUNDS           },
  {"stored-key", read_octets,         FIELD (keys.stored_key), KEY,              KEY                   },
  {"server-key", read_octets,         FIELD (keys.server_key), KEY,              KEY                   },
  {"senders",    read_senders,        FIELD (limits.senders),  0,                0                     },
  {"accounts",   read_accounts,       FIELD (limits.accounts), 0,                0                     },
  {"per-day",    est_key_read_number, FIELD (limits.per_day),  0,                EST_TOKEN_MOST_PER_DAY},
  {"created",    read_time,           FIELD (created),         0,                0                     },
  {NULL,         NULL,                0,                       0,                0                     },
};

static gboolean
fail (GError **error, const char *group, const char *fault)
{
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE, "In [%s], %s", group,
               fault);
  return FALSE;
}

static gboolean
is_new (GPtrArray *tokens, const char *name)
{
  for (guint i = 0; i < tokens->len; i++)
    {
      const EstToken *token = g_ptr_array_index (tokens, i);
      if (g_ascii_strcasecmp (token->name, name) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_group (GKeyFile *file, const char *group, GPtrArray *tokens, GError **error)
{
  g_autoptr (EstToken) token = g_atomic_rc_box_new0 (EstToken);
  const char *name = g_str_has_prefix (group, PREFIX) ? group + strlen (PREFIX) : "";
  if (!est_token_name_is_valid (name))
    return fail (error, group, "nothing can stand: groups here are called [token NAME].");
  if (!is_new (tokens, name))
    return fail (error, group, "there is a token of that name already.");
  token->name = g_strdup (name);
  if (!est_group_read (file, group, keys, token, error))
    return FALSE;
  if (token->keys.salt == NULL || token->keys.rounds == 0
      || token->keys.stored_key == NULL || token->keys.server_key == NULL)
    return fail (error, group, "a key is missing; add the token anew.");
  g_ptr_array_add (tokens, g_steal_pointer (&token));
  return TRUE;
}

GPtrArray *
est_token_group_read_all (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) tokens
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_token_unref);
  if (!est_settings_text_check (text, length, error))
    return NULL;
  if (length > 0
      && !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL))
    {
      g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX,
                           "It is no file of groups and keys.");
      return NULL;
    }
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (!read_group (file, *group, tokens, error))
      return NULL;
  return g_steal_pointer (&tokens);
}

static void
set (GHashTable *values, const char *key, char *value)
{
  if (value != NULL && *value != '\0')
    g_hash_table_insert (values, (gpointer) key, value);
  else
    g_free (value);
}

static char *
join (char **words)
{
  return words != NULL ? g_strjoinv ("; ", words) : NULL;
}

static GHashTable *
describe (const EstToken *token)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GDateTime) created = g_date_time_new_from_unix_utc (token->created);
  set (values, "salt", g_strdup (token->keys.salt));
  set (values, "rounds", g_strdup_printf ("%u", token->keys.rounds));
  set (values, "stored-key", g_strdup (token->keys.stored_key));
  set (values, "server-key", g_strdup (token->keys.server_key));
  set (values, "senders", join (token->limits.senders));
  set (values, "accounts", join (token->limits.accounts));
  set (values, "per-day", g_strdup_printf ("%u", token->limits.per_day));
  set (values, "created", g_date_time_format (created, "%Y-%m-%dT%H:%M:%SZ"));
  return values;
}

char *
est_token_group_put (const char *text, const EstToken *token, GError **error)
{
  g_autoptr (GHashTable) values = describe (token);
  g_autofree char *group = g_strconcat (PREFIX, token->name, NULL);
  g_autofree char *without = est_settings_text_cut (text, group);
  return est_settings_text_append (without, group, values, error);
}

char *
est_token_group_cut (const char *text, const char *name)
{
  g_autofree char *group = g_strconcat (PREFIX, name, NULL);
  return est_settings_text_cut (text, group);
}
