/* A password or token in memory: kept out of swap where the kernel lets us, out of core
   dumps, and wiped when the last holder lets go. Immutable and reference counted; any
   thread. */
#pragma once

#include <glib.h>

typedef struct EstSecret EstSecret;

/* Copies @length octets (-1: up to the NUL). Wiping the original is the caller's part. */
EstSecret *est_secret_new (const char *text, gssize length);
EstSecret *est_secret_ref (EstSecret *secret);
void est_secret_unref (EstSecret *secret);

/* NUL-terminated, valid as long as a reference is held. */
const char *est_secret_peek (EstSecret *secret);

/* Overwrites @length octets so that no compiler takes it out. */
void est_secret_wipe (void *memory, gsize length);

/* Wipes and frees what g_malloc() gave; NULL is fine. */
void est_secret_free_text (char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSecret, est_secret_unref)
