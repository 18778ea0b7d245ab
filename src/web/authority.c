/* Who we are is said in the form itself, as a public client has to (RFC 6749 3.2.1), and
   the "secret" that some providers give to programs on a desktop as well. */
#include "web/authority.h"

#include "base/secret.h"
#include "web/candidate.h"
#include "web/exchange.h"
#include "web/failure.h"
#include "web/form.h"

static const struct
{
  const char *key;
  gsize field;
  gboolean is_page;
} keys[] = {
  {"issuer",        G_STRUCT_OFFSET (EstAuthority, issuer),        TRUE },
  {"authorize",     G_STRUCT_OFFSET (EstAuthority, authorize),     TRUE },
  {"token",         G_STRUCT_OFFSET (EstAuthority, token),         TRUE },
  {"device",        G_STRUCT_OFFSET (EstAuthority, device),        TRUE },
  {"register",      G_STRUCT_OFFSET (EstAuthority, registration),  TRUE },
  {"client",        G_STRUCT_OFFSET (EstAuthority, client),        FALSE},
  {"client-secret", G_STRUCT_OFFSET (EstAuthority, client_secret), FALSE},
  {"scope",         G_STRUCT_OFFSET (EstAuthority, scope),         FALSE},
  {"ca-file",       G_STRUCT_OFFSET (EstAuthority, ca_file),       FALSE},
};

static guint
read_seconds (GHashTable *input)
{
  guint64 seconds;
  const char *text = est_exchange_get (input, "seconds");
  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, 30, &seconds, NULL))
    return (guint) seconds;
  return EST_AUTHORITY_SECONDS;
}

EstAuthority *
est_authority_new (GHashTable *input, GError **error)
{
  g_autoptr (EstAuthority) authority = g_new0 (EstAuthority, 1);
  authority->seconds = read_seconds (input);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = est_exchange_get (input, keys[i].key);
      if (value != NULL && keys[i].is_page && !est_candidate_is_page (value))
        {
          g_set_error (error, EST_FAILURE, EST_FAILURE_ANSWER, "%s: no https address",
                       keys[i].key);
          return NULL;
        }
      G_STRUCT_MEMBER (char *, authority, keys[i].field) = g_strdup (value);
    }
  return g_steal_pointer (&authority);
}

void
est_authority_free (EstAuthority *authority)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    est_secret_free_text (G_STRUCT_MEMBER (char *, authority, keys[i].field));
  g_free (authority);
}

gboolean
est_authority_post (const EstAuthority *authority,
                    const char *url,
                    GString *form,
                    EstAnswer *answer,
                    GError **error)
{
  GError *cause = NULL;
  est_form_add (form, "client_id", authority->client);
  est_form_add (form, "client_secret", authority->client_secret);
  const EstRequest request = {
    .url = url,
    .form = form->str,
    .ca_file = authority->ca_file,
    .seconds = authority->seconds,
    .limit = EST_AUTHORITY_LIMIT,
  };
  return est_fetch (&request, answer, &cause) || est_failure_set_fetch (error, cause);
}
