/* A password that systemd hands to the service: LoadCredential=, SetCredentialEncrypted=
   and so on, see systemd.exec(5). For machines without a keyring. */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

/* Whether a credential can have that name: 1 to 255 letters, digits, "-_.", and not "."
   or "..". */
gboolean est_systemd_credential_is_valid (const char *name);

/* $CREDENTIALS_DIRECTORY/@name: one line, of which a final line break is taken off, 64
   KiB at most. EST_CREDENTIALS_ERROR_CREDENTIAL with what is wrong. */
EstSecret *est_systemd_credential_read (const char *name, GError **error);
