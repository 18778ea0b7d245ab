/* GNU SASL as a server, for three mechanisms. */
#include "wire/sasl-server.h"

#include "base/secret.h"

#include <gsasl.h>
#include <string.h>

typedef struct
{
  const char *name;
  gboolean server_first; /* whatever the client says first answers a challenge */
  gboolean may_bind;     /* the client says whether it binds the channel */
} Mechanism;

static const Mechanism mechanisms[] = {
  {"SCRAM-SHA-256", FALSE, TRUE },
  {"PLAIN",         FALSE, FALSE},
  {"LOGIN",         TRUE,  FALSE},
};

struct EstSaslServer
{
  const Mechanism *mechanism;
  EstSaslJudge judge;
  Gsasl *library;
  Gsasl_session *session;
  gboolean begun;
  gboolean unknown; /* nobody of that name signs in so */
};

/* RFC 4616 2: who signs in as itself may say so; nobody signs in for somebody else. */
static gboolean
speaks_for_itself (Gsasl_session *session, const char *user)
{
  const char *other = gsasl_property_fast (session, GSASL_AUTHZID);
  return other == NULL || *other == '\0' || strcmp (other, user) == 0;
}

static int
validate (EstSaslServer *server)
{
  const char *user = gsasl_property_fast (server->session, GSASL_AUTHID);
  const char *password = gsasl_property_fast (server->session, GSASL_PASSWORD);
  if (user == NULL || password == NULL || !speaks_for_itself (server->session, user)
      || !server->judge.admits (server->judge.data, user, password))
    return GSASL_AUTHENTICATION_ERROR;
  return GSASL_OK;
}

static int
provide (EstSaslServer *server)
{
  EstSaslKeys keys;
  Gsasl_session *session = server->session;
  const char *user = gsasl_property_fast (session, GSASL_AUTHID);
  if (user == NULL || !speaks_for_itself (session, user)
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
  EstSaslServer *server = gsasl_session_hook_get (session);
  switch (property)
    {
    case GSASL_VALIDATE_SIMPLE:
      return validate (server);
    case GSASL_SCRAM_SALT:
    case GSASL_SCRAM_ITER:
    case GSASL_SCRAM_STOREDKEY:
    case GSASL_SCRAM_SERVERKEY:
      return provide (server);
    default:
      return GSASL_NO_CALLBACK;
    }
}

static const Mechanism *
find_mechanism (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (strcmp (mechanisms[i].name, name) == 0)
      return &mechanisms[i];
  return NULL;
}

static gboolean
start (EstSaslServer *server)
{
  return server->mechanism != NULL && gsasl_init (&server->library) == GSASL_OK
         && gsasl_server_start (server->library, server->mechanism->name,
                                &server->session)
              == GSASL_OK;
}

EstSaslServer *
est_sasl_server_new (const char *mechanism, const EstSaslJudge *judge)
{
  g_autoptr (EstSaslServer) server = g_new0 (EstSaslServer, 1);
  server->mechanism = find_mechanism (mechanism);
  server->judge = *judge;
  if (!start (server))
    return NULL;
  gsasl_callback_set (server->library, on_property);
  gsasl_session_hook_set (server->session, server);
  return g_steal_pointer (&server);
}

/* The library frees what it copied without wiping. */
static void
wipe_password (Gsasl_session *session)
{
  char *copy = (char *) gsasl_property_fast (session, GSASL_PASSWORD);
  if (copy != NULL)
    est_secret_wipe (copy, strlen (copy));
}

void
est_sasl_server_free (EstSaslServer *server)
{
  if (server == NULL)
    return;
  if (server->session != NULL)
    {
      wipe_password (server->session);
      gsasl_finish (server->session);
    }
  if (server->library != NULL)
    gsasl_done (server->library);
  g_free (server);
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
ask_library (EstSaslServer *server, const char *response, char **challenge)
{
  char *text = NULL;
  int code = gsasl_step64 (server->session, response, &text);
  *challenge = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  gsasl_free (text);
  return server->unknown ? EST_SASL_REFUSED : judge_code (code);
}

/* RFC 5802 6: a client that binds what cannot be bound here ("p=...") must fail; the
   library lets it go on. */
static gboolean
binds_channel (const EstSaslServer *server, const char *response)
{
  gsize length;
  if (!server->mechanism->may_bind || response == NULL)
    return FALSE;
  g_autofree guchar *octets = g_base64_decode (response, &length);
  return length > 0 && *octets == 'p';
}

/* A client that cannot wait for LOGIN's first question answers it beforehand. */
EstSaslVerdict
est_sasl_server_step (EstSaslServer *server, const char *response, char **challenge)
{
  *challenge = NULL;
  if (binds_channel (server, response))
    return EST_SASL_REFUSED;
  if (!server->begun && server->mechanism->server_first && response != NULL)
    {
      g_autofree char *question = NULL;
      ask_library (server, NULL, &question);
    }
  server->begun = TRUE;
  return ask_library (server, response, challenge);
}
