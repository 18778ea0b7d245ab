/* xtext (RFC 3461 4): text that stands as the value of a parameter. Pure. */
#pragma once

#include <glib.h>

/* Printable ASCII without "=" and blanks, "+" followed by two upper-case hexadecimal
   digits. "" is. @letters: valid UTF-8 beyond ASCII may stand there as well (RFC 6533 3,
   utf-8-addr-unitext). */
gboolean est_xtext_is_valid (const char *text, gboolean letters);
