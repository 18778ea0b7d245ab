/* What the buttons of notifications do. Main loop. */
#pragma once

#include "account/credentials.h"
#include "desktop/apps.h"
#include "desktop/sign-ins.h"

#define EST_TYPE_BUTTONS (est_buttons_get_type ())
G_DECLARE_FINAL_TYPE (EstButtons, est_buttons, EST, BUTTONS, GObject)

EstButtons *est_buttons_new (EstApps *apps,
                             EstAccounts *accounts,
                             EstCredentials *credentials,
                             EstSignIns *sign_ins);

/* Ends what a button began. */
void est_buttons_stop (EstButtons *buttons);

/* The incident of an account's pause, and the account of such an incident (points into
   it; NULL: it is none). Any thread. */
char *est_buttons_name_account (const char *account);
const char *est_buttons_account (const char *incident);

/* The button @code of the notice for @incident was pressed. */
void est_buttons_press (EstButtons *buttons, const char *incident, const char *code);
