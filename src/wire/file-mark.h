/* Which state of a file was read, so that a later look tells whether to read it anew.
   Internal to wire/. */
#pragma once

#include <glib/gstdio.h>

/* How @path (NULL: none) is now; zeros if there is no such file. */
GStatBuf est_file_mark_take (const char *path);

gboolean est_file_mark_equal (const GStatBuf *a, const GStatBuf *b);
