/* Our items in the keyring, and which of them is the one. */
#pragma once

#include "account/credential.h"
#include "account/keyring-session.h"

typedef GList EstKeyringItems; /* of SecretItem */

void est_keyring_items_free (EstKeyringItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstKeyringItems, est_keyring_items_free)

/* All items of the account that are of @kind, locked or not; no error and NULL if there
   is none. Opens no prompt. Blocks. */
EstKeyringItems *est_keyring_items_search (SecretService *service,
                                           const char *account,
                                           EstCredentialKind kind,
                                           GCancellable *cancellable,
                                           GError **error);

/* Of those that are not locked the one that was written last; NULL if all are locked. */
SecretItem *est_keyring_items_newest (EstKeyringItems *items); /* borrowed */

/* A new one in @collection, which must be open, with the attributes of credentials.h;
   replaces one that has the same. Its path in @path, NULL if the service does not tell.
   The service may ask the person, and FALSE without an error is their no. */
gboolean est_keyring_items_create (EstKeyringSession *session,
                                   SecretCollection *collection,
                                   const EstCredential *credential,
                                   SecretValue *value,
                                   char **path,
                                   GCancellable *cancellable,
                                   GError **error);

/* The same about the person. */
gboolean est_keyring_items_delete (EstKeyringSession *session,
                                   SecretItem *item,
                                   GCancellable *cancellable,
                                   GError **error);
