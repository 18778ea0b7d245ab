/* A table for the terminal. */
#include "cli/table.h"

#include "cli/output.h"
#include "wording/text.h"

#define GAP "  "

struct EstTable
{
  const EstColumn *columns;
  guint n_columns;
  GPtrArray *rows; /* char **, n_columns each */
};

EstTable *
est_table_new (const EstColumn *columns, guint n_columns)
{
  EstTable *table = g_new0 (EstTable, 1);
  table->columns = columns;
  table->n_columns = n_columns;
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return table;
}

void
est_table_free (EstTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
est_table_add (EstTable *table, const char *const *cells)
{
  char **row = g_new0 (char *, table->n_columns + 1);
  for (guint i = 0; i < table->n_columns; i++)
    row[i] = est_text_tame (cells[i], 0);
  g_ptr_array_add (table->rows, row);
}

static guint
measure (const EstTable *table, guint column)
{
  guint widest = est_output_columns (table->columns[column].title);
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = g_ptr_array_index (table->rows, i);
      widest = MAX (widest, est_output_columns (row[column]));
    }
  return widest;
}

/* The column that can give up most; -1: none can any more. */
static int
find_widest (const EstTable *table, const guint *widths)
{
  int best = -1;
  for (guint i = 0; i < table->n_columns; i++)
    {
      guint least = table->columns[i].least;
      gboolean can_shrink = least > 0 && widths[i] > least;
      if (can_shrink && (best < 0 || widths[i] > widths[best]))
        best = (int) i;
    }
  return best;
}

static void
shrink (const EstTable *table, guint *widths, guint width)
{
  guint total = (table->n_columns - 1) * (guint) (sizeof GAP - 1);
  for (guint i = 0; i < table->n_columns; i++)
    total += widths[i];
  for (; total > width; total--)
    {
      int widest = find_widest (table, widths);
      if (widest < 0)
        return;
      widths[widest]--;
    }
}

static void
append_row (const EstTable *table,
            GString *out,
            const char *const *cells,
            const guint *widths)
{
  gsize start = out->len;
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_autofree char *cell
        = est_output_fit (cells[i], widths[i], table->columns[i].right);
      g_string_append_printf (out, "%s%s", i > 0 ? GAP : "", cell);
    }
  while (out->len > start && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

char *
est_table_format (const EstTable *table, guint width)
{
  g_autofree guint *widths = g_new (guint, table->n_columns);
  g_autofree const char **titles = g_new (const char *, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++)
    {
      widths[i] = measure (table, i);
      titles[i] = table->columns[i].title;
    }
  if (width > 0)
    shrink (table, widths, width);

  GString *out = g_string_new (NULL);
  append_row (table, out, titles, widths);
  for (guint i = 0; i < table->rows->len; i++)
    append_row (table, out, g_ptr_array_index (table->rows, i), widths);
  return g_string_free (out, FALSE);
}
