/* Asks until the last page has come. */
#include "cli/pages.h"

#include "cli/record.h"

#define PAGE 500 /* records */

/* Adds the records of @page; the number of the last one. */
static guint64
add_page (GPtrArray *records, GVariant *page, const char *key, guint64 after)
{
  gsize n = g_variant_n_children (page);
  for (gsize i = 0; i < n; i++)
    {
      GVariant *record = g_variant_get_child_value (page, i);
      g_ptr_array_add (records, record);
      after = MAX (after, est_record_number (record, key));
    }
  return after;
}

static GVariant *
join (GPtrArray *records)
{
  g_auto (GVariantBuilder) all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < records->len; i++)
    g_variant_builder_add_value (&all, g_ptr_array_index (records, i));
  return g_variant_ref_sink (g_variant_builder_end (&all));
}

GVariant *
est_pages_fetch (EstBusOutbox1 *outbox,
                 EstPageCall call,
                 GVariant *filter,
                 const char *key,
                 int last,
                 GError **error)
{
  g_autoptr (GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint64 after = 0;
  gsize n;
  do
    {
      g_autoptr (GVariant) page = NULL;
      if (!call (outbox, filter, after, PAGE, &page, NULL, error))
        return NULL;
      n = g_variant_n_children (page);
      after = add_page (records, page, key, after);
      if (last > 0 && records->len > (guint) last)
        g_ptr_array_remove_range (records, 0, records->len - (guint) last);
    }
  while (n == PAGE);
  return join (records);
}
