/* JSON (RFC 8259) that a stranger wrote, read by json-glib within bounds. Pure. Internal
   to web/. */
#pragma once

#include <json-glib/json-glib.h>

#define EST_JSON_DEPTH 32

/* The object that @text is. NULL with G_IO_ERROR_INVALID_DATA if it is none, is not
   UTF-8, or nests deeper than EST_JSON_DEPTH. */
JsonObject *est_json_parse (const char *text, gsize length, GError **error);

/* NULL: there is no such member, it has another type, or it is empty. Borrowed. */
const char *est_json_text (JsonObject *object, const char *name);
JsonObject *est_json_object (JsonObject *object, const char *name);
JsonArray *est_json_array (JsonObject *object, const char *name);

/* A whole number that is not negative, or its digits in a text, as some servers write it;
   else @otherwise. */
gint64 est_json_number (JsonObject *object, const char *name, gint64 otherwise);

gboolean est_json_is_true (JsonObject *object, const char *name);

/* Whether the array @name has the text @value. */
gboolean est_json_lists (JsonObject *object, const char *name, const char *value);
