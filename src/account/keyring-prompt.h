/* A dialog of the Secret Service (org.freedesktop.Secret.Prompt). libsecret 0.20 waits
   for ever for one that ends in a way it does not expect, as those of KWallet do.
   Internal to the keyring. */
#pragma once

#include <gio/gio.h>

/* @prompt: the object's path. Blocks as long as the dialog is open, dismisses it when
   @cancellable rings. FALSE without an error if the person dismissed it. @made (NULL: not
   asked for): the path of the object that came of it, NULL if the service does not tell.
   Runs the thread-default main context, which must be the caller's own. */
gboolean est_keyring_prompt_run (GDBusConnection *bus,
                                 const char *owner,
                                 const char *prompt,
                                 char **made,
                                 GCancellable *cancellable,
                                 GError **error);
