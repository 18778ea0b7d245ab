/* A refresh token may be good for one use only, and its successor comes in an answer that
   nobody can ask for twice: so a request under way is waited for a little even when its
   caller is gone, and what cannot be put into the keyring is held until it can. */
#include "account/renewals.h"

#include "account/credentials.h"
#include "account/limit.h"
#include "account/oauth.h"
#include "account/web-helper.h"

#define SECONDS      30
#define GRACE        5   /* seconds */
#define KEEP_SECONDS 10  /* for the keyring to take a new refresh token */
#define MARGIN       300 /* seconds before its end in which a token is not used any more */
#define UNKNOWN_LIFE 600 /* seconds, where a server does not say */

struct EstRenewals
{
  GMutex mutex;
  GHashTable *held; /* account -> EstSecret: refresh tokens the keyring did not take */
};

EstRenewals *
est_renewals_new (void)
{
  EstRenewals *renewals = g_new0 (EstRenewals, 1);
  g_mutex_init (&renewals->mutex);
  renewals->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) est_secret_unref);
  return renewals;
}

void
est_renewals_free (EstRenewals *renewals)
{
  if (renewals == NULL)
    return;
  g_hash_table_unref (renewals->held);
  g_mutex_clear (&renewals->mutex);
  g_free (renewals);
}

void
est_renewals_forget (EstRenewals *renewals, const char *account)
{
  g_mutex_lock (&renewals->mutex);
  g_hash_table_remove (renewals->held, account);
  g_mutex_unlock (&renewals->mutex);
}

static void
hold (EstRenewals *renewals, const char *account, EstSecret *refresh)
{
  g_mutex_lock (&renewals->mutex);
  g_hash_table_replace (renewals->held, g_strdup (account), est_secret_ref (refresh));
  g_mutex_unlock (&renewals->mutex);
}

static EstSecret *
find_held (EstRenewals *renewals, const char *account)
{
  g_mutex_lock (&renewals->mutex);
  EstSecret *refresh = g_hash_table_lookup (renewals->held, account);
  if (refresh != NULL)
    est_secret_ref (refresh);
  g_mutex_unlock (&renewals->mutex);
  return refresh;
}

/* With a time limit of its own. */
static gboolean
keep (EstRenewals *renewals,
      const EstAccount *account,
      EstSecret *refresh,
      GError **error)
{
  const EstCredential credential = {.account = account->name,
                                    .kind = EST_CREDENTIAL_REFRESH_TOKEN,
                                    .host = account->host,
                                    .user = account->user};
  g_autoptr (EstLimit) limit = est_limit_new (KEEP_SECONDS, NULL);
  hold (renewals, account->name, refresh);
  if (!est_keyring_store (&credential, refresh, est_limit_get_cancellable (limit), error))
    return FALSE;
  est_renewals_forget (renewals, account->name);
  return TRUE;
}

