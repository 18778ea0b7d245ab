/* The task "device": a sign-in on another device, by a short code (RFC 8628). Internal to
   web/. */
#pragma once

#include <glib.h>

#define EST_DEVICE_GRANT_TYPE "urn:ietf:params:oauth:grant-type:device_code"

/* Prints "prompt" with what the person has to be told, then "grant" or "failed". */
void est_device_run (GHashTable *input);
