/* A sign-in is held by the list and by its thread; who waits for it holds it, too. */
#include "desktop/sign-ins.h"

#include "account/web-sign-in.h"
#include "desktop/word.h"

struct EstSignIns
{
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstDispatcher *dispatcher;
  GMutex mutex;     /* all below, and what is said in each sign-in */
  GCond news;       /* a prompt or a result is there, or a thread has ended */
  GHashTable *list; /* id -> SignIn */
  guint threads;
  gboolean ending;
};

typedef struct
{
  EstSignIns *sign_ins;
  char *id;
  EstAccount *account;
  gboolean known;
  gboolean by_code;
  GCancellable *cancellable;
  EstLeaving *leaving; /* NULL: nobody can leave */
  GVariant *prompt;    /* under the mutex; NULL: not yet */
  GVariant *result;    /* the same */
} SignIn;

static void
clear_sign_in (gpointer data)
{
  SignIn *sign_in = data;
  g_clear_pointer (&sign_in->leaving, est_leaving_free);
  g_clear_pointer (&sign_in->prompt, g_variant_unref);
  g_clear_pointer (&sign_in->result, g_variant_unref);
  g_object_unref (sign_in->cancellable);
  est_account_unref (sign_in->account);
  g_free (sign_in->id);
}

static void
release (gpointer sign_in)
{
  g_atomic_rc_box_release_full (sign_in, clear_sign_in);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignIn, release)

EstSignIns *
est_sign_ins_new (EstAccounts *accounts,
                  EstCredentials *credentials,
                  EstDispatcher *dispatcher)
{
  EstSignIns *sign_ins = g_atomic_rc_box_new0 (EstSignIns);
  sign_ins->accounts = g_object_ref (accounts);
  sign_ins->credentials = g_object_ref (credentials);
  sign_ins->dispatcher = g_object_ref (dispatcher);
  g_mutex_init (&sign_ins->mutex);
  g_cond_init (&sign_ins->news);
  sign_ins->list = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, release);
  return sign_ins;
}

void
est_sign_ins_end (EstSignIns *sign_ins)
{
  gpointer sign_in;
  GHashTableIter iterator;
  g_mutex_lock (&sign_ins->mutex);
  sign_ins->ending = TRUE;
  g_hash_table_iter_init (&iterator, sign_ins->list);
  while (g_hash_table_iter_next (&iterator, NULL, &sign_in))
    g_cancellable_cancel (((SignIn *) sign_in)->cancellable);
  while (sign_ins->threads > 0)
    g_cond_wait (&sign_ins->news, &sign_ins->mutex);
  g_mutex_unlock (&sign_ins->mutex);
}

static void
clear (gpointer data)
{
  EstSignIns *sign_ins = data;
  g_hash_table_unref (sign_ins->list);
  g_object_unref (sign_ins->accounts);
  g_object_unref (sign_ins->credentials);
  g_object_unref (sign_ins->dispatcher);
  g_mutex_clear (&sign_ins->mutex);
  g_cond_clear (&sign_ins->news);
}

EstSignIns *
est_sign_ins_ref (EstSignIns *sign_ins)
{
  return g_atomic_rc_box_acquire (sign_ins);
}

void
est_sign_ins_unref (EstSignIns *sign_ins)
{
  g_atomic_rc_box_release_full (sign_ins, clear);
}

static void
add (GVariantBuilder *list, const char *key, const char *value)
{
  if (value != NULL && *value != '\0')
    g_variant_builder_add (list, "{ss}", key, value);
}

static GVariant *
as_dictionary (GHashTable *table, const char *result)
{
  gpointer key, value;
  GHashTableIter iterator;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  add (&list, "result", result);
  g_hash_table_iter_init (&iterator, table);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    add (&list, key, value);
  return g_variant_ref_sink (g_variant_builder_end (&list));
}

static GVariant *
describe_failure (const char *what, const char *words, const char *step)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  add (&list, "result", "failed");
  add (&list, "what", what);
  add (&list, "words", words);
  add (&list, "step", step);
  return g_variant_ref_sink (g_variant_builder_end (&list));
}

static GVariant *
describe_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return describe_failure ("cancelled", NULL, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return describe_failure ("expired", NULL, NULL);
  if (error->domain == EST_SETTINGS_ERROR)
    return describe_failure ("settings", error->message, NULL);
  if (error->domain != EST_CREDENTIALS_ERROR)
    return describe_failure ("helper", error->message, NULL);
  gboolean locked = error->code == EST_CREDENTIALS_ERROR_LOCKED;
  return describe_failure (locked ? "keyring-locked" : "no-keyring", error->message,
                           NULL);
}

static gboolean
keep (const SignIn *sign_in, const EstWebSignIn *found, GError **error)
{
  EstSignIns *sign_ins = sign_in->sign_ins;
  const EstAccount *account = sign_in->account;
  g_autoptr (EstSettings) settings = est_accounts_get (sign_ins->accounts);
  const EstCredential credential = {.account = account->name,
                                    .kind = EST_CREDENTIAL_REFRESH_TOKEN,
                                    .host = account->host,
                                    .user = account->user};
  if (!est_credentials_store (sign_ins->credentials, &credential, found->refresh,
                              settings->delivery.keyring_seconds, error))
    return FALSE;
  return !sign_in->known || g_hash_table_size (found->found) == 0
         || est_accounts_edit (sign_ins->accounts, account->name, found->found, error);
}

