/* The task "discover": looks for the server of an address in the network, and prints what
   was looked at and what was found. Internal to web/. */
#pragma once

#include <glib.h>

/* @sources: those to be asked, between commas; the first that has something is the last
   that is asked. Prints lines of words between tabs, on standard output: "look" or
   "candidate", then KEY=VALUE as org.estafeta.Discovery1 has them. */
void est_discover (const char *address, const char *sources);
