/* A group [account NAME] of the settings file, read and written as text. */
#pragma once

#include "account/settings.h"

/* The NAME in "account NAME"; points into @group, NULL for any other group. */
const char *est_account_group_name (const char *group);

/* "account NAME"; new string. */
char *est_account_group_of (const char *name);

/* Whether @name can be an account's: 1 to 64 letters, digits, "-_.@". */
gboolean est_account_name_is_valid (const char *name);

/* Whether @host (in ASCII) can be a server's: a name, or an address literal. */
gboolean est_host_is_valid (const char *host);

/* An account without anything, with those defaults that are not 0. */
EstAccount *est_account_group_new (void);

/* Checked in itself, with defaults filled in; what concerns several accounts is the
   caller's part. */
EstAccount *est_account_group_read (GKeyFile *file, const char *group, GError **error);
