/* Tests of accounts that somebody on D-Bus asked for: few at once, each in a thread of
   its own, and ended when nobody waits for it any more. */
#pragma once

#include "desktop/bus.h"

typedef struct EstAccountTests EstAccountTests;

EstAccountTests *est_account_tests_new (const EstBusServices *services);

/* Ends those that run, and waits for their threads. */
void est_account_tests_free (EstAccountTests *tests);

/* Answers @invocation when it is through. @known: the account is in the settings, and
   goes on if all is well. What @credentials know is asked for anew. Any thread. */
void est_account_tests_run (EstAccountTests *tests,
                            GDBusMethodInvocation *invocation,
                            EstAccount *account,
                            EstCredentials *credentials,
                            gboolean known);
