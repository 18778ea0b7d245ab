/* Reads dictionaries from D-Bus. */
#include "cli/record.h"

#include "wording/text.h"

/* Unpacks the "v" of an a{sv}; the values of an a{ss} are what they are. */
static GVariant *
look_up (GVariant *record, const char *key, const char *type)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (record, key, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
    return NULL;
  return g_steal_pointer (&value);
}

char *
est_record_text (GVariant *record, const char *key)
{
  g_autoptr (GVariant) value = look_up (record, key, "s");
  return est_text_tame (value != NULL ? g_variant_get_string (value, NULL) : NULL, 0);
}

char **
est_record_texts (GVariant *record, const char *key)
{
  g_autoptr (GVariant) value = look_up (record, key, "as");
  if (value == NULL)
    return g_new0 (char *, 1);
  char **texts = g_variant_dup_strv (value, NULL);
  for (char **text = texts; *text != NULL; text++)
    {
      g_autofree char *raw = *text;
      *text = est_text_tame (raw, 0);
    }
  return texts;
}

gboolean
est_record_flag (GVariant *record, const char *key)
{
  g_autoptr (GVariant) value = look_up (record, key, "b");
  return value != NULL && g_variant_get_boolean (value);
}

guint64
est_record_number (GVariant *record, const char *key)
{
  g_autoptr (GVariant) small = look_up (record, key, "u");
  if (small != NULL)
    return g_variant_get_uint32 (small);
  g_autoptr (GVariant) large = look_up (record, key, "t");
  return large != NULL ? g_variant_get_uint64 (large) : 0;
}

gint64
est_record_time (GVariant *record, const char *key)
{
  g_autoptr (GVariant) value = look_up (record, key, "x");
  return value != NULL ? g_variant_get_int64 (value) : 0;
}

static GVariant *
look_up_array (GVariant *record, const char *key, const char *type)
{
  GVariant *value = look_up (record, key, type);
  if (value != NULL)
    return value;
  const GVariantType *element = g_variant_type_element (G_VARIANT_TYPE (type));
  return g_variant_ref_sink (g_variant_new_array (element, NULL, 0));
}

GVariant *
est_record_list (GVariant *record, const char *key)
{
  return look_up_array (record, key, "aa{sv}");
}

GVariant *
est_record_figures (GVariant *record, const char *key)
{
  return look_up_array (record, key, "a{su}");
}
