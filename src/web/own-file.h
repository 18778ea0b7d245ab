/* Settings of other programs of this person, read and never written. Internal to web/. */
#pragma once

#include <glib.h>

/* The text of @path, without a NUL in it; NULL: it is not there, is no usual file of this
   person or of root, has over @limit octets, or cannot be read. There may be secrets in
   it: est_secret_free_text(). */
char *est_own_file_read (const char *path, gsize limit);

/* Groups and keys of @text as programs of desktops write them. What GKeyFile would choke
   on is left out: nested groups, keys in brackets, lines of other kinds. Pure. */
GKeyFile *est_own_file_parse (const char *text);
