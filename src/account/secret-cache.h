/* Secrets that were found, for a while, so that ten mails ask the keyring once. Any
   thread. */
#pragma once

#include "base/secret.h"

typedef struct EstSecretCache EstSecretCache;

/* Wipes what is too old from the thread-default main context, where it is to be freed
   too. */
EstSecretCache *est_secret_cache_new (void);
void est_secret_cache_free (EstSecretCache *cache);

/* New reference, or NULL. @age is for est_secret_cache_keep(): which keeps nothing if
   something was forgotten meanwhile, as @secret may be just that. */
EstSecret *est_secret_cache_get (EstSecretCache *cache, const char *account, guint *age);
void est_secret_cache_keep (EstSecretCache *cache,
                            const char *account,
                            EstSecret *secret,
                            guint seconds,
                            guint age);

gboolean est_secret_cache_is_empty (EstSecretCache *cache);

/* @account NULL: all of them. */
void est_secret_cache_forget (EstSecretCache *cache, const char *account);
