/* Where things lie, by the XDG variables only, so that many instances run side by side.
   Every function returns a new string. */
#pragma once

#include <glib.h>

char *est_paths_settings_file (void);     /* $XDG_CONFIG_HOME/estafeta/estafeta.conf */
char *est_paths_tokens_file (void);       /* $XDG_CONFIG_HOME/estafeta/tokens */
char *est_paths_data_folder (void);       /* $XDG_DATA_HOME/estafeta */
char *est_paths_outbox_file (void);       /* $XDG_DATA_HOME/estafeta/outbox.db */
char *est_paths_identity_file (void);     /* .../localhost.pem, key and certificate */
char *est_paths_witness_file (void);      /* $XDG_STATE_HOME/estafeta/outbox.state */
char *est_paths_strength_file (void);     /* .../strength, what relays could do */
char *est_paths_runtime_folder (void);    /* $XDG_RUNTIME_DIR/estafeta */
char *est_paths_submission_socket (void); /* .../submission, SMTP for clients that can */
char *est_paths_bus_socket (void);        /* .../bus, our own D-Bus server */

/* Makes @folder and its parents, 0700 for what is new. */
gboolean est_paths_make_private_folder (const char *folder, GError **error);
