/* What GNOME Online Accounts says of its accounts (org.gnome.OnlineAccounts, interfaces
   Account, Mail, OAuth2Based, PasswordBased), as accounts of ours. Pure. */
#pragma once

#include "account/account.h"

/* @interfaces: a{sa{sv}}, of the object at @path. NULL: mail cannot leave by it (no SMTP,
   mail switched off, no secret of a kind we know, or not well-formed). Certificates are
   verified whatever it says of accepting errors. Named "gnome-ADDRESS", or "gnome-ID"
   where an account's name cannot hold the address. */
EstAccount *est_online_account_read (const char *path, GVariant *interfaces);

/* @objects: a{oa{sa{sv}}}, the answer of its object manager. EstAccount each, ordered by
   path. */
GPtrArray *est_online_account_read_all (GVariant *objects);

/* Whether nothing has changed from one such list to the next. */
gboolean est_online_account_lists_equal (const GPtrArray *a, const GPtrArray *b);
