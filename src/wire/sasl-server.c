/* GNU SASL does SCRAM. PLAIN (RFC 4616) and LOGIN are two words and done here: the
   library refuses passwords that are empty or not UTF-8, and clients that need none are
   to be served whatever they say. What is admitted by its password is plain ASCII anyhow,
   so that nothing has to be prepared (RFC 4013). */
#include "wire/sasl-server.h"

#include "base/secret.h"

#include <gsasl.h>
#include <string.h>

/* "Username:" and "Password:", which some clients look for. */
#define ASK_USER     "VXNlcm5hbWU6"
#define ASK_PASSWORD "UGFzc3dvcmQ6"

typedef struct
{
  const char *name;
  EstSaslVerdict (*step) (EstSaslServer *server, const char *response, char **challenge);
  gboolean library;
} Mechanism;

struct EstSaslServer
{
  const Mechanism *mechanism;
  EstSaslJudge judge;
  char *user;       /* LOGIN: said already, or NULL */
  gboolean unknown; /* SCRAM: nobody of that name signs in so */
  Gsasl *library;   /* SCRAM's, as the next */
  Gsasl_session *session;
};

/* @length octets and a NUL behind them; NULL: no base64. */
static char *
decode (const char *text, gsize *length)
{
  char *octets = NULL;
  if (gsasl_base64_from (text, strlen (text), &octets, length) != GSASL_OK)
    return NULL;
  char *copy = g_malloc (*length + 1);
  memcpy (copy, octets, *length);
  copy[*length] = '\0';
  est_secret_wipe (octets, *length);
  gsasl_free (octets);
  return copy;
}

/* RFC 4616 2: who signs in as itself may say so; nobody signs in for somebody else. */
static gboolean
speaks_for_itself (const char *other, const char *user)
{
  return other == NULL || *other == '\0' || strcmp (other, user) == 0;
}

static EstSaslVerdict
judge_password (EstSaslServer *server, const char *user, const char *password)
{
  gboolean good = server->judge.admits (server->judge.data, user, password);
  return good ? EST_SASL_ADMITTED : EST_SASL_REFUSED;
}

/* "OTHER\0USER\0PASSWORD" */
static EstSaslVerdict
judge_plain (EstSaslServer *server, const char *message, gsize length)
{
  const char *end = message + length;
  const char *user = message + strlen (message) + 1;
  const char *password = user < end ? user + strlen (user) + 1 : end + 1;
  if (password > end || password + strlen (password) != end)
    return EST_SASL_MALFORMED;
  if (!speaks_for_itself (message, user))
    return EST_SASL_REFUSED;
  return judge_password (server, user, password);
}

static EstSaslVerdict
step_plain (EstSaslServer *server, const char *response, char **challenge)
{
  gsize length;
  if (response == NULL)
    return EST_SASL_GOES_ON;
  char *message = decode (response, &length);
  if (message == NULL)
    return EST_SASL_MALFORMED;
  EstSaslVerdict verdict = judge_plain (server, message, length);
  est_secret_wipe (message, length);
  g_free (message);
  return verdict;
}

static EstSaslVerdict
ask (char **challenge, const char *question)
{
  *challenge = g_strdup (question);
  return EST_SASL_GOES_ON;
}

/* A client that cannot wait for the first question answers it beforehand. */
static EstSaslVerdict
step_login (EstSaslServer *server, const char *response, char **challenge)
{
  gsize length;
  if (response == NULL)
    return ask (challenge, ASK_USER);
  char *word = decode (response, &length);
  if (word == NULL || strlen (word) != length)
    {
      g_free (word);
      return EST_SASL_MALFORMED;
    }
  if (server->user == NULL)
    {
      server->user = word;
      return ask (challenge, ASK_PASSWORD);
    }
  EstSaslVerdict verdict = judge_password (server, server->user, word);
  est_secret_wipe (word, length);
  g_free (word);
  return verdict;
}

