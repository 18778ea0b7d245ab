/* What a test of an account came to, for verbs that have one made. */
#pragma once

#include <glib.h>

#define EST_ACCOUNT_TEST_SECONDS 600 /* the daemon's own limits are shorter */

/* @result: a{ss} as Test of org.estafeta.Accounts1 returns it. */
gboolean est_account_test_is_good (GVariant *result);

/* In words: what is used, on standard output; or the step it failed at, why, what the
   server said and what can be done, on standard error. @account: its name, NULL if it has
   none yet. */
void est_account_test_print (GVariant *result, const char *account);
