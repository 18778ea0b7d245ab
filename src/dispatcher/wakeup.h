/* What can end a pause before its time, and which reasons each helps against: pure. A
   password that was refused is not tried again because the network changed: providers
   lock accounts for that. Nor does "send" go over the budget, which is there so that they
   do not: who wants more says so in the settings. */
#pragma once

#include "outcome/reason.h"

typedef enum
{
  EST_WAKEUP_NETWORK,  /* a network appeared or changed */
  EST_WAKEUP_KEYRING,  /* a keyring appeared, was unlocked or changed; or the service of
                          online accounts is back */
  EST_WAKEUP_SETTINGS, /* the settings were read anew */
  EST_WAKEUP_PERSON,   /* "send" */
} EstWakeup;

gboolean est_wakeup_helps (EstWakeup wakeup, EstReason reason);
