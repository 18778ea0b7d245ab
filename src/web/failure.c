#include "web/failure.h"

#include <gio/gio.h>

G_DEFINE_QUARK (est - failure, est_failure)

const char *
est_failure_nick (const GError *error)
{
  static const char *const nicks[] = {
    [EST_FAILURE_DENIED] = "denied",
    [EST_FAILURE_EXPIRED] = "expired",
    [EST_FAILURE_INVALID_GRANT] = "invalid-grant",
    [EST_FAILURE_CLIENT] = "client",
    [EST_FAILURE_CLIENT_MISSING] = "client-missing",
    [EST_FAILURE_UNREACHABLE] = "unreachable",
    [EST_FAILURE_SERVER] = "server",
    [EST_FAILURE_ANSWER] = "answer",
    [EST_FAILURE_NO_REFRESH] = "no-refresh",
    [EST_FAILURE_REFUSED] = "refused",
    [EST_FAILURE_PENDING] = "answer", /* where nobody was to be waited for */
    [EST_FAILURE_SLOW_DOWN] = "answer",
  };
  return nicks[error->code];
}

static const struct
{
  const char *code;
  EstFailure failure;
} codes[] = {
  {"access_denied",           EST_FAILURE_DENIED       },
  {"expired_token",           EST_FAILURE_EXPIRED      },
  {"invalid_grant",           EST_FAILURE_INVALID_GRANT},
  {"invalid_client",          EST_FAILURE_CLIENT       },
  {"unauthorized_client",     EST_FAILURE_CLIENT       },
  {"invalid_redirect_uri",    EST_FAILURE_CLIENT       }, /* RFC 7591 3.2.2 */
  {"invalid_client_metadata", EST_FAILURE_CLIENT       },
  {"server_error",            EST_FAILURE_SERVER       },
  {"temporarily_unavailable", EST_FAILURE_SERVER       },
  {"authorization_pending",   EST_FAILURE_PENDING      },
  {"slow_down",               EST_FAILURE_SLOW_DOWN    },
};

gboolean
est_failure_set_code (GError **error, const char *code, const char *description)
{
  EstFailure failure = EST_FAILURE_REFUSED;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (code, codes[i].code))
      failure = codes[i].failure;
  if (description != NULL)
    g_set_error (error, EST_FAILURE, (int) failure, "%s: %s", code, description);
  else
    g_set_error_literal (error, EST_FAILURE, (int) failure, code);
  return FALSE;
}

gboolean
est_failure_set_fetch (GError **error, GError *cause)
{
  gboolean nonsense = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_set_error_literal (error, EST_FAILURE,
                       nonsense ? EST_FAILURE_ANSWER : EST_FAILURE_UNREACHABLE,
                       cause->message);
  g_error_free (cause);
  return FALSE;
}
