/* Numbers of messages. */
#include "cli/number.h"

#include "cli/usage.h"

#include <glib/gi18n.h>

gboolean
est_number_parse (const char *verb, const char *text, guint64 *id)
{
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;
  est_usage_complain (verb, _ ("“%s” is not the number of a message"), text);
  return FALSE;
}
