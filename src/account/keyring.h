/* The person's keyring by the Secret Service, through libsecret. Thread-safe; every
   function blocks until the service answers or @cancellable is cancelled, and fails by
   EST_CREDENTIALS_ERROR or G_IO_ERROR_CANCELLED. */
#pragma once

#include "account/credential.h"
#include "base/secret.h"

#include <gio/gio.h>

/* Opens no prompt. */
EstSecret *est_keyring_lookup (const char *account,
                               EstCredentialKind kind,
                               GCancellable *cancellable,
                               GError **error);

/* A locked keyring is LOCKED without a prompt; only where there is no keyring at all the
   service may ask for a password to make one. */
gboolean est_keyring_store (const EstCredential *credential,
                            EstSecret *secret,
                            GCancellable *cancellable,
                            GError **error);

/* Whether every keyring there is is locked; FALSE also if that cannot be found out. */
gboolean est_keyring_is_locked (GCancellable *cancellable);

/* Lets the service ask the person for the password of the keyring that new items go to,
   if it is locked: blocks as long as its dialog is open. EST_CREDENTIALS_ERROR_DISMISSED
   if the person wanted none of it. */
gboolean est_keyring_unlock (GCancellable *cancellable, GError **error);

gboolean est_keyring_remove (const char *account,
                             EstCredentialKind kind,
                             GCancellable *cancellable,
                             GError **error);
