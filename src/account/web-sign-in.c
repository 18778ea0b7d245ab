#include "account/web-sign-in.h"

#include "account/oauth.h"
#include "account/web-helper.h"

#define BROWSER_SECONDS 330 /* the helper itself waits for five minutes */
#define CODE_SECONDS    930 /* and here for at most fifteen */

typedef struct
{
  EstWebSignIn *sign_in;
  const EstWebSignInWay *way;
} Course;

void
est_web_sign_in_clear (EstWebSignIn *sign_in)
{
  g_clear_pointer (&sign_in->refresh, est_secret_unref);
  g_clear_pointer (&sign_in->found, g_hash_table_unref);
  g_clear_pointer (&sign_in->what, g_free);
  g_clear_pointer (&sign_in->words, g_free);
  g_clear_pointer (&sign_in->step, g_free);
}

static gboolean
take_grant (EstWebSignIn *sign_in, GHashTable *values)
{
  static const char *const keys[]
    = {"issuer", "client", "client-secret", "scope", "authorize", "token", "device"};
  const char *refresh = g_hash_table_lookup (values, "refresh");
  if (refresh == NULL || *refresh == '\0')
    return FALSE;
  sign_in->refresh = est_secret_new (refresh, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = g_hash_table_lookup (values, keys[i]);
      if (value != NULL && *value != '\0')
        g_hash_table_insert (sign_in->found, g_strconcat ("oauth-", keys[i], NULL),
                             g_strdup (value));
    }
  return TRUE;
}

static gboolean
take_failure (EstWebSignIn *sign_in, GHashTable *values)
{
  sign_in->what = g_strdup (g_hash_table_lookup (values, "what"));
  sign_in->words = g_strdup (g_hash_table_lookup (values, "words"));
  sign_in->step = g_strdup (g_hash_table_lookup (values, "step"));
  return sign_in->what != NULL;
}

static gboolean
on_record (const char *word, GHashTable *values, gpointer data)
{
  const Course *course = data;
  EstWebSignIn *sign_in = course->sign_in;
  if (sign_in->refresh != NULL || sign_in->what != NULL)
    return FALSE; /* that was the last one */
  if (g_str_equal (word, "grant"))
    return take_grant (sign_in, values);
  if (g_str_equal (word, "failed"))
    return take_failure (sign_in, values);
  if (!g_str_equal (word, "prompt") || !g_hash_table_contains (values, "url"))
    return FALSE;
  course->way->prompt (values, course->way->data);
  return TRUE;
}

/* Microsoft compares the redirection by name (its documents on native apps). */
static const char *
name_loopback (const EstOauth *oauth)
{
  const char *page = oauth->authorize != NULL ? oauth->authorize : oauth->issuer;
  return page != NULL && g_str_has_prefix (page, "https://login.microsoftonline.com/")
           ? "localhost"
           : NULL;
}

static EstSecret *
write_input (const EstAccount *account)
{
  GString *input = g_string_sized_new (4096);
  est_oauth_write (account, input);
  est_web_helper_add (input, "user", account->user);
  est_web_helper_add (input, "loopback", name_loopback (&account->oauth));
  return est_web_helper_seal (input);
}

gboolean
est_web_sign_in_run (EstWebSignIn *sign_in,
                     const EstAccount *account,
                     const EstWebSignInWay *way,
                     GCancellable *cancellable,
                     GError **error)
{
  const char *const arguments[] = {way->by_code ? "device" : "sign-in", NULL};
  g_autoptr (EstSecret) input = write_input (account);
  Course course = {sign_in, way};
  const EstWebTask task = {.arguments = arguments,
                           .input = input,
                           .seconds = way->by_code ? CODE_SECONDS : BROWSER_SECONDS,
                           .on_record = on_record,
                           .data = &course};
  sign_in->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return est_web_helper_run (&task, cancellable, error);
}
