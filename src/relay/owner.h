/* On this machine any user can listen where the relay is expected: whose socket is it?
   Asked of the kernel after connecting, before anything is sent. Internal to relay/. */
#pragma once

#include "account/account.h"

#include <gio/gio.h>

/* To be called before connecting to @list (GSocketAddress): who listens at those that are
   of this machine. */
GArray *est_owner_note (GPtrArray *list);

/* Whether @socket leads away from this machine, or to this user, root, or the account's
   relay-user. That is so if they accepted the connection, or made the listener, which
   then was there before the connection as well (@noted): one that root opened may be
   served by a user who has no other right. Where the kernel cannot be asked at all,
   encryption has to prove it.
   EST_RELAY_ERROR: STRANGER, with the user's number and name as @figures, DISCONNECTED
   (nobody is at the other end). */
gboolean est_owner_check (const EstAccount *account,
                          GSocket *socket,
                          GArray *noted,
                          char **figures,
                          GError **error);
