/* Buttons of notifications. */
#include "wording/button.h"

#include <glib/gi18n.h>

static const struct
{
  EstReason reason;
  const char *code;
  const char *label;
} offers[] = {
  {EST_REASON_SECRET_LOCKED,  "unlock",          NC_ ("button", "Unlock")       },
  {EST_REASON_SIGNED_OUT,     "sign-in",         NC_ ("button", "Sign In")      },
  {EST_REASON_ONLINE_SIGN_IN, "online-accounts", NC_ ("button", "Open Settings")},
};

EstNoticeButton *
est_notice_buttons_new (guint count)
{
  return g_new0 (EstNoticeButton, count + 1);
}

EstNoticeButton *
est_wording_buttons (EstReason reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    if (offers[i].reason == reason)
      {
        EstNoticeButton *buttons = est_notice_buttons_new (1);
        const char *label = g_dpgettext2 (NULL, "button", offers[i].label);
        *buttons = (EstNoticeButton){offers[i].code, g_strdup (label)};
        return buttons;
      }
  return NULL;
}

void
est_notice_buttons_free (EstNoticeButton *buttons)
{
  for (EstNoticeButton *button = buttons; button != NULL && button->code; button++)
    g_free (button->label);
  g_free (buttons);
}
