/* json-glib calls itself for each level of nesting, so that the depth is looked at
   first. */
#include "web/json-text.h"

#include <gio/gio.h>
#include <string.h>

/* Outside of strings JSON has few characters. json-glib takes more, such as comments,
   in which brackets and quotes could hide. */
static gboolean
is_bare (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr (" \t\r\n{}[],:+-.", c) != NULL);
}

static gboolean
is_flat (const char *text, gsize length)
{
  guint depth = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];
      if (c == '"')
        quoted = !quoted;
      else if (quoted && c == '\\')
        i++;
      else if (!quoted && !is_bare (c))
        return FALSE;
      else if (!quoted && (c == '[' || c == '{') && ++depth > EST_JSON_DEPTH)
        return FALSE;
      else if (!quoted && (c == ']' || c == '}') && depth-- == 0)
        return FALSE;
    }
  return TRUE;
}

JsonObject *
est_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (length > 0 && g_utf8_validate_len (text, length, NULL) && is_flat (text, length)
      && json_parser_load_from_data (parser, text, (gssize) length, NULL))
    {
      JsonNode *root = json_parser_get_root (parser);
      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        return json_object_ref (json_node_get_object (root));
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "it is no JSON object");
  return NULL;
}

static JsonNode *
find (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

static JsonNode *
find_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = find (object, name, JSON_NODE_VALUE);
  return node != NULL && json_node_get_value_type (node) == type ? node : NULL;
}

const char *
est_json_text (JsonObject *object, const char *name)
{
  JsonNode *node = find_value (object, name, G_TYPE_STRING);
  const char *text = node != NULL ? json_node_get_string (node) : NULL;
  return text != NULL && *text != '\0' ? text : NULL;
}

JsonObject *
est_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = find (object, name, JSON_NODE_OBJECT);
  return node != NULL ? json_node_get_object (node) : NULL;
}

JsonArray *
est_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = find (object, name, JSON_NODE_ARRAY);
  return node != NULL ? json_node_get_array (node) : NULL;
}

gint64
est_json_number (JsonObject *object, const char *name, gint64 otherwise)
{
  guint64 digits;
  JsonNode *node = find_value (object, name, G_TYPE_INT64);
  const char *text = est_json_text (object, name);
  if (node != NULL)
    return json_node_get_int (node) >= 0 ? json_node_get_int (node) : otherwise;
  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &digits, NULL))
    return (gint64) digits;
  return otherwise;
}

gboolean
est_json_is_true (JsonObject *object, const char *name)
{
  JsonNode *node = find_value (object, name, G_TYPE_BOOLEAN);
  return node != NULL && json_node_get_boolean (node);
}

gboolean
est_json_lists (JsonObject *object, const char *name, const char *value)
{
  JsonArray *array = est_json_array (object, name);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
          && g_strcmp0 (json_node_get_string (node), value) == 0)
        return TRUE;
    }
  return FALSE;
}
