/* Chooses where an account's secret comes from, lets one thread per
   account ask at a time, and remembers what was found for a while, so that ten mails ask
   the keyring once. */
#include "account/credentials.h"
#include "account/keyring-watch.h"
#include "account/keyring.h"
#include "account/limit.h"
#include "account/online-secret.h"
#include "account/renewals.h"
#include "account/secret-cache.h"
#include "account/secret-command.h"
#include "account/sleep-watch.h"
#include "account/systemd-credential.h"

#include <string.h>

#define PASSWORD_KEPT 300  /* seconds */
#define TOKEN_KEPT    3000 /* they live for about an hour */

G_DEFINE_QUARK (est_credentials_error, est_credentials_error)

struct _EstCredentials
{
  GObject parent_instance;
  EstKeyringWatch *watch; /* NULL: there is only what was given */
  EstSleepWatch *sleep;   /* the same */
  GCancellable *ending;   /* rings when the daemon ends */
  EstSecret *given;       /* for every account; NULL: nothing */
  EstRenewals *renewals;  /* the same */
  EstSecretCache *cache;
  EstSecretCache *bought; /* access tokens: they stay good when the keyring changes, which
                             it does when one of them is bought */
  GMutex mutex;
  GCond turn;          /* a thread finished asking, or its limit rang */
  GHashTable *busy;    /* the accounts that a thread is asking for; under the mutex */
  GHashTable *refused; /* account -> EstSecret its provider refused; under the mutex */
};

G_DEFINE_FINAL_TYPE (EstCredentials, est_credentials, G_TYPE_OBJECT)

static guint available_signal;

/* It may have been locked: what came out of it is not used any more. */
static void
on_keyring_stir (gpointer data)
{
  EstCredentials *self = data;
  est_secret_cache_forget (self->cache, NULL);
}

static gboolean
let_go (gpointer self)
{
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static gpointer
look_at_lock (gpointer data)
{
  EstCredentials *self = data;
  if (est_keyring_is_locked (self->ending))
    est_secret_cache_forget (self->bought, NULL);
  g_idle_add (let_go, self);
  return NULL;
}

/* Access tokens outlive what is written into a keyring, but not its lock, and not every
   service says which of the two it was. */
static void
on_keyring_news (gboolean open, gpointer data)
{
  EstCredentials *self = data;
  est_secret_cache_forget (self->cache, NULL); /* also what was found in between */
  if (!open)
    est_secret_cache_forget (self->bought, NULL);
  else if (!est_secret_cache_is_empty (self->bought))
    g_thread_unref (g_thread_new ("keyring-lock", look_at_lock, g_object_ref (self)));
  if (open)
    g_signal_emit (self, available_signal, 0);
}

/* Who finds the machine asleep finds no password in its memory. */
static void
on_sleep (gpointer data)
{
  EstCredentials *self = data;
  est_secret_cache_forget (self->cache, NULL);
  est_secret_cache_forget (self->bought, NULL);
}

static void
est_credentials_init (EstCredentials *self)
{
  self->ending = g_cancellable_new ();
  self->cache = est_secret_cache_new ();
  self->bought = est_secret_cache_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->turn);
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) est_secret_unref);
}

static void
est_credentials_finalize (GObject *object)
{
  EstCredentials *self = EST_CREDENTIALS (object);
  g_clear_pointer (&self->watch, est_keyring_watch_free);
  g_clear_pointer (&self->sleep, est_sleep_watch_free);
  g_clear_pointer (&self->renewals, est_renewals_free);
  g_clear_pointer (&self->given, est_secret_unref);
  g_object_unref (self->ending);
  est_secret_cache_free (self->cache);
  est_secret_cache_free (self->bought);
  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->refused);
  g_cond_clear (&self->turn);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (est_credentials_parent_class)->finalize (object);
}

