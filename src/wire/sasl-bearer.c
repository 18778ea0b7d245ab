/* OAUTHBEARER (RFC 7628) and XOAUTH2, its ancestor of Google and Microsoft: one message
   with the token. GNU SASL has neither. A server that does not take the token says why in
   a challenge, as JSON; nothing in it is ours to decide by, so that it is acknowledged
   and the 5xx awaited. */
#include "base/secret.h"
#include "wire/sasl-kind.h"

#include <string.h>

#define SEPARATOR "\001"

typedef struct
{
  gboolean standard; /* RFC 7628, or the ancestor */
  char *head;        /* what stands before the token */
  EstSecret *token;
  guint steps;
} Exchange;

/* "host" and "port" let a token be good for one server only (RFC 7628 3.1). */
static char *
make_head (const EstSaslSelf *self, gboolean standard)
{
  if (!standard)
    return g_strdup_printf ("user=%s" SEPARATOR "auth=Bearer ", self->user);
  g_autofree char *user = est_sasl_escape_name (self->user);
  return g_strdup_printf ("n,a=%s," SEPARATOR "host=%s" SEPARATOR "port=%u" SEPARATOR
                          "auth=Bearer ",
                          user, self->host, self->port);
}

/* Neither may hold what would end it before its end. */
static gboolean
is_clean (const EstSaslSelf *self)
{
  for (const char *c = self->user; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  for (const char *c = est_secret_peek (self->secret); *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return TRUE;
}

static gpointer
begin (const char *mechanism, const EstSaslSelf *self, GError **error)
{
  if (!is_clean (self))
    {
      g_set_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE,
                   "cannot sign in by %s: user name or token hold what neither can",
                   mechanism);
      return NULL;
    }
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->standard = strcmp (mechanism, "OAUTHBEARER") == 0;
  exchange->head = make_head (self, exchange->standard);
  exchange->token = est_secret_ref (self->secret);
  return exchange;
}

static void
end (gpointer data)
{
  Exchange *exchange = data;
  est_secret_unref (exchange->token);
  g_free (exchange->head);
  g_free (exchange);
}

static gboolean
step (
  gpointer data, const char *challenge, gsize length, EstSaslTurn *turn, GError **error)
{
  Exchange *exchange = data;
  switch (exchange->steps++)
    {
    case 0:
      turn->response = g_strconcat (exchange->head, est_secret_peek (exchange->token),
                                    SEPARATOR SEPARATOR, NULL);
      turn->complete = TRUE;
      break;
    case 1: /* RFC 7628 3.2.3; the ancestor wants an empty line */
      turn->response = g_strdup (exchange->standard ? SEPARATOR : "");
      break;
    default:
      g_set_error_literal (error, EST_SASL_ERROR, EST_SASL_ERROR_MALFORMED,
                           "the server goes on asking after it did not take the token");
      return FALSE;
    }
  turn->length = strlen (turn->response);
  return TRUE;
}

const EstSaslKind est_sasl_by_bearer = {begin, step, end};
