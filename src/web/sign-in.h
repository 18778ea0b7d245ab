/* The task "sign-in": an authorisation code by the system's browser (RFC 6749 4.1 and RFC
   8252), with PKCE. Internal to web/. */
#pragma once

#include <glib.h>

/* Prints "prompt" with the address to be opened, then "grant" or "failed". Further keys
   of
   @input: user (told to the page), loopback ("localhost": what this machine is called in
   the redirection; else 127.0.0.1). */
void est_sign_in_run (GHashTable *input);