static void
est_credentials_class_init (EstCredentialsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_credentials_finalize;
  available_signal = g_signal_new ("available", EST_TYPE_CREDENTIALS, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

EstCredentials *
est_credentials_new (void)
{
  EstCredentials *self = g_object_new (EST_TYPE_CREDENTIALS, NULL);
  self->renewals = est_renewals_new ();
  self->watch = est_keyring_watch_new (on_keyring_stir, on_keyring_news, self);
  self->sleep = est_sleep_watch_new (on_sleep, self);
  return self;
}

EstCredentials *
est_credentials_new_given (EstSecret *secret)
{
  EstCredentials *self = g_object_new (EST_TYPE_CREDENTIALS, NULL);
  self->given = secret != NULL ? est_secret_ref (secret) : NULL;
  return self;
}

static gboolean
has_password_command (const EstAccount *account)
{
  return account->password_command != NULL;
}

static gboolean
has_credential (const EstAccount *account)
{
  return account->credential != NULL;
}

static EstSecret *
take_given (EstCredentials *self,
            EstAccount *account,
            guint *kept,
            GCancellable *cancellable,
            GError **error)
{
  if (self->given != NULL)
    return est_secret_ref (self->given);
  g_set_error_literal (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_MISSING,
                       "no password was given");
  return NULL;
}

static gboolean
is_online (const EstAccount *account)
{
  return account->online != NULL;
}

static EstSecret *
ask_online (EstCredentials *self,
            EstAccount *account,
            guint *kept,
            GCancellable *cancellable,
            GError **error)
{
  return est_online_secret_ask (account->online, cancellable, error);
}

static EstSecret *
ask_renewals (EstCredentials *self,
              EstAccount *account,
              guint *kept,
              GCancellable *cancellable,
              GError **error)
{
  return est_renewals_ask (self->renewals, account, kept, cancellable, error);
}

static EstSecret *
ask_token_command (EstCredentials *self,
                   EstAccount *account,
                   guint *kept,
                   GCancellable *cancellable,
                   GError **error)
{
  return est_secret_command_run (
    &est_token_command, (const char *const *) account->token_command, cancellable, error);
}

static EstSecret *
ask_password_command (EstCredentials *self,
                      EstAccount *account,
                      guint *kept,
                      GCancellable *cancellable,
                      GError **error)
{
  return est_secret_command_run (&est_password_command,
                                 (const char *const *) account->password_command,
                                 cancellable, error);
}

static EstSecret *
ask_systemd (EstCredentials *self,
             EstAccount *account,
             guint *kept,
             GCancellable *cancellable,
             GError **error)
{
  return est_systemd_credential_read (account->credential, error);
}

static EstSecret *
ask_keyring (EstCredentials *self,
             EstAccount *account,
             guint *kept,
             GCancellable *cancellable,
             GError **error)
{
  return est_keyring_lookup (account->name, EST_CREDENTIAL_PASSWORD, cancellable, error);
}

/* Where an account's secret comes from: the first that serves it is the only one that is
   asked. */
typedef struct
{
  gboolean (*serves) (const EstAccount *account); /* NULL: any */
  EstSecret *(*ask) (EstCredentials *self,
                     EstAccount *account,
                     guint *kept,
                     GCancellable *cancellable,
                     GError **error);
  guint kept;               /* seconds, unless it says another number; 0: it is asked at
                               each use */
  EstCredentialsError late; /* what its silence is */
} Source;

static const Source sources[] = {
  {is_online,              ask_online,           0,             EST_CREDENTIALS_ERROR_ONLINE      },
  {est_account_uses_grant, ask_renewals,         0,             EST_CREDENTIALS_ERROR_TOKEN_SERVER},
  {est_account_uses_token, ask_token_command,    TOKEN_KEPT,
   EST_CREDENTIALS_ERROR_TIMED_OUT                                                                },
  {has_credential,         ask_systemd,          0,             EST_CREDENTIALS_ERROR_CREDENTIAL  },
  {has_password_command,   ask_password_command, PASSWORD_KEPT,
   EST_CREDENTIALS_ERROR_TIMED_OUT                                                                },
  {NULL,                   ask_keyring,          PASSWORD_KEPT, EST_CREDENTIALS_ERROR_TIMED_OUT   },
};

/* The only one of a store that was given its secret. */
static const Source given_source
  = {NULL, take_given, PASSWORD_KEPT, EST_CREDENTIALS_ERROR_TIMED_OUT};

static gboolean
has_only_what_was_given (EstCredentials *self)
{
  return self->renewals == NULL;
}

static const Source *
find_source (EstCredentials *self, const EstAccount *account)
{
  if (has_only_what_was_given (self))
    return &given_source;
  const Source *source = sources;
  while (source->serves != NULL && !source->serves (account))
    source++;
  return source;
}

static EstSecretCache *
find_cache (EstCredentials *self, const Source *source)
{
  return source->ask == ask_renewals ? self->bought : self->cache;
}

/* FALSE if the limit rang first. */
static gboolean
take_turn (EstCredentials *self, const char *account, GCancellable *cancellable)
{
  g_mutex_lock (&self->mutex);
  while (g_hash_table_contains (self->busy, account)
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->turn, &self->mutex);
  gboolean mine = !g_hash_table_contains (self->busy, account);
  if (mine)
    g_hash_table_add (self->busy, g_strdup (account));
  g_mutex_unlock (&self->mutex);
  return mine;
}

static void
end_turn (EstCredentials *self, const char *account)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->busy, account);
  g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->mutex);
}

