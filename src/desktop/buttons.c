/* Whatever has buttons finds its answer here. */
#include "desktop/buttons.h"

#include "desktop/app-questions.h"
#include "desktop/browser.h"
#include "desktop/desktop-settings.h"

#include <string.h>

#define PREFIX "account " /* of the incident; the account's name follows */

struct _EstButtons
{
  GObject parent_instance;
  EstApps *apps;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstSignIns *sign_ins;
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
  g_clear_object (&self->accounts);
  g_clear_object (&self->credentials);
  g_clear_pointer (&self->sign_ins, est_sign_ins_unref);
  g_clear_object (&self->end);
  G_OBJECT_CLASS (est_buttons_parent_class)->finalize (object);
}

static void
est_buttons_class_init (EstButtonsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_buttons_finalize;
}

EstButtons *
est_buttons_new (EstApps *apps,
                 EstAccounts *accounts,
                 EstCredentials *credentials,
                 EstSignIns *sign_ins)
{
  EstButtons *self = g_object_new (EST_TYPE_BUTTONS, NULL);
  self->apps = g_object_ref (apps);
  self->accounts = g_object_ref (accounts);
  self->credentials = g_object_ref (credentials);
  self->sign_ins = est_sign_ins_ref (sign_ins);
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

typedef struct
{
  EstSignIns *sign_ins;
  EstAccount *account;
} Visit;

static void
visit_free (gpointer data)
{
  Visit *visit = data;
  est_sign_ins_unref (visit->sign_ins);
  est_account_unref (visit->account);
  g_free (visit);
}

static void
tell_result (const EstAccount *account, GVariant *result)
{
  const char *what = "?", *words = "";
  g_variant_lookup (result, "words", "&s", &words);
  if (g_variant_lookup (result, "what", "&s", &what))
    g_message ("signing in of account %s: %s %s", account->name, what, words);
}

/* Blocks for as long as the person is at the page, five minutes at most. */
static void
visit_page (GTask *task, gpointer source, gpointer data, GCancellable *end)
{
  Visit *visit = data;
  g_autoptr (GVariant) prompt = NULL;
  g_autoptr (GVariant) result = NULL;
  g_autoptr (GError) error = NULL;
  const char *url = "";
  const EstSignInWish wish = {.account = visit->account, .known = TRUE};
  g_autofree char *id = est_sign_ins_begin (visit->sign_ins, &wish, &prompt);
  g_variant_lookup (prompt, "url", "&s", &url);
  if (id != NULL && !est_browser_open (url, &error))
    {
      g_message ("the browser does not open: %s", error->message);
      est_sign_ins_cancel (visit->sign_ins, id);
    }
  if (id != NULL)
    result = est_sign_ins_finish (visit->sign_ins, id);
  tell_result (visit->account, result != NULL ? result : prompt);
  g_task_return_boolean (task, TRUE);
}

static void
sign_in (EstButtons *self, const char *account)
{
  g_autoptr (EstSettings) settings = est_accounts_get (self->accounts);
  EstAccount *known = est_settings_find (settings, account);
  if (known == NULL || !est_account_uses_grant (known))
    return; /* it was changed while the notice stood there */
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Visit *visit = g_new0 (Visit, 1);
  visit->sign_ins = est_sign_ins_ref (self->sign_ins);
  visit->account = est_account_ref (known);
  g_task_set_task_data (task, visit, visit_free);
  g_task_run_in_thread (task, visit_page);
}

/* As est_wording_buttons() has them. */
static const struct
{
  const char *code;
  void (*press) (EstButtons *self, const char *account);
} remedies[] = {
  {"online-accounts", open_online_accounts},
  {"sign-in",         sign_in             },
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
