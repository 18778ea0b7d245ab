/* The methods of org.estafeta.Tokens1. They run in GDBus's threads; the tokens are
   changed on the main loop, where they live. */
#include "desktop/tokens-object.h"

#include "base/clock.h"
#include "desktop/main-loop.h"
#include "desktop/methods.h"
#include "desktop/secret-reader.h"
#include "desktop/token-values.h"
#include "interface/names.h"

#include <string.h>

/* Hashing is cheap because nobody guesses secrets of so many characters. */
#define SHORTEST_SECRET 20

struct EstTokensObject
{
  EstBusTokens1 *skeleton;
  EstTokens *tokens;
  EstAccounts *accounts;
  EstOutbox *outbox;
};

/* A change of the tokens, which live on the main loop. */
typedef struct
{
  EstTokensObject *object;
  const char *name;
  EstToken *token;
  EstTokenLimits limits;
} Change;

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  const EstErrorName names[] = {
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_UNSAFE, EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX, EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,  EST_BUS_ERROR_SETTINGS},
    {EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,   EST_BUS_ERROR_SETTINGS},
  };
  est_methods_return_error (invocation, names, G_N_ELEMENTS (names), error);
}

static guint
count_used (EstTokensObject *object, const EstToken *token)
{
  g_autofree char *program = g_strconcat ("token:", token->name, NULL);
  g_autoptr (GArray) times = est_outbox_times (
    object->outbox, program, est_clock_now () - 24 * G_TIME_SPAN_HOUR, NULL);
  return times != NULL ? times->len : 0;
}

static gboolean
on_list (EstBusTokens1 *skeleton,
         GDBusMethodInvocation *invocation,
         EstTokensObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tokens = est_tokens_list (object->tokens, &error);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  if (tokens == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  for (guint i = 0; i < tokens->len; i++)
    {
      const EstToken *token = g_ptr_array_index (tokens, i);
      est_token_values_add (token, count_used (object, token), &list);
    }
  est_bus_tokens1_complete_list (skeleton, invocation, g_variant_builder_end (&list));
  return TRUE;
}

/* The first account of @limits that does not exist; NULL if all do. */
static const char *
find_unknown_account (EstTokensObject *object, const EstTokenLimits *limits)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  for (guint i = 0; limits->accounts != NULL && limits->accounts[i] != NULL; i++)
    if (est_settings_find (settings, limits->accounts[i]) == NULL)
      return limits->accounts[i];
  return NULL;
}

/* FALSE: the call has been answered. */
static gboolean
take_limits (EstTokensObject *object,
             GDBusMethodInvocation *invocation,
             GVariant *values,
             EstTokenLimits *limits)
{
  g_autoptr (GError) error = NULL;
  if (!est_token_values_take (values, limits, &error))
    {
      return_error (invocation, error);
      return FALSE;
    }
  const char *unknown = find_unknown_account (object, limits);
  if (unknown != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_NO_SUCH_ACCOUNT,
                                                unknown);
  return unknown == NULL;
}

static gboolean
is_strong (EstSecret *secret, GError **error)
{
  const char *text = secret != NULL ? est_secret_peek (secret) : "";
  gsize length = strlen (text);
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~')
      length = 0;
  if (length >= SHORTEST_SECRET)
    return TRUE;
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
               "a secret is at least %d characters of printable ASCII without blanks",
               SHORTEST_SECRET);
  return FALSE;
}

/* FALSE: the call has been answered. */
static gboolean
is_free (EstTokensObject *object, GDBusMethodInvocation *invocation, const char *name)
{
  const char *problem = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstToken) token = NULL;
  if (!est_token_name_is_valid (name))
    problem = EST_BUS_ERROR_BAD_TOKEN_NAME;
  else if (!est_tokens_find (object->tokens, name, &token, &error))
    return_error (invocation, error);
  else if (token != NULL)
    problem = EST_BUS_ERROR_TOKEN_EXISTS;
  if (problem != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, problem, name);
  return problem == NULL && error == NULL;
}

static gboolean
add_token (gpointer data, GError **error)
{
  Change *change = data;
  return est_tokens_add (change->object->tokens, change->token, error);
}

