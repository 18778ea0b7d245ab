/* Apps and their mail. */
#include "intake/vet.h"

static gboolean
refuse (GError **error, EstIntakeError code, const char *why)
{
  g_set_error_literal (error, EST_INTAKE_ERROR, (int) code, why);
  return FALSE;
}

static gboolean
may_ask (EstIntake *intake, const char *program, GError **error)
{
  guint count;
  if (!est_outbox_count_asking (est_intake_outbox (intake), program, &count, error))
    return FALSE;
  return count < EST_VET_LIMIT
         || refuse (error, EST_INTAKE_ERROR_UNDECIDED,
                    "the mail of this app waits for its person's yes; see: estafeta app "
                    "list");
}

/* What cannot be named cannot be asked about, nor an answer be remembered. */
gboolean
est_intake_vet (EstIntake *intake,
                const char *program,
                gboolean sandboxed,
                EstReason *held,
                GError **error)
{
  *held = EST_REASON_NONE;
  if (!sandboxed)
    return TRUE;
  if (program == NULL || !est_app_is_valid (program))
    return refuse (error, EST_INTAKE_ERROR_REFUSED,
                   "this sandbox does not say which app it holds, so that nobody can be "
                   "asked");
  g_autoptr (EstSettings) settings = est_intake_settings (intake);
  switch (est_settings_permission (settings, program))
    {
    case EST_PERMISSION_ALLOW:
      return TRUE;
    case EST_PERMISSION_REFUSE:
      return refuse (error, EST_INTAKE_ERROR_REFUSED,
                     "this app may not send; see: estafeta app list");
    default:
      *held = EST_REASON_APP;
      return may_ask (intake, program, error);
    }
}
