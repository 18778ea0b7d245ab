/* Lists, asked for and printed. */
#include "cli/listing.h"

#include "cli/json.h"
#include "cli/output.h"
#include "cli/trouble.h"

EstExit
est_listing_run (const EstListing *listing, char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&listing->usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (GDBusProxy) bus = listing->connect ();
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_sync (
    bus, "List", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  if (answer == NULL)
    return est_trouble_report (error, NULL);
  g_autoptr (GVariant) records = g_variant_get_child_value (answer, 0);
  if (json)
    est_json_print (records);
  else
    listing->print (records);
  return EST_EXIT_OK;
}

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
