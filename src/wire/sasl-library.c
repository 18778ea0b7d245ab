/* The mechanisms that GNU SASL does for us. */
#include "base/secret.h"
#include "wire/sasl-kind.h"

#include <gsasl.h>
#include <string.h>

typedef struct
{
  const char *mechanism; /* static */
  Gsasl *library;
  Gsasl_session *session;
  char *user; /* NULL: see EstSaslSelf */
  char *host;
  EstSecret *secret; /* NULL: none */
  gboolean began;
  gboolean over;
} Exchange;

static gboolean
is (const Exchange *exchange, const char *mechanism)
{
  return strcmp (exchange->mechanism, mechanism) == 0;
}

/* No AUTHZID but for EXTERNAL, whose only word it is: an empty one is not the same as
   none, and nobody signs in for somebody else. */
static const char *
find_property (const Exchange *exchange, Gsasl_property property)
{
  switch (property)
    {
    case GSASL_AUTHID:
      return exchange->user;
    case GSASL_AUTHZID:
      return is (exchange, "EXTERNAL") ? exchange->user : NULL;
    case GSASL_PASSWORD:
      return exchange->secret != NULL ? est_secret_peek (exchange->secret) : NULL;
    case GSASL_SERVICE:
      return "smtp"; /* RFC 4954 4 */
    case GSASL_HOSTNAME:
      return exchange->host;
    default:
      return NULL;
    }
}

static int
on_property (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  const char *value = find_property (gsasl_session_hook_get (session), property);
  return value != NULL ? gsasl_property_set (session, property, value)
                       : GSASL_NO_CALLBACK;
}

/* The library frees what it copied without wiping. */
static void
end (gpointer data)
{
  Exchange *exchange = data;
  if (exchange->session != NULL)
    {
      char *copy = (char *) gsasl_property_fast (exchange->session, GSASL_PASSWORD);
      if (copy != NULL)
        est_secret_wipe (copy, strlen (copy));
      gsasl_finish (exchange->session);
    }
  if (exchange->library != NULL)
    gsasl_done (exchange->library);
  est_secret_unref (exchange->secret);
  g_free (exchange->user);
  g_free (exchange->host);
  g_free (exchange);
}

static gpointer
begin (const char *mechanism, const EstSaslSelf *self, GError **error)
{
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->mechanism = g_intern_string (mechanism);
  exchange->user = g_strdup (self->user);
  exchange->host = g_strdup (self->host);
  exchange->secret = self->secret != NULL ? est_secret_ref (self->secret) : NULL;
  int code = gsasl_init (&exchange->library);
  if (code == GSASL_OK)
    code = gsasl_client_start (exchange->library, mechanism, &exchange->session);
  if (code == GSASL_OK)
    {
      gsasl_callback_set (exchange->library, on_property);
      gsasl_session_hook_set (exchange->session, exchange);
      return exchange;
    }
  g_set_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE, "cannot sign in by %s: %s",
               mechanism, gsasl_strerror (code));
  end (exchange);
  return NULL;
}

/* Kerberos fails before a word was said where there is no ticket, or none to be had for
   this server; later it is the server that could not prove itself (RFC 4752 3.1). */
static EstSaslError
judge (const Exchange *exchange, int code)
{
  if (code != GSASL_GSSAPI_INIT_SEC_CONTEXT_ERROR)
    return is (exchange, "GSSAPI") && !exchange->began ? EST_SASL_ERROR_UNUSABLE
                                                       : EST_SASL_ERROR_MALFORMED;
  return exchange->began ? EST_SASL_ERROR_IMPOSTOR : EST_SASL_ERROR_NO_TICKET;
}

/* The library's octets come from its own allocator. */
static void
take_over (char *octets, gsize length, EstSaslTurn *turn)
{
  turn->response = g_malloc (length + 1);
  if (length > 0)
    memcpy (turn->response, octets, length);
  turn->length = length;
  if (octets != NULL)
    est_secret_wipe (octets, length);
  gsasl_free (octets);
}

/* Some mechanisms of the library would say the password once more. */
static gboolean
step (
  gpointer data, const char *challenge, gsize length, EstSaslTurn *turn, GError **error)
{
  Exchange *exchange = data;
  char *octets = NULL;
  gsize n_octets = 0;
  int code = exchange->over
               ? GSASL_MECHANISM_CALLED_TOO_MANY_TIMES
               : gsasl_step (exchange->session, challenge, length, &octets, &n_octets);
  if (code != GSASL_OK && code != GSASL_NEEDS_MORE)
    {
      g_set_error (error, EST_SASL_ERROR, (int) judge (exchange, code), "%s failed: %s",
                   exchange->mechanism, gsasl_strerror (code));
      return FALSE;
    }
  take_over (octets, n_octets, turn);
  exchange->began = TRUE;
  exchange->over = turn->complete = code == GSASL_OK;
  return TRUE;
}

const EstSaslKind est_sasl_by_library = {begin, step, end};