static GVariant *
settle (const SignIn *sign_in, const EstWebSignIn *found)
{
  g_autoptr (GError) error = NULL;
  if (found->refresh == NULL)
    return describe_failure (found->what != NULL ? found->what : "answer", found->words,
                             found->step);
  if (!keep (sign_in, found, &error))
    return describe_error (error);
  if (sign_in->known)
    est_word_go_on (sign_in->sign_ins->dispatcher, sign_in->account->name);
  return as_dictionary (found->found, "done");
}

static void
on_prompt (GHashTable *values, gpointer data)
{
  SignIn *sign_in = data;
  EstSignIns *sign_ins = sign_in->sign_ins;
  g_mutex_lock (&sign_ins->mutex);
  if (sign_in->prompt == NULL)
    sign_in->prompt = as_dictionary (values, NULL);
  g_cond_broadcast (&sign_ins->news);
  g_mutex_unlock (&sign_ins->mutex);
}

/* Nobody will ask for the result of one that was called off. */
static void
end (SignIn *sign_in, GVariant *result)
{
  EstSignIns *sign_ins = sign_in->sign_ins;
  gboolean called_off = g_cancellable_is_cancelled (sign_in->cancellable);
  g_mutex_lock (&sign_ins->mutex);
  sign_in->result = result;
  if (called_off && g_hash_table_lookup (sign_ins->list, sign_in->id) == sign_in)
    g_hash_table_remove (sign_ins->list, sign_in->id);
  sign_ins->threads--;
  g_cond_broadcast (&sign_ins->news);
  g_mutex_unlock (&sign_ins->mutex);
}

static gpointer
run (gpointer data)
{
  g_autoptr (SignIn) sign_in = data;
  g_autoptr (GError) error = NULL;
  g_auto (EstWebSignIn) found = {0};
  const EstWebSignInWay way
    = {.by_code = sign_in->by_code, .prompt = on_prompt, .data = sign_in};
  gboolean done
    = est_web_sign_in_run (&found, sign_in->account, &way, sign_in->cancellable, &error);
  end (sign_in, done ? settle (sign_in, &found) : describe_error (error));
  return NULL;
}

/* With the mutex held. */
static void
end_others (EstSignIns *sign_ins, const EstAccount *account)
{
  gpointer data;
  GHashTableIter iterator;
  g_hash_table_iter_init (&iterator, sign_ins->list);
  while (g_hash_table_iter_next (&iterator, NULL, &data))
    {
      SignIn *other = data;
      if (!g_str_equal (other->account->name, account->name))
        continue;
      g_cancellable_cancel (other->cancellable);
      if (other->result != NULL)
        g_hash_table_iter_remove (&iterator);
    }
}

static SignIn *
new_sign_in (EstSignIns *sign_ins, const EstSignInWish *wish)
{
  SignIn *sign_in = g_atomic_rc_box_new0 (SignIn);
  sign_in->sign_ins = sign_ins;
  sign_in->id = g_uuid_string_random ();
  sign_in->account = est_account_ref (wish->account);
  sign_in->known = wish->known;
  sign_in->by_code = wish->by_code;
  sign_in->cancellable = g_cancellable_new ();
  if (wish->caller != NULL)
    sign_in->leaving = est_leaving_watch (wish->caller, sign_in->cancellable);
  return sign_in;
}

char *
est_sign_ins_begin (EstSignIns *sign_ins, const EstSignInWish *wish, GVariant **prompt)
{
  g_autoptr (SignIn) sign_in = new_sign_in (sign_ins, wish);
  g_mutex_lock (&sign_ins->mutex);
  end_others (sign_ins, wish->account);
  if (sign_ins->ending)
    g_cancellable_cancel (sign_in->cancellable);
  g_hash_table_insert (sign_ins->list, sign_in->id, g_atomic_rc_box_acquire (sign_in));
  sign_ins->threads++;
  g_thread_unref (g_thread_new ("sign-in", run, g_atomic_rc_box_acquire (sign_in)));
  while (sign_in->prompt == NULL && sign_in->result == NULL)
    g_cond_wait (&sign_ins->news, &sign_ins->mutex);
  gboolean over = sign_in->prompt == NULL;
  *prompt = g_variant_ref (over ? sign_in->result : sign_in->prompt);
  if (over)
    g_hash_table_remove (sign_ins->list, sign_in->id);
  g_mutex_unlock (&sign_ins->mutex);
  return over ? NULL : g_strdup (sign_in->id);
}

GVariant *
est_sign_ins_finish (EstSignIns *sign_ins, const char *id)
{
  GVariant *result = NULL;
  g_mutex_lock (&sign_ins->mutex);
  SignIn *sign_in = g_hash_table_lookup (sign_ins->list, id);
  if (sign_in != NULL)
    {
      g_autoptr (SignIn) held = g_atomic_rc_box_acquire (sign_in);
      while (held->result == NULL)
        g_cond_wait (&sign_ins->news, &sign_ins->mutex);
      result = g_variant_ref (held->result);
      if (g_hash_table_lookup (sign_ins->list, id) == held)
        g_hash_table_remove (sign_ins->list, id);
    }
  g_mutex_unlock (&sign_ins->mutex);
  return result;
}

void
est_sign_ins_cancel (EstSignIns *sign_ins, const char *id)
{
  g_mutex_lock (&sign_ins->mutex);
  SignIn *sign_in = g_hash_table_lookup (sign_ins->list, id);
  if (sign_in != NULL)
    g_cancellable_cancel (sign_in->cancellable);
  g_mutex_unlock (&sign_ins->mutex);
}
