/* Reads the options and operands of one verb and explains wrong use. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *verb;     /* "account add" */
  const char *operands; /* translatable, "NAME"; NULL: none */
  const char *summary;  /* what the verb does; translatable */
  const char *notes;    /* further help; NULL */
  guint least, most;    /* how many operands; @most 0 with @operands: any number */
} EstUsage;

/* Says on standard error how @verb was used wrongly, and where help is. */
void est_usage_complain (const char *verb, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Takes "--json" (in @json) and the options of @entries (NULL: none) out of @arguments,
   which start with the verb. Returns the operands, a new vector; NULL after a complaint.
   "--help" prints help and ends the program. */
char **est_usage_parse (const EstUsage *usage,
                        const GOptionEntry *entries,
                        char **arguments,
                        gboolean *json);