static EstSecret *
find_refresh_token (EstRenewals *renewals,
                    const EstAccount *account,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (EstSecret) held = find_held (renewals, account->name);
  if (held != NULL)
    return keep (renewals, account, held, error) ? g_steal_pointer (&held) : NULL;
  g_autoptr (GError) cause = NULL;
  EstSecret *kept = est_keyring_lookup (account->name, EST_CREDENTIAL_REFRESH_TOKEN,
                                        cancellable, &cause);
  if (kept != NULL)
    return kept;
  if (g_error_matches (cause, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_MISSING))
    cause->code = EST_CREDENTIALS_ERROR_SIGNED_OUT;
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

/* What the server said. */
typedef struct
{
  EstSecret *access, *refresh; /* NULL: not told */
  gint64 expires;              /* seconds; 0: not told */
  char *what, *words;          /* of a failure */
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->access, est_secret_unref);
  g_clear_pointer (&answer->refresh, est_secret_unref);
  g_free (answer->what);
  g_free (answer->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static EstSecret *
take_secret (GHashTable *values, const char *key)
{
  const char *text = g_hash_table_lookup (values, key);
  return text != NULL && *text != '\0' ? est_secret_new (text, -1) : NULL;
}

static gboolean
take_grant (Answer *answer, GHashTable *values)
{
  const char *expires = g_hash_table_lookup (values, "expires");
  answer->access = take_secret (values, "access");
  answer->refresh = take_secret (values, "refresh");
  answer->expires = expires != NULL ? g_ascii_strtoll (expires, NULL, 10) : 0;
  return answer->access != NULL;
}

static gboolean
on_record (const char *word, GHashTable *values, gpointer data)
{
  Answer *answer = data;
  if (answer->access != NULL || answer->what != NULL)
    return FALSE; /* there is one record */
  if (g_str_equal (word, "grant"))
    return take_grant (answer, values);
  answer->what = g_strdup (g_hash_table_lookup (values, "what"));
  answer->words = g_strdup (g_hash_table_lookup (values, "words"));
  return g_str_equal (word, "failed") && answer->what != NULL;
}

static EstSecret *
write_input (const EstAccount *account, EstSecret *refresh)
{
  GString *input = g_string_sized_new (4096);
  est_oauth_write (account, input);
  est_web_helper_add (input, "refresh", est_secret_peek (refresh));
  return est_web_helper_seal (input);
}

static gboolean
ask_server (const EstAccount *account,
            EstSecret *refresh,
            Answer *answer,
            GCancellable *cancellable,
            GError **error)
{
  static const char *const arguments[] = {"refresh", NULL};
  g_autoptr (EstSecret) input = write_input (account, refresh);
  const EstWebTask task = {.arguments = arguments,
                           .input = input,
                           .seconds = SECONDS,
                           .grace = GRACE,
                           .on_record = on_record,
                           .data = answer};
  return est_web_helper_run (&task, cancellable, error);
}

/* Anything else passes: only a plain no is for the person. */
static EstCredentialsError
code_for (const char *what)
{
  static const struct
  {
    const char *what;
    EstCredentialsError code;
  } codes[] = {
    {"invalid-grant",  EST_CREDENTIALS_ERROR_SIGNED_OUT},
    {"client",         EST_CREDENTIALS_ERROR_CLIENT    },
    {"client-missing", EST_CREDENTIALS_ERROR_CLIENT    },
    {"refused",        EST_CREDENTIALS_ERROR_CLIENT    },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (what, codes[i].what) == 0)
      return codes[i].code;
  return EST_CREDENTIALS_ERROR_TOKEN_SERVER;
}

/* Takes @cause (NULL: the server has answered) over. */
static void
explain (const Answer *answer, GError *cause, GError **error)
{
  g_autoptr (GError) held = cause;
  if (g_error_matches (held, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&held));
      return;
    }
  g_set_error (error, EST_CREDENTIALS_ERROR, (int) code_for (answer->what),
               "no access token: %s%s%s",
               held != NULL           ? held->message
               : answer->what != NULL ? answer->what
                                      : "no answer",
               answer->words != NULL ? ": " : "", answer->words ? answer->words : "");
}

static guint
judge_life (gint64 expires)
{
  gint64 seconds = expires > 0 ? expires : UNKNOWN_LIFE;
  return (guint) CLAMP (seconds - MARGIN, seconds / 2, G_MAXINT);
}

EstSecret *
est_renewals_ask (EstRenewals *renewals,
                  const EstAccount *account,
                  guint *life,
                  GCancellable *cancellable,
                  GError **error)
{
  GError *cause = NULL;
  g_auto (Answer) answer = {0};
  g_autoptr (EstSecret) refresh
    = find_refresh_token (renewals, account, cancellable, error);
  if (refresh == NULL)
    return NULL;
  gboolean answered = ask_server (account, refresh, &answer, cancellable, &cause);
  gboolean kept = answer.refresh == NULL
                  || keep (renewals, account, answer.refresh, answered ? error : NULL);
  if (answered && answer.access != NULL)
    {
      *life = judge_life (answer.expires);
      return kept ? est_secret_ref (answer.access) : NULL;
    }
  explain (&answer, cause, error);
  return NULL;
}
