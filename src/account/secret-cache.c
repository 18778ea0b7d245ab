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
  guint seconds;
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
est_secret_cache_new (guint seconds)
{
  EstSecretCache *cache = g_new0 (EstSecretCache, 1);
  cache->seconds = seconds;
  cache->context = g_main_context_ref_thread_default ();
  cache->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);
  g_mutex_init (&cache->mutex);
  return cache;
}

void
est_secret_cache_free (EstSecretCache *cache)
{
  if (cache->sweep != NULL)
    g_source_destroy (cache->sweep);
  g_clear_pointer (&cache->sweep, g_source_unref);
  g_hash_table_unref (cache->kept);
  g_main_context_unref (cache->context);
  g_mutex_clear (&cache->mutex);
  g_free (cache);
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

static gboolean
on_sweep (gpointer data)
{
  EstSecretCache *cache = data;
  gint64 now = est_clock_steady ();
  g_mutex_lock (&cache->mutex);
  g_hash_table_foreach_remove (cache->kept, is_old, &now);
  gboolean more = g_hash_table_size (cache->kept) > 0;
  if (!more)
    g_clear_pointer (&cache->sweep, g_source_unref);
  g_mutex_unlock (&cache->mutex);
  return more;
}

static void
start_sweep (EstSecretCache *cache)
{
  cache->sweep = g_timeout_source_new_seconds (cache->seconds + 1);
  g_source_set_callback (cache->sweep, on_sweep, cache, NULL);
  g_source_attach (cache->sweep, cache->context);
}

void
est_secret_cache_keep (EstSecretCache *cache,
                       const char *account,
                       EstSecret *secret,
                       guint age)
{
  g_mutex_lock (&cache->mutex);
  if (age == cache->age)
    {
      Kept *kept = g_new (Kept, 1);
      kept->secret = est_secret_ref (secret);
      kept->until = est_clock_steady () + (gint64) cache->seconds * G_USEC_PER_SEC;
      g_hash_table_replace (cache->kept, g_strdup (account), kept);
      if (cache->sweep == NULL)
        start_sweep (cache);
    }
  g_mutex_unlock (&cache->mutex);
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
