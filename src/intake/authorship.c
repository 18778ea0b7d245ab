/* The header first, then the envelope. */
#include "intake/authorship.h"

#include "intake/intake.h"
#include "mail/recipients.h"

#define MOST 32 /* addresses of one header that are looked at */

/* The first of @originators that an account has. */
static const char *
find_owned (const EstSettings *settings, GPtrArray *originators)
{
  for (guint i = 0; i < MIN (originators->len, MOST); i++)
    if (est_settings_owner (settings, originators->pdata[i]) != NULL)
      return originators->pdata[i];
  return NULL;
}

static gboolean
may_stay (const EstAuthorship *authorship,
          const EstSettings *settings,
          const char *sender)
{
  return sender != NULL
         && (*sender == '\0'
             || est_settings_owner (settings, sender) == authorship->account);
}

static void
take_originator (EstAuthorship *authorship,
                 const EstSettings *settings,
                 const char *sender,
                 const char *originator)
{
  authorship->account = est_settings_owner (settings, originator);
  gboolean stays = may_stay (authorship, settings, sender);
  authorship->sender = g_strdup (stays ? sender : originator);
}

/* Only the default account may still have it. */
static gboolean
take_default (EstAuthorship *authorship,
              const EstSettings *settings,
              const char *sender,
              GError **error)
{
  authorship->account = est_settings_route (settings, sender);
  authorship->sender = g_strdup (sender);
  if (authorship->account == NULL)
    g_set_error_literal (
      error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_SENDER,
      "the envelope sender is empty and none of your accounts sends for "
      "the address in the From field; put an address of yours there");
  return authorship->account != NULL;
}

/* None of @originators is an address of ours. */
static gboolean
take_envelope (EstAuthorship *authorship,
               const EstSettings *settings,
               const char *sender,
               GPtrArray *originators,
               GError **error)
{
  if (sender == NULL && originators->len == 0)
    {
      g_set_error_literal (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_NO_SENDER,
                           "the message has no sender; name an address of yours");
      return FALSE;
    }
  sender = sender != NULL ? sender : originators->pdata[0];
  if (*sender == '\0')
    return take_default (authorship, settings, sender, error);
  authorship->account = est_intake_route (settings, sender, error);
  authorship->sender = g_strdup (sender);
  return authorship->account != NULL;
}

gboolean
est_authorship_settle (EstAuthorship *authorship,
                       const EstSettings *settings,
                       const char *sender,
                       const char *header,
                       gsize length,
                       GError **error)
{
  g_autoptr (GPtrArray) originators = g_ptr_array_new_with_free_func (g_free);
  est_originators_read (header, length, originators); /* nonsense names nobody */
  const char *owned = find_owned (settings, originators);
  if (owned == NULL)
    return take_envelope (authorship, settings, sender, originators, error);
  take_originator (authorship, settings, sender, owned);
  return TRUE;
}

void
est_authorship_clear (EstAuthorship *authorship)
{
  g_clear_pointer (&authorship->sender, g_free);
  authorship->account = NULL;
}
