/* Whatever has buttons finds its answer here. */
#include "desktop/buttons.h"

#include "desktop/app-questions.h"
#include "desktop/desktop-settings.h"

#include <string.h>

#define PREFIX "account " /* of the incident; the account's name follows */

struct _EstButtons
{
  GObject parent_instance;
  EstApps *apps;
  EstCredentials *credentials;
  GCancellable *end; /* of what was begun */
};

G_DEFINE_FINAL_TYPE (EstButtons, est_buttons, G_TYPE_OBJECT)

static void
est_buttons_init (EstButtons *self)
{
}

static void
est_buttons_finalize (GObject *object)
{
  EstButtons *self = EST_BUTTONS (object);
  g_clear_object (&self->apps);
  g_clear_object (&self->credentials);
  g_clear_object (&self->end);
  G_OBJECT_CLASS (est_buttons_parent_class)->finalize (object);
}

static void
est_buttons_class_init (EstButtonsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_buttons_finalize;
}

EstButtons *
est_buttons_new (EstApps *apps, EstCredentials *credentials)
{
  EstButtons *self = g_object_new (EST_TYPE_BUTTONS, NULL);
  self->apps = g_object_ref (apps);
  self->credentials = g_object_ref (credentials);
  self->end = g_cancellable_new ();
  return self;
}

void
est_buttons_stop (EstButtons *self)
{
  g_cancellable_cancel (self->end);
}

char *
est_buttons_name_account (const char *account)
{
  return g_strconcat (PREFIX, account, NULL);
}

const char *
est_buttons_account (const char *incident)
{
  return g_str_has_prefix (incident, PREFIX) ? incident + strlen (PREFIX) : NULL;
}

static void
open_online_accounts (EstButtons *self, const char *account)
{
  est_desktop_settings_open ("online-accounts");
}

static void
ask_to_unlock (GTask *task, gpointer credentials, gpointer data, GCancellable *end)
{
  g_autoptr (GError) error = NULL;
  if (!est_credentials_unlock (credentials, end, &error))
    g_message ("%s", error->message);
  g_task_return_boolean (task, TRUE);
}

/* The dialog is the keyring's; who closes it finds the notice again with the next mail.
 */
static void
unlock (EstButtons *self, const char *account)
{
  g_autoptr (GTask) task = g_task_new (self->credentials, self->end, NULL, NULL);
  g_task_run_in_thread (task, ask_to_unlock);
}

/* As est_wording_buttons() has them. */
static const struct
{
  const char *code;
  void (*press) (EstButtons *self, const char *account);
} remedies[] = {
  {"online-accounts", open_online_accounts},
  {"unlock",          unlock              },
};

static gboolean
press_remedy (EstButtons *self, const char *account, const char *code)
{
  for (gsize i = 0; account != NULL && i < G_N_ELEMENTS (remedies); i++)
    if (g_str_equal (code, remedies[i].code))
      {
        remedies[i].press (self, account);
        return TRUE;
      }
  return FALSE;
}

void
est_buttons_press (EstButtons *self, const char *incident, const char *code)
{
  if (!est_app_questions_answer (self->apps, incident, code)
      && !press_remedy (self, est_buttons_account (incident), code))
    g_warning ("nobody knows the button %s of %s", code, incident);
}
