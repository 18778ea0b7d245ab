/* A key file with one group for each account. Written only when something rises, is
   accepted or forgotten, which is seldom: by rename, durably. */
#include "account/strength.h"

#include "account/settings-file.h"

#include <string.h>

#define KEY_RELAY "relay"

static GMutex mutex;     /* guards what is below */
static GKeyFile *memory; /* NULL before the first use */
static char *place;      /* of the file; NULL: only in memory */

typedef struct
{
  const char *pattern; /* of GPatternSpec */
  int rank;
} Rank;

static const Rank tls_ranks[] = {
  {"TLS1.2", 1},
  {"TLS1.3", 2},
  {NULL,     0},
};

static const Rank name_ranks[] = {
  {"dane",      1},
  {"authority", 2},
  {NULL,        0},
};

/* The first that fits. */
static const Rank sign_in_ranks[] = {
  {"EXTERNAL",     5},
  {"SCRAM-*-PLUS", 5},
  {"SCRAM-*",      4},
  {"GSSAPI",       4},
  {"GS2-*",        4},
  {"CRAM-MD5",     3},
  {"OAUTHBEARER",  2},
  {"XOAUTH2",      2},
  {"PLAIN",        1},
  {"LOGIN",        1},
  {NULL,           0},
};

typedef struct
{
  const char *key;
  const Rank *ranks;
} Kind;

static const Kind kinds[EST_N_STRENGTHS] = {
  [EST_STRENGTH_TLS] = {"tls",     tls_ranks    },
  [EST_STRENGTH_NAME] = {"name",    name_ranks   },
  [EST_STRENGTH_SIGN_IN] = {"sign-in", sign_in_ranks},
};

/* 0: no word of that kind; nothing to fall from, and a fall from anything. */
static int
rank_of (EstStrengthKind kind, const char *word)
{
  for (const Rank *rank = kinds[kind].ranks; word != NULL && rank->pattern != NULL;
       rank++)
    if (g_pattern_match_simple (rank->pattern, word))
      return rank->rank;
  return 0;
}

/* What a person decides anew with: "tls smtp.example.org:465 auto password". */
static char *
describe_relay (const EstAccount *account)
{
  const char *secret = account->certificate != NULL     ? "certificate"
                       : account->token_command != NULL ? "token"
                                                        : "password";
  return g_strdup_printf ("%s %s:%u %s %s", est_security_nick (account->security),
                          account->host, account->port, account->auth, secret);
}

static GKeyFile *
get_memory (void)
{
  if (memory == NULL)
    memory = g_key_file_new ();
  return memory;
}

/* What is remembered of @account as it is set now; NULL: nothing. */
static char *
recall (const EstAccount *account, EstStrengthKind kind)
{
  GKeyFile *file = get_memory ();
  g_autofree char *relay = describe_relay (account);
  g_autofree char *known = g_key_file_get_string (file, account->name, KEY_RELAY, NULL);
  if (g_strcmp0 (known, relay) != 0)
    return NULL;
  g_autofree char *word
    = g_key_file_get_string (file, account->name, kinds[kind].key, NULL);
  return rank_of (kind, word) > 0 ? g_steal_pointer (&word) : NULL;
}

/* A full disc forgets nothing that this run has learnt, and keeps no mail back. */
static void
save (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_key_file_to_data (get_memory (), NULL, NULL);
  if (place != NULL && !est_settings_file_replace (place, text, &error))
    g_warning ("what relays could do is remembered only until the end: %s",
               error->message);
}

static void
remember (const EstAccount *account, EstStrengthKind kind, const char *word)
{
  GKeyFile *file = get_memory ();
  g_autofree char *relay = describe_relay (account);
  g_autofree char *known = g_key_file_get_string (file, account->name, KEY_RELAY, NULL);
  if (g_strcmp0 (known, relay) != 0)
    g_key_file_remove_group (file, account->name, NULL);
  g_key_file_set_string (file, account->name, KEY_RELAY, relay);
  g_key_file_set_string (file, account->name, kinds[kind].key, word);
  save ();
}

void
est_strength_open (const char *path)
{
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text
    = path != NULL ? est_settings_file_read_private (path, &length, &error) : NULL;
  if (text != NULL && length > 0)
    g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &error);
  if (error != NULL)
    g_warning ("what relays could do before is not known any more: %s", error->message);

  g_mutex_lock (&mutex);
  g_free (place);
  place = g_strdup (path);
  g_clear_pointer (&memory, g_key_file_unref);
  memory = g_key_file_ref (file);
  g_mutex_unlock (&mutex);
}

gboolean
est_strength_allows (const EstAccount *account,
                     EstStrengthKind kind,
                     const char *now,
                     char **figures)
{
  g_mutex_lock (&mutex);
  g_autofree char *before = recall (account, kind);
  g_mutex_unlock (&mutex);
  if (rank_of (kind, now) >= rank_of (kind, before))
    return TRUE;
  *figures = g_strdup_printf ("%s %s %s", kinds[kind].key, before, now);
  return FALSE;
}

void
est_strength_note (const EstAccount *account, EstStrengthKind kind, const char *now)
{
  g_mutex_lock (&mutex);
  g_autofree char *before = recall (account, kind);
  if (rank_of (kind, now) > rank_of (kind, before))
    remember (account, kind, now);
  g_mutex_unlock (&mutex);
}

/* The words of a fall: its kind, before, and now. */
static gboolean
read_fall (char **words, EstStrengthKind *kind)
{
  if (g_strv_length (words) != 3)
    return FALSE;
  for (EstStrengthKind i = 0; i < EST_N_STRENGTHS; i++)
    if (g_str_equal (words[0], kinds[i].key))
      {
        *kind = i;
        return rank_of (i, words[2]) > 0;
      }
  return FALSE;
}

gboolean
est_strength_accept (const EstAccount *account, const char *figures)
{
  EstStrengthKind kind;
  g_auto (GStrv) words = g_strsplit (figures, " ", 4);
  if (!read_fall (words, &kind))
    return FALSE;
  g_mutex_lock (&mutex);
  g_autofree char *before = recall (account, kind);
  gboolean reported = g_strcmp0 (before, words[1]) == 0;
  if (reported)
    remember (account, kind, words[2]);
  g_mutex_unlock (&mutex);
  return reported;
}

static gboolean
is_among (GPtrArray *accounts, const char *name)
{
  for (guint i = 0; i < accounts->len; i++)
    if (g_str_equal (((EstAccount *) accounts->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

void
est_strength_keep (GPtrArray *accounts)
{
  gboolean changed = FALSE;
  g_mutex_lock (&mutex);
  g_auto (GStrv) names = g_key_file_get_groups (get_memory (), NULL);
  for (char **name = names; *name != NULL; name++)
    if (!is_among (accounts, *name))
      changed |= g_key_file_remove_group (get_memory (), *name, NULL);
  if (changed)
    save ();
  g_mutex_unlock (&mutex);
}
