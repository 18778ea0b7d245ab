#include "web/device.h"

#include "web/device-code.h"
#include "web/exchange.h"
#include "web/failure.h"
#include "web/form.h"
#include "web/metadata.h"
#include "web/registration.h"
#include "web/report.h"

#define SLOWER        5 /* seconds more: RFC 8628 3.5 */
#define MOST_TROUBLES 4 /* in a row */

static gboolean
prepare (EstAuthority *authority, const char **step, GError **error)
{
  *step = "metadata";
  if (!est_metadata_complete (authority, &authority->device, error))
    return FALSE;
  *step = "registration";
  return est_registration_ask (authority, NULL, error);
}

static EstDeviceCode *
ask_code (const EstAuthority *authority, GError **error)
{
  g_auto (EstAnswer) answer = {0};
  GString *form = est_form_new ();
  est_form_add (form, "scope", authority->scope);
  gboolean there
    = est_authority_post (authority, authority->device, form, &answer, error);
  est_form_free (form);
  return there ? est_device_code_read (&answer, error) : NULL;
}

static void
print_prompt (const EstDeviceCode *code)
{
  g_autofree char *expires = g_strdup_printf ("%u", code->expires);
  est_exchange_print ("prompt", "code", code->code, "url", code->page, "complete",
                      code->complete, "expires", expires, NULL);
}

static EstGrant *
ask_grant (const EstAuthority *authority, const EstDeviceCode *code, GError **error)
{
  GString *form = est_form_new ();
  est_form_add (form, "grant_type", EST_DEVICE_GRANT_TYPE);
  est_form_add (form, "device_code", code->secret);
  EstGrant *grant = est_grant_ask (authority, form, error);
  est_form_free (form);
  return grant;
}

/* RFC 8628 3.5: who is not reached, or has trouble, is asked less often. */
static gboolean
goes_on (const GError *error, guint *interval, guint *troubles)
{
  if (error->code == EST_FAILURE_PENDING || error->code == EST_FAILURE_SLOW_DOWN)
    {
      *interval += error->code == EST_FAILURE_SLOW_DOWN ? SLOWER : 0;
      *troubles = 0;
      return TRUE;
    }
  *interval *= 2;
  return (error->code == EST_FAILURE_UNREACHABLE || error->code == EST_FAILURE_SERVER)
         && ++*troubles < MOST_TROUBLES;
}

static EstGrant *
wait_for_person (const EstAuthority *authority, const EstDeviceCode *code, GError **error)
{
  guint interval = code->interval, troubles = 0;
  gint64 until = g_get_monotonic_time () + code->expires * G_TIME_SPAN_SECOND;
  while (g_get_monotonic_time () + interval * G_TIME_SPAN_SECOND < until)
    {
      g_autoptr (GError) local = NULL;
      g_usleep (interval * G_USEC_PER_SEC);
      EstGrant *grant = ask_grant (authority, code, &local);
      if (grant != NULL)
        return grant;
      if (!goes_on (local, &interval, &troubles))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
  g_set_error_literal (error, EST_FAILURE, EST_FAILURE_EXPIRED,
                       "the code was not entered in time");
  return NULL;
}

static EstGrant *
run (EstAuthority *authority, const char **step, GError **error)
{
  if (!prepare (authority, step, error))
    return NULL;
  *step = "authorize";
  g_autoptr (EstDeviceCode) code = ask_code (authority, error);
  if (code == NULL)
    return NULL;
  print_prompt (code);
  *step = "token";
  g_autoptr (EstGrant) grant = wait_for_person (authority, code, error);
  if (grant == NULL || grant->refresh != NULL)
    return g_steal_pointer (&grant);
  g_set_error_literal (error, EST_FAILURE, EST_FAILURE_NO_REFRESH, "no refresh token");
  return NULL;
}

void
est_device_run (GHashTable *input)
{
  const char *step = "metadata";
  g_autoptr (GError) error = NULL;
  g_autoptr (EstAuthority) authority = est_authority_new (input, &error);
  g_autoptr (EstGrant) grant = authority != NULL ? run (authority, &step, &error) : NULL;
  if (grant != NULL)
    est_report_grant (grant, authority);
  else
    est_report_failure (error, step);
}
