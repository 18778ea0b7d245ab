/* The person's own editor, on a file. */
#pragma once

#include <glib.h>

/* Opens @path at @line (0: anywhere) and waits until it is closed: $VISUAL, $EDITOR, or
   what the system has. FALSE with an error if there is none or it failed. */
gboolean est_editor_open (const char *path, guint line, GError **error);
