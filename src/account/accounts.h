/* The settings as they are now, with the accounts of GNOME Online Accounts: holds the
   newest good snapshot, watches both and says when they changed. A broken edit keeps the
   old snapshot and leaves its error to be shown. Signal "changed" on the main loop, after
   each attempt to re-read, good or bad; "online-back", when GNOME Online Accounts answer
   again after they were gone, or for the first time: their secrets can be had. */
#pragma once

#include "account/settings.h"

#include <gio/gio.h>

#define EST_TYPE_ACCOUNTS (est_accounts_get_type ())
G_DECLARE_FINAL_TYPE (EstAccounts, est_accounts, EST, ACCOUNTS, GObject)

/* Reads the file the first time and watches it from the thread-default main context. With
   a broken file: defaults, no accounts, and est_accounts_dup_problem() says why. */
EstAccounts *est_accounts_new (const char *path);

/* The newest good snapshot; new reference; any thread. */
EstSettings *est_accounts_get (EstAccounts *accounts);

/* Main loop: whether the snapshot has all accounts there are: the file is good, and what
   the desktop has is known. An account that is missing otherwise may come back. */
gboolean est_accounts_are_known (EstAccounts *accounts);

/* What is wrong with the file as it stands, NULL if nothing; new string; any thread. */
char *est_accounts_dup_problem (EstAccounts *accounts);

/* Main loop: writes and re-reads at once. */
gboolean est_accounts_add (EstAccounts *accounts,
                           const char *name,
                           GHashTable *values,
                           GError **error);

/* Whether est_accounts_add() and est_accounts_edit() would do it; any thread. */
gboolean est_accounts_can_add (EstAccounts *accounts,
                               const char *name,
                               GHashTable *values,
                               GError **error);
gboolean est_accounts_can_edit (EstAccounts *accounts,
                                const char *name,
                                GHashTable *values,
                                GError **error);

/* One of GNOME Online Accounts is ignored from then on. */
gboolean est_accounts_remove (EstAccounts *accounts, const char *name, GError **error);

/* Where programs hand mail in from now on, as the key "listen" has it; NULL: at the usual
   place again. Main loop, like est_accounts_add(). */
gboolean
est_accounts_set_listen (EstAccounts *accounts, const char *listen, GError **error);

/* What is said about an app from now on; ASK: nothing any more. Any thread but the main
   loop's, for it waits for the disc; "changed" follows on the main loop. */
gboolean est_accounts_permit (EstAccounts *accounts,
                              const char *program,
                              EstPermission permission,
                              GError **error);

/* Other values of an account of the settings file, as est_settings_edit_account() takes
   them; in the same way. */
gboolean est_accounts_edit (EstAccounts *accounts,
                            const char *name,
                            GHashTable *values,
                            GError **error);

/* Which key the relay of the account must show from now on, in place of any other; in the
   same way. */
gboolean est_accounts_set_pin (EstAccounts *accounts,
                               const char *name,
                               const char *pin,
                               GError **error);