/* Takes what @limits holds over. */
static gboolean
add (EstTokensObject *object,
     const char *name,
     EstTokenLimits *limits,
     EstSecret *secret,
     GError **error)
{
  if (!is_strong (secret, error))
    return FALSE;
  g_autoptr (EstToken) token
    = est_token_new (name, est_secret_peek (secret), *limits, est_clock_now ());
  *limits = (EstTokenLimits){0};
  Change change = {.object = object, .token = token};
  return est_main_loop_run (add_token, &change, error);
}

static gboolean
on_add (EstBusTokens1 *skeleton,
        GDBusMethodInvocation *invocation,
        GUnixFDList *list,
        const char *name,
        GVariant *values,
        GVariant *handle,
        EstTokensObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = NULL;
  g_auto (EstTokenLimits) limits = {0};
  if (!is_free (object, invocation, name)
      || !take_limits (object, invocation, values, &limits))
    return TRUE;
  if (est_secret_receive (list, handle, &secret, &error)
      && add (object, name, &limits, secret, &error))
    est_bus_tokens1_complete_add (skeleton, invocation, NULL);
  else
    return_error (invocation, error);
  return TRUE;
}

/* Whether there is one of that name; otherwise the call has been answered. */
static gboolean
exists (EstTokensObject *object, GDBusMethodInvocation *invocation, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstToken) token = NULL;
  if (!est_tokens_find (object->tokens, name, &token, &error))
    return_error (invocation, error);
  else if (token == NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_NO_SUCH_TOKEN,
                                                name);
  return token != NULL;
}

static gboolean
change_token (gpointer data, GError **error)
{
  Change *change = data;
  EstTokenLimits limits = change->limits;
  change->limits = (EstTokenLimits){0};
  return est_tokens_change (change->object->tokens, change->name, limits, error);
}

static gboolean
on_change (EstBusTokens1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           GVariant *values,
           EstTokensObject *object)
{
  g_autoptr (GError) error = NULL;
  Change change = {.object = object, .name = name};
  if (exists (object, invocation, name)
      && take_limits (object, invocation, values, &change.limits))
    {
      if (est_main_loop_run (change_token, &change, &error))
        est_bus_tokens1_complete_change (skeleton, invocation);
      else
        return_error (invocation, error);
    }
  est_token_limits_clear (&change.limits);
  return TRUE;
}

static gboolean
remove_token (gpointer data, GError **error)
{
  Change *change = data;
  return est_tokens_remove (change->object->tokens, change->name, error);
}

static gboolean
on_remove (EstBusTokens1 *skeleton,
           GDBusMethodInvocation *invocation,
           const char *name,
           EstTokensObject *object)
{
  g_autoptr (GError) error = NULL;
  Change change = {.object = object, .name = name};
  if (!exists (object, invocation, name))
    return TRUE;
  if (est_main_loop_run (remove_token, &change, &error))
    est_bus_tokens1_complete_remove (skeleton, invocation);
  else
    return_error (invocation, error);
  return TRUE;
}

static void
clear_object (gpointer data)
{
  EstTokensObject *object = data;
  g_object_unref (object->skeleton);
  g_object_unref (object->accounts);
  g_object_unref (object->outbox);
  est_tokens_unref (object->tokens);
}

static void
release (gpointer object, GClosure *closure)
{
  g_atomic_rc_box_release_full (object, clear_object);
}

static const EstMethod methods[] = {
  {"handle-list",   G_CALLBACK (on_list)  },
  {"handle-add",    G_CALLBACK (on_add)   },
  {"handle-change", G_CALLBACK (on_change)},
  {"handle-remove", G_CALLBACK (on_remove)},
};

EstTokensObject *
est_tokens_object_new (const EstBusServices *services)
{
  EstTokensObject *object = g_atomic_rc_box_new0 (EstTokensObject);
  object->skeleton = est_bus_tokens1_skeleton_new ();
  object->tokens = est_tokens_ref (services->tokens);
  object->accounts = g_object_ref (services->accounts);
  object->outbox = g_object_ref (services->outbox);
  est_methods_connect (G_DBUS_INTERFACE_SKELETON (object->skeleton), methods,
                       G_N_ELEMENTS (methods), object, release);
  return object;
}

void
est_tokens_object_free (EstTokensObject *object)
{
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  release (object, NULL);
}

GDBusInterfaceSkeleton *
est_tokens_object_skeleton (EstTokensObject *object)
{
  return G_DBUS_INTERFACE_SKELETON (object->skeleton);
}
