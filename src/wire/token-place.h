/* Something in a PKCS#11 token, by its URI (RFC 7512), and the file with the PIN, if the
   URI names one: GnuTLS knows neither the "file:" in front of that nor the line break at
   its end, and would try the PIN of any file. Internal to wire/. */
#pragma once

#include <glib.h>
#include <gnutls/pkcs11.h>

typedef struct
{
  char *uri;      /* without "pin-source" */
  char *pin_file; /* NULL: no PIN */
  char *fault;    /* of the PIN's file, once it was asked for */
} EstTokenPlace;

gboolean est_token_place_is (const char *place);

/* Of one that is. Never NULL. */
EstTokenPlace *est_token_place_parse (const char *place);
void est_token_place_free (EstTokenPlace *place);

/* A gnutls_pin_callback_t; @place is the EstTokenPlace. Answers once: cards lock
   themselves. */
int est_token_place_tell_pin (void *place,
                              int attempt,
                              const char *token_url,
                              const char *token_label,
                              unsigned int flags,
                              char *pin,
                              size_t room);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstTokenPlace, est_token_place_free)
