/* Reads the dictionaries that come over D-Bus. Every text passes est_text_tame() here, so
   that nothing a stranger wrote reaches the terminal as it is. */
#pragma once

#include <glib.h>

/* @record: a{sv} or a{ss}. A key that is missing or of another type: "", 0, an empty
   vector. New strings and vectors. */
char *est_record_text (GVariant *record, const char *key);
char **est_record_texts (GVariant *record, const char *key);
guint64 est_record_number (GVariant *record, const char *key);
gboolean est_record_flag (GVariant *record, const char *key); /* missing: FALSE */
gint64 est_record_time (GVariant *record, const char *key);   /* seconds since 1970 */

/* aa{sv} as an array of its records; new reference, empty if the key is missing. */
GVariant *est_record_list (GVariant *record, const char *key);

/* a{su}; new reference, empty if the key is missing. */
GVariant *est_record_figures (GVariant *record, const char *key);