static int
provide (EstSaslServer *server)
{
  EstSaslKeys keys;
  Gsasl_session *session = server->session;
  const char *user = gsasl_property_fast (session, GSASL_AUTHID);
  const char *other = gsasl_property_fast (session, GSASL_AUTHZID);
  if (user == NULL || !speaks_for_itself (other, user)
      || !server->judge.find_keys (server->judge.data, user, &keys))
    {
      server->unknown = TRUE;
      return GSASL_AUTHENTICATION_ERROR;
    }
  g_autofree char *rounds = g_strdup_printf ("%u", keys.rounds);
  gsasl_property_set (session, GSASL_SCRAM_SALT, keys.salt);
  gsasl_property_set (session, GSASL_SCRAM_ITER, rounds);
  gsasl_property_set (session, GSASL_SCRAM_STOREDKEY, keys.stored_key);
  gsasl_property_set (session, GSASL_SCRAM_SERVERKEY, keys.server_key);
  return GSASL_OK;
}

/* Never a channel binding (GSASL_CB_*): that is for -PLUS, which is not offered. */
static int
on_property (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  switch (property)
    {
    case GSASL_SCRAM_SALT:
    case GSASL_SCRAM_ITER:
    case GSASL_SCRAM_STOREDKEY:
    case GSASL_SCRAM_SERVERKEY:
      return provide (gsasl_session_hook_get (session));
    default:
      return GSASL_NO_CALLBACK;
    }
}

/* RFC 5802 6: a client that binds what cannot be bound here ("p=...") must fail; the
   library lets it go on. */
static gboolean
binds_channel (const char *response)
{
  gsize length;
  g_autofree char *message = response != NULL ? decode (response, &length) : NULL;
  return message != NULL && *message == 'p';
}

static EstSaslVerdict
judge_code (int code)
{
  switch (code)
    {
    case GSASL_OK:
      return EST_SASL_ADMITTED;
    case GSASL_NEEDS_MORE:
      return EST_SASL_GOES_ON;
    case GSASL_BASE64_ERROR:
    case GSASL_MECHANISM_PARSE_ERROR:
      return EST_SASL_MALFORMED;
    default:
      return EST_SASL_REFUSED;
    }
}

/* The library goes on with a salt of its own for whom nobody knows. */
static EstSaslVerdict
step_scram (EstSaslServer *server, const char *response, char **challenge)
{
  char *text = NULL;
  if (binds_channel (response))
    return EST_SASL_REFUSED;
  int code = gsasl_step64 (server->session, response, &text);
  if (text != NULL && *text != '\0')
    *challenge = g_strdup (text);
  gsasl_free (text);
  return server->unknown ? EST_SASL_REFUSED : judge_code (code);
}

static const Mechanism mechanisms[] = {
  {"SCRAM-SHA-256", step_scram, TRUE },
  {"PLAIN",         step_plain, FALSE},
  {"LOGIN",         step_login, FALSE},
};

static const Mechanism *
find_mechanism (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (strcmp (mechanisms[i].name, name) == 0)
      return &mechanisms[i];
  return NULL;
}

static gboolean
start_library (EstSaslServer *server)
{
  if (gsasl_init (&server->library) != GSASL_OK
      || gsasl_server_start (server->library, server->mechanism->name, &server->session)
           != GSASL_OK)
    return FALSE;
  gsasl_callback_set (server->library, on_property);
  gsasl_session_hook_set (server->session, server);
  return TRUE;
}

EstSaslServer *
est_sasl_server_new (const char *mechanism, const EstSaslJudge *judge)
{
  g_autoptr (EstSaslServer) server = g_new0 (EstSaslServer, 1);
  server->mechanism = find_mechanism (mechanism);
  server->judge = *judge;
  if (server->mechanism == NULL
      || (server->mechanism->library && !start_library (server)))
    return NULL;
  return g_steal_pointer (&server);
}

void
est_sasl_server_free (EstSaslServer *server)
{
  if (server == NULL)
    return;
  if (server->session != NULL)
    gsasl_finish (server->session);
  if (server->library != NULL)
    gsasl_done (server->library);
  g_free (server->user);
  g_free (server);
}

EstSaslVerdict
est_sasl_server_step (EstSaslServer *server, const char *response, char **challenge)
{
  *challenge = NULL;
  return server->mechanism->step (server, response, challenge);
}
