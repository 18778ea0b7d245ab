/* The request by which a browser brings back what an authorisation server says (RFC 6749
   4.1.2, 4.1.2.1; RFC 9207). Pure. Internal to web/. */
#pragma once

#include <glib.h>

typedef struct
{
  char *code;              /* NULL: an error */
  char *error;             /* as the server calls it; NULL: none */
  char *description, *iss; /* NULL: not told */
} EstRedirect;

void est_redirect_free (EstRedirect *redirect);

/* @head: a request of HTTP/1 up to its empty line, or more. NULL if it is not the one
   that was waited for: GET, the path "/", @state, and a code or an error, each of them
   once. */
EstRedirect *est_redirect_read (const char *head, gsize length, const char *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstRedirect, est_redirect_free)
