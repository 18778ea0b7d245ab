/* The file that holds the key pair: one, with both halves in it, so that they can never
   be of different ages. Whose it is and who may read it is checked before its key counts;
   it is written by rename. Internal to wire/. */
#pragma once

#include "wire/key-pair.h"

#include <glib/gstdio.h>

/* What @path holds, and in @mark its state; *@pair NULL if it is missing or holds no key.
   FALSE: it may not be believed, or not be read. EST_WIRE_ERROR_IDENTITY, as all here. */
gboolean est_identity_file_read (const char *path,
                                 EstKeyPair **pair,
                                 GStatBuf *mark,
                                 GError **error);

gboolean
est_identity_file_write (const char *path, const EstKeyPair *pair, GError **error);

/* Keeps other processes from making another pair meanwhile, waiting for them a moment;
   makes the folder. Closing the descriptor ends it. -1 on error. */
int est_identity_file_lock (const char *path, GError **error);

/* Moves a file without a key out of the way: somebody may have put it there on purpose,
   and what we have not written we do not destroy. */
void est_identity_file_set_aside (const char *path);
