/* What a person can press on a notification, by what is wrong. */
#pragma once

#include "outcome/reason.h"

typedef struct
{
  const char *code; /* for whoever is told that it was pressed */
  char *label;
} EstNoticeButton;

/* What ends @reason, up to one without a code; NULL: no button can. The codes:
   "online-accounts" opens the desktop's settings there, "unlock" has the keyring ask for
   its password. */
EstNoticeButton *est_wording_buttons (EstReason reason);

/* @count of them, up to one without a code, to be filled in. */
EstNoticeButton *est_notice_buttons_new (guint count);
void est_notice_buttons_free (EstNoticeButton *buttons);
