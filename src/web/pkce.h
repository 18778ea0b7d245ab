/* Proof Key for Code Exchange (RFC 7636). Internal to web/. */
#pragma once

#include <glib.h>

/* 43 letters, digits, "-" and "_" that nobody can foretell: a verifier (4.1), or a
   state. */
char *est_pkce_random (void);

/* The challenge of @verifier by S256 (4.2). Pure. */
char *est_pkce_challenge (const char *verifier);
