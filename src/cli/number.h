/* Numbers of messages as the person types them. */
#pragma once

#include <glib.h>

/* Reads a message's number into @id, which starts at 1; complains for @verb if it is
 * none. */
gboolean est_number_parse (const char *verb, const char *text, guint64 *id);
