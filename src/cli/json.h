/* JSON for scripts: the dictionaries of D-Bus with their keys, as data/org.estafeta.*.xml
   and estafeta(1) describe them. */
#pragma once

#include <glib.h>

/* New string with a final line break. Controls in texts are written as \u escapes. */
char *est_json_format (GVariant *value);

/* To standard output, in UTF-8 whatever the locale; sinks a floating @value. */
void est_json_print (GVariant *value);
