/* Whether keyrings are locked, and their unlocking and making. Internal to the keyring.
 */
#pragma once

#include "account/keyring-session.h"

/* Opens no dialog: a wallet of KWallet that is open, as after a login, is locked for the
   Secret Service until somebody unlocks it there, which asks nothing. */
gboolean est_keyring_lock_is_on (EstKeyringSession *session,
                                 SecretCollection *collection,
                                 GCancellable *cancellable);

/* Whether all keyrings there are are locked: then a search finds nothing, and in
   KeePassXC it opens a dialog. */
gboolean est_keyring_lock_is_on_all (EstKeyringSession *session,
                                     GCancellable *cancellable,
                                     GError **error);

/* Lets the service ask the person, and blocks as long as its dialog is open. FALSE
   without an error if the person wanted none of it. */
gboolean est_keyring_lock_take_off (EstKeyringSession *session,
                                    SecretCollection *collection,
                                    GCancellable *cancellable,
                                    GError **error);

/* The same, for the making of the keyring that new items go to. */
gboolean est_keyring_lock_make_keyring (EstKeyringSession *session,
                                        GCancellable *cancellable,
                                        GError **error);
