/* Our own order of mechanisms and our own distrust, whoever does the mechanism. */
#include "wire/sasl.h"

#include "wire/sasl-kind.h"

#include <gio/gio.h>
#include <gsasl.h>
#include <string.h>

G_DEFINE_QUARK (est_sasl_error, est_sasl_error)

typedef struct
{
  const char *name;
  const EstSaslKind *kind;
  EstSaslMeans needs;
  gboolean automatic;    /* taken without being asked for */
  gboolean client_first; /* has an initial response */
} Mechanism;

/* The best first. Never the server's raw list to the library: it would take NTLM. GSSAPI
   only if asked for: whoever has a ticket for one thing need not want to show it here. */
static const Mechanism mechanisms[] = {
  {"EXTERNAL",           &est_sasl_by_library, EST_SASL_CERTIFICATE,                 TRUE,  TRUE },
  {"OAUTHBEARER",        &est_sasl_by_bearer,  EST_SASL_TOKEN,                       TRUE,  TRUE },
  {"XOAUTH2",            &est_sasl_by_bearer,  EST_SASL_TOKEN,                       TRUE,  TRUE },
  {"SCRAM-SHA-256-PLUS", &est_sasl_by_scram,   EST_SASL_PASSWORD | EST_SASL_BINDING, TRUE,
   TRUE                                                                                          },
  {"SCRAM-SHA-1-PLUS",   &est_sasl_by_scram,   EST_SASL_PASSWORD | EST_SASL_BINDING, TRUE,
   TRUE                                                                                          },
  {"SCRAM-SHA-256",      &est_sasl_by_scram,   EST_SASL_PASSWORD,                    TRUE,  TRUE },
  {"SCRAM-SHA-1",        &est_sasl_by_scram,   EST_SASL_PASSWORD,                    TRUE,  TRUE },
  {"PLAIN",              &est_sasl_by_library, EST_SASL_PASSWORD,                    TRUE,  TRUE },
  {"LOGIN",              &est_sasl_by_library, EST_SASL_PASSWORD,                    TRUE,  FALSE},
  {"CRAM-MD5",           &est_sasl_by_library, EST_SASL_PASSWORD,                    FALSE, FALSE},
  {"GSSAPI",             &est_sasl_by_library, 0,                                    FALSE, TRUE },
};

struct EstSasl
{
  const Mechanism *mechanism;
  gpointer exchange; /* the kind's */
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
est_sasl_choose (const char *const *offered, const char *wanted, EstSaslMeans means)
{
  gboolean automatic = strcmp (wanted, "auto") == 0;
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      const Mechanism *each = &mechanisms[i];
      gboolean allowed = automatic ? each->automatic : strcmp (each->name, wanted) == 0;
      if (allowed && (each->needs & ~means) == 0 && g_strv_contains (offered, each->name))
        return each->name;
    }
  return NULL;
}

gboolean
est_sasl_offers_binding (const char *const *offered)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if ((mechanisms[i].needs & EST_SASL_BINDING) != 0
        && g_strv_contains (offered, mechanisms[i].name))
      return TRUE;
  return FALSE;
}

EstSaslMeans
est_sasl_needs (const char *mechanism)
{
  return find_mechanism (mechanism)->needs;
}

EstSasl *
est_sasl_new (const char *mechanism, const EstSaslSelf *self, GError **error)
{
  g_autoptr (EstSasl) sasl = g_new0 (EstSasl, 1);
  sasl->mechanism = find_mechanism (mechanism);
  if (sasl->mechanism == NULL)
    {
      g_set_error (error, EST_SASL_ERROR, EST_SASL_ERROR_UNUSABLE,
                   "cannot sign in by %s: it is not known here", mechanism);
      return NULL;
    }
  sasl->exchange = sasl->mechanism->kind->begin (mechanism, self, error);
  return sasl->exchange != NULL ? g_steal_pointer (&sasl) : NULL;
}

void
est_sasl_free (EstSasl *sasl)
{
  if (sasl == NULL)
    return;
  if (sasl->exchange != NULL)
    sasl->mechanism->kind->end (sasl->exchange);
  g_free (sasl);
}

char *
est_sasl_escape_name (const char *name)
{
  g_autoptr (GString) escaped = g_string_new (name);
  g_string_replace (escaped, "=", "=3D", 0);
  g_string_replace (escaped, ",", "=2C", 0);
  return g_string_free (g_steal_pointer (&escaped), FALSE);
}

/* GLib's own reader takes anything for base64. */
static char *
decode (EstSasl *sasl, const char *challenge, gsize *length, GError **error)
{
  char *octets = NULL;
  if (gsasl_base64_from (challenge, strlen (challenge), &octets, length) != GSASL_OK)
    {
      g_set_error (error, EST_SASL_ERROR, EST_SASL_ERROR_MALFORMED,
                   "%s failed: what the server says is no base64", sasl->mechanism->name);
      return NULL;
    }
  char *text = g_malloc (*length + 1);
  if (*length > 0)
    memcpy (text, octets, *length);
  text[*length] = '\0';
  gsasl_free (octets);
  return text;
}

static gboolean
take_turn (EstSasl *sasl, const char *text, gsize length, char **response, GError **error)
{
  EstSaslTurn turn = {0};
  gboolean good
    = sasl->mechanism->kind->step (sasl->exchange, text, length, &turn, error);
  sasl->complete = good && turn.complete;
  if (good)
    *response = g_base64_encode ((const guchar *) turn.response, turn.length);
  if (turn.response != NULL)
    est_secret_wipe (turn.response, turn.length);
  g_free (turn.response);
  return good;
}

gboolean
est_sasl_step (EstSasl *sasl, const char *challenge, char **response, GError **error)
{
  *response = NULL;
  if (challenge == NULL)
    return !sasl->mechanism->client_first || take_turn (sasl, NULL, 0, response, error);
  gsize length;
  g_autofree char *text = decode (sasl, challenge, &length, error);
  return text != NULL && take_turn (sasl, text, length, response, error);
}

gboolean
est_sasl_is_complete (EstSasl *sasl)
{
  return sasl->complete;
}
