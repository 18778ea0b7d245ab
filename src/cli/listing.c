/* Lists as tables. */
#include "cli/listing.h"

#include "cli/output.h"

void
est_listing_print (GVariant *records,
                   const EstColumn *columns,
                   guint n_columns,
                   void (*add) (EstTable *table, GVariant *record),
                   const char *none)
{
  gsize n = g_variant_n_children (records);
  g_autoptr (EstTable) table = est_table_new (columns, n_columns);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) record = g_variant_get_child_value (records, i);
      add (table, record);
    }
  g_autofree char *text = est_table_format (table, est_output_width ());
  g_print ("%s%s", n > 0 ? text : none, n > 0 ? "" : "\n");
}
