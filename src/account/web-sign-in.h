/* Signing in at a provider's web page, by OAuth 2.0, through the helper program: in a
   browser on this computer, or by a code that is entered on any. Blocking, for minutes;
   for a thread that may wait. */
#pragma once

#include "account/account.h"
#include "base/secret.h"

#include <gio/gio.h>

typedef struct
{
  gboolean by_code; /* the device grant, RFC 8628 */
  /* What the person is to do: url; or code, url, perhaps complete, expires (seconds). In
     the thread that waits; borrowed. */
  void (*prompt) (GHashTable *values, gpointer data);
  gpointer data;
} EstWebSignInWay;

typedef struct
{
  EstSecret *refresh; /* NULL: it came to nothing */
  GHashTable *found;  /* keys of the account that are known now: "oauth-client" ... */
  char *what;         /* why it came to nothing, as src/web/failure.h has it, */
  char *words;        /* what the server said of it (NULL: nothing), */
  char *step;         /* and at which step: metadata, registration, authorize, token */
} EstWebSignIn;

/* FALSE with an error (G_IO_ERROR) if the helper cannot be run or @cancellable rang. */
gboolean est_web_sign_in_run (EstWebSignIn *sign_in,
                              const EstAccount *account,
                              const EstWebSignInWay *way,
                              GCancellable *cancellable,
                              GError **error);

void est_web_sign_in_clear (EstWebSignIn *sign_in);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstWebSignIn, est_web_sign_in_clear)
