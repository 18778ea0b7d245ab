/* What this machine remembers of its outbox, outside of it, in $XDG_STATE_HOME: which one
   it was, and which message it wrote last. By it an outbox that was put back from a copy,
   or brought from elsewhere, is known before anything leaves twice.

   Written after each commit without a flush: it may lag behind the outbox after a power
   cut, never run ahead of it. Any thread. */
#pragma once

#include "outbox/database.h"

typedef struct EstWitness EstWitness;

typedef enum
{
  EST_WITNESS_NEW,     /* it has never seen an outbox */
  EST_WITNESS_SAME,    /* the outbox is the one it knows, and as new as it knows */
  EST_WITNESS_OLDER,   /* the same one, but as it once was */
  EST_WITNESS_STRANGE, /* another one, or made on another machine */
  EST_WITNESS_GONE,    /* there was one, and this is a fresh one */
} EstTestimony;

/* @path need not exist yet; its folder is made. */
EstWitness *est_witness_open (const char *path, GError **error);
void est_witness_free (EstWitness *witness);

/* What it says of @database, which was made just now (@fresh) or found. */
EstTestimony est_witness_compare (EstWitness *witness,
                                  EstDatabase *database,
                                  gboolean fresh,
                                  GError **error);

/* From now on it is @database's witness, and @database belongs to this machine; one that
   is not as it was left becomes an outbox of its own. @testimony: what was said of it. */
gboolean est_witness_adopt (EstWitness *witness,
                            EstDatabase *database,
                            EstTestimony testimony,
                            GError **error);

/* Message @id has been written with @stamp; older stamps are no news. */
void est_witness_remember (EstWitness *witness, gint64 stamp, gint64 id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstWitness, est_witness_free)
