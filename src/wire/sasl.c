/* GNU SASL as a client, with our own order of mechanisms and our own distrust. */
#include "wire/sasl.h"

#include "base/secret.h"

#include <gio/gio.h>
#include <gsasl.h>
#include <string.h>

#define FEWEST_ROUNDS 4096
#define MOST_ROUNDS   10000000

typedef struct
{
  const char *name;
  gboolean automatic;    /* taken without being asked for */
  gboolean client_first; /* has an initial response */
  gboolean rounds;       /* the server says how often to hash */
} Mechanism;

/* The best first. Never the server's raw list to the library: it would take NTLM. */
static const Mechanism mechanisms[] = {
  {"SCRAM-SHA-256", TRUE,  TRUE,  TRUE },
  {"SCRAM-SHA-1",   TRUE,  TRUE,  TRUE },
  {"PLAIN",         TRUE,  TRUE,  FALSE},
  {"LOGIN",         TRUE,  FALSE, FALSE},
  {"CRAM-MD5",      FALSE, FALSE, FALSE},
};

struct EstSasl
{
  const Mechanism *mechanism;
  Gsasl *library;
  Gsasl_session *session;
  char *user;
  EstSecret *password;
  gboolean complete;
};

static const Mechanism *
find_mechanism (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (strcmp (mechanisms[i].name, name) == 0)
      return &mechanisms[i];
  return NULL;
}

const char *
est_sasl_choose (const char *const *offered, const char *wanted)
{
  gboolean automatic = strcmp (wanted, "auto") == 0;
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      const Mechanism *each = &mechanisms[i];
      gboolean allowed = automatic ? each->automatic : strcmp (each->name, wanted) == 0;
      if (allowed && g_strv_contains (offered, each->name))
        return each->name;
    }
  return NULL;
}

/* No AUTHZID: an empty one is not the same as none. */
static int
on_property (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  EstSasl *sasl = gsasl_session_hook_get (session);
  if (property == GSASL_AUTHID)
    return gsasl_property_set (session, property, sasl->user);
  if (property == GSASL_PASSWORD)
    return gsasl_property_set (session, property, est_secret_peek (sasl->password));
  return GSASL_NO_CALLBACK;
}

static gboolean
start (EstSasl *sasl, const char *name, GError **error)
{
  int code
    = sasl->mechanism != NULL ? gsasl_init (&sasl->library) : GSASL_UNKNOWN_MECHANISM;
  if (code == GSASL_OK)
    code = gsasl_client_start (sasl->library, name, &sasl->session);
  if (code == GSASL_OK)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "cannot sign in by %s: %s",
               name, gsasl_strerror (code));
  return FALSE;
}

EstSasl *
est_sasl_new (const char *mechanism,
              const char *user,
              const char *password,
              GError **error)
{
  g_autoptr (EstSasl) sasl = g_new0 (EstSasl, 1);
  sasl->mechanism = find_mechanism (mechanism);
  sasl->user = g_strdup (user);
  sasl->password = est_secret_new (password, -1);
  if (!start (sasl, mechanism, error))
    return NULL;
  gsasl_callback_set (sasl->library, on_property);
  gsasl_session_hook_set (sasl->session, sasl);
  return g_steal_pointer (&sasl);
}

/* The library frees what it copied without wiping. */
static void
wipe_property (Gsasl_session *session, Gsasl_property property)
{
  char *copy = (char *) gsasl_property_fast (session, property);
  if (copy != NULL)
    est_secret_wipe (copy, strlen (copy));
}

void
est_sasl_free (EstSasl *sasl)
{
  if (sasl == NULL)
    return;
  if (sasl->session != NULL)
    {
      wipe_property (sasl->session, GSASL_PASSWORD);
      wipe_property (sasl->session, GSASL_SCRAM_SALTED_PASSWORD);
      gsasl_finish (sasl->session);
    }
  if (sasl->library != NULL)
    gsasl_done (sasl->library);
  est_secret_unref (sasl->password);
  g_free (sasl->user);
  g_free (sasl);
}

/* The attribute "i=" of a server-first message (RFC 5802 5.1); others have none. */
static gboolean
find_rounds (const char *challenge, guint64 *rounds)
{
  gsize length;
  g_autofree guchar *message = g_base64_decode (challenge, &length);
  g_autofree char *text = g_strndup ((const char *) message, length);
  g_auto (GStrv) attributes = g_strsplit (text, ",", -1);
  for (gsize i = 0; attributes[i] != NULL; i++)
    if (g_str_has_prefix (attributes[i], "i="))
      {
        *rounds = g_ascii_strtoull (attributes[i] + 2, NULL, 10);
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_bearable (EstSasl *sasl, const char *challenge, GError **error)
{
  guint64 rounds;
  if (!sasl->mechanism->rounds || challenge == NULL || !find_rounds (challenge, &rounds)
      || (rounds >= FEWEST_ROUNDS && rounds <= MOST_ROUNDS))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "the server asks for %" G_GUINT64_FORMAT " rounds of hashing", rounds);
  return FALSE;
}

/* The library's strings come from its own allocator. */
static char *
take_over (char *text)
{
  char *copy = g_strdup (text);
  if (text != NULL)
    est_secret_wipe (text, strlen (text));
  gsasl_free (text);
  return copy;
}

/* Some mechanisms of the library would say the password once more. */
static int
ask_library (EstSasl *sasl, const char *challenge, char **response)
{
  char *text = NULL;
  int code = sasl->complete ? GSASL_MECHANISM_CALLED_TOO_MANY_TIMES
                            : gsasl_step64 (sasl->session, challenge, &text);
  sasl->complete = code == GSASL_OK;
  *response = take_over (text);
  return code;
}

gboolean
est_sasl_step (EstSasl *sasl, const char *challenge, char **response, GError **error)
{
  *response = NULL;
  if (challenge == NULL && !sasl->mechanism->client_first)
    return TRUE;
  if (!is_bearable (sasl, challenge, error))
    return FALSE;

  int code = ask_library (sasl, challenge, response);
  if (code == GSASL_OK || code == GSASL_NEEDS_MORE)
    return TRUE;
  g_clear_pointer (response, g_free);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s failed: %s",
               sasl->mechanism->name, gsasl_strerror (code));
  return FALSE;
}

gboolean
est_sasl_is_complete (EstSasl *sasl)
{
  return sasl->complete;
}
