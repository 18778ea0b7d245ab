/* A stack of what is to be undone. */
#include "cli/undo.h"

typedef struct
{
  void (*run) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Deed;

struct EstUndo
{
  GArray *deeds;
};

EstUndo *
est_undo_new (void)
{
  EstUndo *undo = g_new (EstUndo, 1);
  undo->deeds = g_array_new (FALSE, FALSE, sizeof (Deed));
  return undo;
}

void
est_undo_add (EstUndo *undo,
              void (*run) (gpointer data),
              gpointer data,
              GDestroyNotify destroy)
{
  Deed deed = {run, data, destroy};
  g_array_append_val (undo->deeds, deed);
}

static void
empty (EstUndo *undo, gboolean run)
{
  while (undo->deeds->len > 0)
    {
      guint last = undo->deeds->len - 1;
      Deed deed = g_array_index (undo->deeds, Deed, last);
      g_array_set_size (undo->deeds, last);
      if (run)
        deed.run (deed.data);
      if (deed.destroy != NULL)
        deed.destroy (deed.data);
    }
}

void
est_undo_keep (EstUndo *undo)
{
  empty (undo, FALSE);
}

void
est_undo_free (EstUndo *undo)
{
  empty (undo, TRUE);
  g_array_unref (undo->deeds);
  g_free (undo);
}
