/* JSON for scripts. */
#include "cli/json.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static gboolean
steers_terminal (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return c != '\n'; /* only the layout has them, in texts they are escaped already */
    default:
      return FALSE;
    }
}

static void
append_escape (GString *out, gunichar c)
{
  if (c <= 0xffff)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                            0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* JSON lets most controls stand in a text as they are, and somebody will look at this on
   a terminal. */
static char *
escape_controls (const char *json)
{
  GString *out = g_string_sized_new (256);
  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (steers_terminal (c))
        append_escape (out, c);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

char *
est_json_format (GVariant *value)
{
  JsonNode *node = json_gvariant_serialize (value);
  g_autofree char *json = json_to_string (node, TRUE);
  json_node_unref (node);
  g_autofree char *escaped = escape_controls (json);
  return g_strconcat (escaped, "\n", NULL);
}

void
est_json_print (GVariant *value)
{
  g_autoptr (GVariant) kept = g_variant_ref_sink (value);
  g_autofree char *json = est_json_format (kept);
  fputs (json, stdout);
}
