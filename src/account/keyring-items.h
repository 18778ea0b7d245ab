/* Our items in the keyring, and which of them is the one. */
#pragma once

#include "account/credential.h"

#include <libsecret/secret.h>

typedef GList EstKeyringItems; /* of SecretItem */

void est_keyring_items_free (EstKeyringItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstKeyringItems, est_keyring_items_free)

/* Matched by attributes alone, see credentials.h. */
extern const SecretSchema est_keyring_schema;

GHashTable *est_keyring_items_attributes (const EstCredential *credential);

/* All items of the account that are of @kind, locked or not; no error and NULL if there
   is none. Opens no prompt. Blocks. */
EstKeyringItems *est_keyring_items_search (SecretService *service,
                                           const char *account,
                                           EstCredentialKind kind,
                                           GCancellable *cancellable,
                                           GError **error);

/* Of those that are not locked the one that was written last; NULL if all are locked. */
SecretItem *est_keyring_items_newest (EstKeyringItems *items); /* borrowed */
