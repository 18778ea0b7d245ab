/* Follows GNOME Online Accounts on the session bus. Where the person has accounts there,
   their service is started if it does not run; where there are none it is left alone, and
   noticed when it appears. What it said last stays while it is gone: its accounts take
   mail all the same. */
#pragma once

#include <glib.h>

typedef struct EstOnlineAccounts EstOnlineAccounts;

/* @accounts: EstAccount, all of them, borrowed. On the thread-default main context of
   whoever made the watch, and only when something has changed. */
typedef void (*EstOnlineNews) (const GPtrArray *accounts, gpointer data);

/* The service answers again after it was gone, or for the first time: what it could not
   tell before it may tell now. After the news, if there is some. Also when an answer that
   was due does not come any more. */
typedef void (*EstOnlineBack) (gpointer data);

/* Where the person has accounts, waits for the first answer for up to two seconds, so
   that mail that is handed in early finds them; @news is called from within then. */
EstOnlineAccounts *
est_online_accounts_new (EstOnlineNews news, EstOnlineBack back, gpointer data);

/* Whether its accounts are known: it has answered, or the person has none there. */
gboolean est_online_accounts_are_known (const EstOnlineAccounts *watch);

/* Whether its first answer is late and still on its way. */
gboolean est_online_accounts_are_due (const EstOnlineAccounts *watch);

void est_online_accounts_free (EstOnlineAccounts *watch);
