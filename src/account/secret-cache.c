/* Old secrets are wiped by a timer, not at the next look-up: nobody may ask again for
   hours. There is no timer while nothing is kept. */
#include "account/secret-cache.h"
#include "base/clock.h"

typedef struct
{
  EstSecret *secret;
  gint64 until; /* est_clock_steady() */
} Kept;

struct EstSecretCache
{
  GMainContext *context;
  GMutex mutex; /* all below */
  GHashTable *kept;
  guint age;      /* how often something was forgotten */
  GSource *sweep; /* NULL: nothing is kept */
};

static void
kept_free (gpointer data)
{
  Kept *kept = data;
  est_secret_unref (kept->secret);
  g_free (kept);
}

EstSecretCache *
est_secret_cache_new (void)
{
  EstSecretCache *cache = g_new0 (EstSecretCache, 1);
  cache->context = g_main_context_ref_thread_default ();
  cache->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);
  g_mutex_init (&cache->mutex);
  return cache;
}

static gboolean
is_old (gpointer account, gpointer kept, gpointer now)
{
  return ((Kept *) kept)->until <= *(gint64 *) now;
}

EstSecret *
est_secret_cache_get (EstSecretCache *cache, const char *account, guint *age)
{
  gint64 now = est_clock_steady ();
  g_mutex_lock (&cache->mutex);
  *age = cache->age;
  Kept *kept = g_hash_table_lookup (cache->kept, account);
  EstSecret *secret = NULL;
  if (kept != NULL && !is_old (NULL, kept, &now))
    secret = est_secret_ref (kept->secret);
  g_mutex_unlock (&cache->mutex);
  return secret;
}

static gboolean on_sweep (gpointer data);

/* When the first of them is old. */
static void
plan_sweep (EstSecretCache *cache)
{
  GHashTableIter iterator;
  gpointer kept;
  gint64 first = G_MAXINT64;
  g_hash_table_iter_init (&iterator, cache->kept);
  while (g_hash_table_iter_next (&iterator, NULL, &kept))
    first = MIN (first, ((Kept *) kept)->until);
  if (first == G_MAXINT64)
    return;
  gint64 left = MAX (first - est_clock_steady (), 0) / G_USEC_PER_SEC;
  cache->sweep = g_timeout_source_new_seconds ((guint) left + 1);
  g_source_set_callback (cache->sweep, on_sweep, cache, NULL);
  g_source_attach (cache->sweep, cache->context);
}

static void
drop_sweep (EstSecretCache *cache)
{
  if (cache->sweep != NULL)
    g_source_destroy (cache->sweep);
  g_clear_pointer (&cache->sweep, g_source_unref);
}

void
est_secret_cache_free (EstSecretCache *cache)
{
  drop_sweep (cache);
  g_hash_table_unref (cache->kept);
  g_main_context_unref (cache->context);
  g_mutex_clear (&cache->mutex);
  g_free (cache);
}

static gboolean
on_sweep (gpointer data)
{
  EstSecretCache *cache = data;
  gint64 now = est_clock_steady ();
  g_mutex_lock (&cache->mutex);
  g_hash_table_foreach_remove (cache->kept, is_old, &now);
  drop_sweep (cache);
  plan_sweep (cache);
  g_mutex_unlock (&cache->mutex);
  return G_SOURCE_REMOVE;
}

void
est_secret_cache_keep (
  EstSecretCache *cache, const char *account, EstSecret *secret, guint seconds, guint age)
{
  g_mutex_lock (&cache->mutex);
  if (age == cache->age)
    {
      Kept *kept = g_new (Kept, 1);
      kept->secret = est_secret_ref (secret);
      kept->until = est_clock_steady () + (gint64) seconds * G_USEC_PER_SEC;
      g_hash_table_replace (cache->kept, g_strdup (account), kept);
      drop_sweep (cache);
      plan_sweep (cache);
    }
  g_mutex_unlock (&cache->mutex);
}

gboolean
est_secret_cache_is_empty (EstSecretCache *cache)
{
  g_mutex_lock (&cache->mutex);
  gboolean empty = g_hash_table_size (cache->kept) == 0;
  g_mutex_unlock (&cache->mutex);
  return empty;
}

void
est_secret_cache_forget (EstSecretCache *cache, const char *account)
{
  g_mutex_lock (&cache->mutex);
  cache->age++;
  if (account != NULL)
    g_hash_table_remove (cache->kept, account);
  else
    g_hash_table_remove_all (cache->kept);
  g_mutex_unlock (&cache->mutex);
}
