/* What ties a sign-in to one TLS session (RFC 5056): somebody in between has two sessions
   and cannot pass one off for the other. A plain value. */
#pragma once

#include <glib.h>

#define EST_BINDING_SIZE 64

typedef struct
{
  const char *name; /* "tls-exporter" (RFC 9266), "tls-unique" (RFC 5929 3); static */
  gsize length;
  guint8 octets[EST_BINDING_SIZE];
} EstBinding;
