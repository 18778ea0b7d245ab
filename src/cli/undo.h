/* What a verb did, to be undone in reverse if it is given up. */
#pragma once

#include <glib.h>

typedef struct EstUndo EstUndo;

EstUndo *est_undo_new (void);

/* Undoes all that has not been kept, the newest first. */
void est_undo_free (EstUndo *undo);

/* @run undoes something that has been done; @destroy (NULL: none) frees @data, whether it
   is run or not. */
void est_undo_add (EstUndo *undo,
                   void (*run) (gpointer data),
                   gpointer data,
                   GDestroyNotify destroy);

/* All of it stays. */
void est_undo_keep (EstUndo *undo);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstUndo, est_undo_free)
