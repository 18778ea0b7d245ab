#include "web/sign-in.h"

#include "base/secret.h"
#include "web/exchange.h"
#include "web/failure.h"
#include "web/form.h"
#include "web/loopback.h"
#include "web/metadata.h"
#include "web/pkce.h"
#include "web/registration.h"
#include "web/report.h"

#include <string.h>

#define SECONDS 300 /* in which the person has to be done */

typedef struct
{
  EstAuthority *authority;
  EstLoopback *door;
  char *redirect; /* the address of the door */
  char *state;
  char *verifier;
  const char *user;
  const char *step;
  gint64 until; /* monotonic */
} SignIn;

static void
clear (SignIn *sign_in)
{
  g_clear_pointer (&sign_in->authority, est_authority_free);
  g_clear_pointer (&sign_in->door, est_loopback_close);
  g_free (sign_in->redirect);
  est_secret_free_text (sign_in->state);
  est_secret_free_text (sign_in->verifier);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SignIn, clear)

static gboolean
fail (GError **error, EstFailure failure, const char *words)
{
  g_set_error_literal (error, EST_FAILURE, (int) failure, words);
  return FALSE;
}

/* Without a path: that is what providers who know us have on their lists. */
static gboolean
open_door (SignIn *sign_in, GHashTable *input, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *wish = est_exchange_get (input, "loopback");
  const char *host = g_strcmp0 (wish, "localhost") == 0 ? "localhost" : "127.0.0.1";
  sign_in->door = est_loopback_open (&local);
  if (sign_in->door == NULL)
    return fail (error, EST_FAILURE_UNREACHABLE, local->message);
  sign_in->redirect
    = g_strdup_printf ("http://%s:%u", host, est_loopback_port (sign_in->door));
  return TRUE;
}

/* Who gives out refresh tokens only when begged for in words of its own. */
static const struct
{
  const char *authorize; /* begins so */
  const char *more;
} peculiar[] = {
  {"https://accounts.google.com/", "&access_type=offline&prompt=consent"},
};

static char *
make_address (const SignIn *sign_in)
{
  const EstAuthority *authority = sign_in->authority;
  g_autofree char *challenge = est_pkce_challenge (sign_in->verifier);
  g_autoptr (GString) query = g_string_new (NULL);
  est_form_add (query, "response_type", "code");
  est_form_add (query, "client_id", authority->client);
  est_form_add (query, "redirect_uri", sign_in->redirect);
  est_form_add (query, "scope", authority->scope);
  est_form_add (query, "state", sign_in->state);
  est_form_add (query, "code_challenge", challenge);
  est_form_add (query, "code_challenge_method", "S256");
  est_form_add (query, "login_hint", sign_in->user);
  for (gsize i = 0; i < G_N_ELEMENTS (peculiar); i++)
    if (g_str_has_prefix (authority->authorize, peculiar[i].authorize))
      g_string_append (query, peculiar[i].more);
  const char *joint = strchr (authority->authorize, '?') != NULL ? "&" : "?";
  return g_strconcat (authority->authorize, joint, query->str, NULL);
}

/* RFC 9207 2.4: or an answer of one server could be taken to another. */
static gboolean
is_from (const EstRedirect *redirect, const EstAuthority *authority)
{
  if (redirect->iss == NULL)
    return !authority->promises_iss;
  return authority->issuer == NULL || g_str_equal (redirect->iss, authority->issuer);
}

static EstRedirect *
ask_person (SignIn *sign_in, GError **error)
{
  g_autofree char *address = make_address (sign_in);
  est_exchange_print ("prompt", "url", address, NULL);
  g_autoptr (EstRedirect) redirect
    = est_loopback_wait (sign_in->door, sign_in->state, sign_in->until);
  g_clear_pointer (&sign_in->door, est_loopback_close);
  if (redirect == NULL)
    fail (error, EST_FAILURE_EXPIRED, "nobody came back from the page");
  else if (!is_from (redirect, sign_in->authority))
    fail (error, EST_FAILURE_ANSWER, "the answer is of another issuer");
  else if (redirect->error != NULL)
    est_failure_set_code (error, redirect->error, redirect->description);
  else
    return g_steal_pointer (&redirect);
  return NULL;
}

static EstGrant *
redeem (const SignIn *sign_in, const EstRedirect *redirect, GError **error)
{
  GString *form = est_form_new ();
  est_form_add (form, "grant_type", "authorization_code");
  est_form_add (form, "code", redirect->code);
  est_form_add (form, "redirect_uri", sign_in->redirect);
  est_form_add (form, "code_verifier", sign_in->verifier);
  EstGrant *grant = est_grant_ask (sign_in->authority, form, error);
  est_form_free (form);
  return grant;
}

static gboolean
prepare (SignIn *sign_in, GHashTable *input, GError **error)
{
  sign_in->until = g_get_monotonic_time () + SECONDS * G_TIME_SPAN_SECOND;
  sign_in->step = "metadata";
  sign_in->user = est_exchange_get (input, "user");
  sign_in->state = est_pkce_random ();
  sign_in->verifier = est_pkce_random ();
  sign_in->authority = est_authority_new (input, error);
  if (sign_in->authority == NULL
      || !est_metadata_complete (sign_in->authority, &sign_in->authority->authorize,
                                 error)
      || !open_door (sign_in, input, error))
    return FALSE;
  sign_in->step = "registration";
  return est_registration_ask (sign_in->authority, sign_in->redirect, error);
}

static EstGrant *
run (SignIn *sign_in, GHashTable *input, GError **error)
{
  if (!prepare (sign_in, input, error))
    return NULL;
  sign_in->step = "authorize";
  g_autoptr (EstRedirect) redirect = ask_person (sign_in, error);
  if (redirect == NULL)
    return NULL;
  sign_in->step = "token";
  g_autoptr (EstGrant) grant = redeem (sign_in, redirect, error);
  if (grant != NULL && grant->refresh == NULL)
    {
      fail (error, EST_FAILURE_NO_REFRESH, "no refresh token");
      return NULL;
    }
  return g_steal_pointer (&grant);
}

void
est_sign_in_run (GHashTable *input)
{
  g_auto (SignIn) sign_in = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (EstGrant) grant = run (&sign_in, input, &error);
  if (grant != NULL)
    est_report_grant (grant, sign_in.authority);
  else
    est_report_failure (error, sign_in.step);
}
