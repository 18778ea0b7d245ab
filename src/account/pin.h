/* Pins: which public key a relay must show (the SubjectPublicKeyInfo of its own
   certificate, as in RFC 7469 2.4), so that nobody else's counts, whoever signed it. */
#pragma once

#include <glib.h>

/* "sha256:" and the digest in base64, from "sha256:BASE64" (padded or not) or
   "sha256:HEX" (colons between octets may be there); NULL: it is none. New string. */
char *est_pin_parse (const char *text);
