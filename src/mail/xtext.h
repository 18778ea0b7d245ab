/* xtext (RFC 3461 4): text that stands as the value of a parameter. Pure. */
#pragma once

#include <glib.h>

/* Printable ASCII without "=" and blanks, "+" followed by two upper-case hexadecimal
   digits; octets above ASCII as well (RFC 6533 3, utf-8-addr-unitext). "" is. */
gboolean est_xtext_is_valid (const char *text);
