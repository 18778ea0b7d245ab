/* A table for the terminal: as wide as it needs, narrowed in the columns that can be
   cut. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *title; /* translated */
  guint least;       /* columns it may be cut down to; 0: never cut */
  gboolean right;    /* figures */
} EstColumn;

typedef struct EstTable EstTable;

/* @columns must outlive the table. */
EstTable *est_table_new (const EstColumn *columns, guint n_columns);
void est_table_free (EstTable *table);

/* One cell per column; copies, and makes each fit to be shown (see wording/text.h). NULL
   is an empty cell. */
void est_table_add (EstTable *table, const char *const *cells);

/* All lines, no wider than @width (0: any width) unless the columns that cannot be cut
 * are. */
char *est_table_format (const EstTable *table, guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTable, est_table_free)