static EstSecret *
ask_in_turn (EstCredentials *self,
             EstAccount *account,
             GCancellable *cancellable,
             GError **error)
{
  if (!take_turn (self, account->name, cancellable))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return NULL;
    }

  const Source *source = find_source (self, account);
  EstSecretCache *cache = find_cache (self, source);
  guint age, kept = source->kept; /* whose turn it was before us may have found it */
  EstSecret *secret = est_secret_cache_get (cache, account->name, &age);
  if (secret == NULL)
    {
      secret = source->ask (self, account, &kept, cancellable, error);
      if (secret != NULL)
        est_secret_cache_keep (cache, account->name, secret, kept, age);
    }
  end_turn (self, account->name);
  return secret;
}

static void
on_ring (GCancellable *cancellable, gpointer data)
{
  EstCredentials *self = data;
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->mutex);
}

/* "Cancelled" by our own clock means that the time was up. */
static void
explain_limit (EstLimit *limit, guint seconds, EstCredentialsError code, GError **error)
{
  if (error == NULL || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || !est_limit_has_passed (limit))
    return;
  g_clear_error (error);
  g_set_error (error, EST_CREDENTIALS_ERROR, (int) code, "no answer within %u seconds",
               seconds);
}

/* Takes @secret over. */
static EstSecret *
unless_refused (EstCredentials *self,
                const char *account,
                EstSecret *secret,
                GError **error)
{
  g_mutex_lock (&self->mutex);
  EstSecret *refused = g_hash_table_lookup (self->refused, account);
  gboolean same = refused != NULL
                  && strcmp (est_secret_peek (refused), est_secret_peek (secret)) == 0;
  g_mutex_unlock (&self->mutex);
  if (!same)
    return secret;
  est_secret_unref (secret);
  g_set_error_literal (error, EST_CREDENTIALS_ERROR, EST_CREDENTIALS_ERROR_REFUSED,
                       "the password or token is still the one that was refused");
  return NULL;
}

static gboolean
expect_answer (gpointer data)
{
  EstCredentials *self = data;
  est_keyring_watch_expect (self->watch);
  return G_SOURCE_REMOVE;
}

