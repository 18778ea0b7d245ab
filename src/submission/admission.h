/* Who may hand mail in: this user's programs, those of users whom the settings name, and
   whoever signs in where the kernel cannot say who it is. */
#pragma once

#include "account/settings.h"
#include "base/origin.h"

#include <gio/gio.h>

typedef enum
{
  EST_ADMISSION_REFUSED, /* and logged */
  EST_ADMISSION_SIGN_IN, /* nobody vouches for it */
  EST_ADMISSION_VOUCHED,
} EstAdmission;

/* Fails closed. @origin: which program it is, as far as it is told; clear it. */
EstAdmission est_admission_decide (const EstSettings *settings,
                                   GSocket *connection,
                                   EstOrigin *origin);