static EstSecret *
ask_within (EstCredentials *self,
            EstAccount *account,
            guint limit_seconds,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (EstLimit) limit = est_limit_new (limit_seconds, cancellable);
  GCancellable *bell = est_limit_get_cancellable (limit);
  gulong waker = g_cancellable_connect (bell, G_CALLBACK (on_ring), self, NULL);
  const Source *source = find_source (self, account);
  EstSecret *secret = ask_in_turn (self, account, bell, error);
  g_cancellable_disconnect (bell, waker);
  if (secret == NULL)
    explain_limit (limit, limit_seconds, source->late, error);
  if (source->ask == ask_keyring && est_limit_has_passed (limit))
    g_idle_add_full (G_PRIORITY_DEFAULT, expect_answer, g_object_ref (self),
                     g_object_unref);
  return secret;
}

EstSecret *
est_credentials_lookup (EstCredentials *self,
                        EstAccount *account,
                        guint limit_seconds,
                        GCancellable *cancellable,
                        GError **error)
{
  guint age;
  EstSecretCache *cache = find_cache (self, find_source (self, account));
  EstSecret *secret = est_secret_cache_get (cache, account->name, &age);
  if (secret == NULL)
    secret = ask_within (self, account, limit_seconds, cancellable, error);
  return secret != NULL ? unless_refused (self, account->name, secret, error) : NULL;
}

static void
forget_found (EstCredentials *self, const char *account)
{
  est_secret_cache_forget (self->cache, account);
  est_secret_cache_forget (self->bought, account);
}

void
est_credentials_refuse (EstCredentials *self,
                        const EstAccount *account,
                        EstSecret *secret)
{
  forget_found (self, account->name);
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->refused, g_strdup (account->name), est_secret_ref (secret));
  g_mutex_unlock (&self->mutex);
  if (account->online != NULL)
    est_online_secret_refused (account->online);
}

void
est_credentials_forget (EstCredentials *self, const char *account)
{
  forget_found (self, account);
  g_mutex_lock (&self->mutex);
  if (account != NULL)
    g_hash_table_remove (self->refused, account);
  else
    g_hash_table_remove_all (self->refused);
  g_mutex_unlock (&self->mutex);
}

static void
on_ending (GCancellable *ending, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

void
est_credentials_stop (EstCredentials *self)
{
  g_cancellable_cancel (self->ending);
}

gboolean
est_credentials_unlock (EstCredentials *self, GCancellable *cancellable, GError **error)
{
  gulong chain = g_cancellable_connect (self->ending, G_CALLBACK (on_ending),
                                        g_object_ref (cancellable), g_object_unref);
  gboolean open = est_keyring_unlock (cancellable, error);
  g_cancellable_disconnect (self->ending, chain);
  return open;
}

gboolean
est_credentials_store (EstCredentials *self,
                       const EstCredential *credential,
                       EstSecret *secret,
                       guint limit_seconds,
                       GError **error)
{
  g_return_val_if_fail (!has_only_what_was_given (self), FALSE);
  g_autoptr (EstLimit) limit = est_limit_new (limit_seconds, self->ending);
  GCancellable *bell = est_limit_get_cancellable (limit);
  gboolean done = est_keyring_store (credential, secret, bell, error);
  if (!done)
    explain_limit (limit, limit_seconds, EST_CREDENTIALS_ERROR_TIMED_OUT, error);
  est_credentials_forget (self, credential->account);
  if (done && credential->kind == EST_CREDENTIAL_REFRESH_TOKEN)
    est_renewals_forget (self->renewals, credential->account);
  return done;
}

gboolean
est_credentials_remove (EstCredentials *self,
                        const char *account,
                        EstCredentialKind kind,
                        guint limit_seconds,
                        GError **error)
{
  g_return_val_if_fail (!has_only_what_was_given (self), FALSE);
  g_autoptr (EstLimit) limit = est_limit_new (limit_seconds, self->ending);
  GCancellable *bell = est_limit_get_cancellable (limit);
  gboolean done = est_keyring_remove (account, kind, bell, error);
  if (!done)
    explain_limit (limit, limit_seconds, EST_CREDENTIALS_ERROR_TIMED_OUT, error);
  est_credentials_forget (self, account);
  if (done && kind != EST_CREDENTIAL_PASSWORD)
    est_renewals_forget (self->renewals, account);
  return done;
}
