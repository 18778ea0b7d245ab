/* GMarkup knows no entities but XML's own five, so that none can grow; what is left to
   bound is depth, number and length. */
#include "web/autoconfig.h"

#include "mail/address.h"

#include <string.h>

#define DEEPEST      16
#define MOST_SERVERS 16
#define TEXT_LIMIT   2048 /* octets of one element's text */

typedef enum
{
  WAY_PASSWORD = 1 << 0,
  WAY_OAUTH = 1 << 1,
  WAY_TICKET = 1 << 2,
  WAY_OPEN = 1 << 3,
} Ways;

typedef struct
{
  const char *address;
  GPtrArray *servers;
  EstCandidate *server; /* under way; NULL: not within one */
  gboolean bad;         /* it cannot be used */
  Ways ways;            /* to sign in there */
  guint depth;
  gboolean in_oauth;
  EstCandidate *oauth; /* only its fields about OAuth2 */
  GString *text;       /* of the element under way */
} Reading;

/* "%EMAILLOCALPART%" and its like; others stay, and no server has such a name. */
static char *
fill_in (const char *text, const char *address)
{
  const char *domain = est_address_domain (address);
  g_autofree char *local = g_strndup (address, (gsize) (domain - 1 - address));
  const char *const pairs[][2] = {
    {"%EMAILADDRESS%",   address},
    {"%EMAILLOCALPART%", local  },
    {"%EMAILDOMAIN%",    domain },
  };
  GString *filled = g_string_new (text);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (filled, pairs[i][0], pairs[i][1], 8);
  return g_string_free (filled, FALSE);
}

static Ways
read_way (const char *name)
{
  static const struct
  {
    const char *name;
    Ways way;
  } known[] = {
    {"password-cleartext", WAY_PASSWORD},
    {"password-encrypted", WAY_PASSWORD},
    {"plain",              WAY_PASSWORD}, /* what older files call them */
    {"secure",             WAY_PASSWORD},
    {"OAuth2",             WAY_OAUTH   },
    {"OAuth",              WAY_OAUTH   },
    {"GSSAPI",             WAY_TICKET  },
    {"none",               WAY_OPEN    },
    {"client-IP-address",  WAY_OPEN    },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (name, known[i].name) == 0)
      return known[i].way;
  return 0;
}

/* A placeholder that is left over makes the name impossible or, in a user's name, not
   one to try. */
static gboolean
read_user (Reading *reading, const char *text)
{
  g_autofree char *user = fill_in (text, reading->address);
  return strstr (user, "%EMAIL") == NULL
         && est_candidate_set_user (reading->server, user);
}

static gboolean
read_host (Reading *reading, const char *text)
{
  g_autofree char *host = fill_in (text, reading->address);
  return est_candidate_set_host (reading->server, host);
}

static gboolean
read_port (Reading *reading, const char *text)
{
  return est_candidate_set_port (reading->server, text);
}

static gboolean
read_security (Reading *reading, const char *text)
{
  gboolean tls = g_ascii_strcasecmp (text, "SSL") == 0;
  reading->server->security = tls ? EST_SECURITY_TLS : EST_SECURITY_STARTTLS;
  return tls || g_ascii_strcasecmp (text, "STARTTLS") == 0;
}

static gboolean
read_authentication (Reading *reading, const char *text)
{
  reading->ways |= read_way (text);
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean (*read) (Reading *reading, const char *text); /* FALSE: not usable */
} elements[] = {
  {"hostname",       read_host          },
  {"port",           read_port          },
  {"socketType",     read_security      },
  {"username",       read_user          },
  {"authentication", read_authentication},
};

static void
read_server_element (Reading *reading, const char *name, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (name, elements[i].name) && !elements[i].read (reading, text))
      reading->bad = TRUE;
}

static void
take_page (char **field, const char *text)
{
  if (*field == NULL && est_candidate_is_page (text))
    *field = g_strdup (text);
}

/* RFC 6749 3.3 separates scopes by blanks; a file may break the line there as well. */
static void
take_scope (char **field, const char *text)
{
  g_autofree char *scope = g_strdelimit (g_strdup (text), "\t\r\n", ' ');
  if (*field == NULL && est_candidate_is_words (scope))
    *field = g_steal_pointer (&scope);
}

/* A bare host's name in what is published today. */
static void
take_issuer (char **field, const char *text)
{
  g_autofree char *issuer = strstr (text, "://") != NULL
                              ? g_strdup (text)
                              : g_strconcat ("https://", text, NULL);
  take_page (field, issuer);
}

static void
read_oauth_element (Reading *reading, const char *name, const char *text)
{
  EstCandidate *oauth = reading->oauth;
  if (g_str_equal (name, "authURL"))
    take_page (&oauth->authorize, text);
  else if (g_str_equal (name, "tokenURL"))
    take_page (&oauth->token, text);
  else if (g_str_equal (name, "scope"))
    take_scope (&oauth->scope, text);
  else if (g_str_equal (name, "issuer"))
    take_issuer (&oauth->issuer, text);
}

/* What asks for nothing, or for a ticket, is the last resort: a password that the
   provider would take as well works from everywhere. With a token the mechanism is the
   one that the server offers. */
static void
say_ways (EstCandidate *server, Ways ways)
{
  if ((ways & WAY_OAUTH) != 0)
    server->secret = (ways & WAY_PASSWORD) != 0 ? "oauth-or-app-password" : "oauth";
  else if ((ways & WAY_PASSWORD) == 0)
    {
      server->secret = "none";
      server->auth = (ways & WAY_TICKET) != 0 ? "GSSAPI" : "none";
    }
}

/* Draft, "outgoingServer": without a socketType it would be plain. */
static void
end_server (Reading *reading)
{
  g_autoptr (EstCandidate) server = g_steal_pointer (&reading->server);
  if (reading->bad || server->host == NULL || server->port == 0 || reading->ways == 0
      || server->security == EST_SECURITY_NONE)
    return;
  say_ways (server, reading->ways);
  g_ptr_array_add (reading->servers, g_steal_pointer (&server));
}

static gboolean
is_smtp (const char **names, const char **values)
{
  for (; *names != NULL; names++, values++)
    if (g_str_equal (*names, "type"))
      return g_ascii_strcasecmp (*values, "smtp") == 0;
  return FALSE;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, what);
  return FALSE;
}

static void
on_start (GMarkupParseContext *context,
          const char *name,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Reading *reading = data;
  g_string_truncate (reading->text, 0);
  if (++reading->depth > DEEPEST)
    refuse (error, "elements nest too deep");
  else if (reading->depth == 1 && !g_str_equal (name, "clientConfig"))
    refuse (error, "it is no <clientConfig>");
  else if (g_str_equal (name, "oAuth2"))
    reading->in_oauth = TRUE;
  else if (g_str_equal (name, "outgoingServer") && reading->server == NULL
           && is_smtp (names, values))
    {
      if (reading->servers->len == MOST_SERVERS)
        refuse (error, "it names too many servers");
      reading->server = est_candidate_new ();
      reading->server->security = EST_SECURITY_NONE;
      reading->bad = FALSE;
      reading->ways = 0;
    }
}

static void
on_end (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  Reading *reading = data;
  const char *text = g_strstrip (reading->text->str);
  reading->depth--;
  if (reading->server != NULL && g_str_equal (name, "outgoingServer"))
    end_server (reading);
  else if (g_str_equal (name, "oAuth2"))
    reading->in_oauth = FALSE;
  else if (reading->server != NULL)
    read_server_element (reading, name, text);
  else if (reading->in_oauth)
    read_oauth_element (reading, name, text);
  g_string_truncate (reading->text, 0);
}

static void
on_text (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer data,
         GError **error)
{
  Reading *reading = data;
  if (reading->text->len + length > TEXT_LIMIT)
    refuse (error, "a text is too long");
  else
    g_string_append_len (reading->text, text, (gssize) length);
}

/* <oAuth2> stands beside the servers, and holds for all of them. */
static void
share_oauth (GPtrArray *servers, const EstCandidate *oauth)
{
  for (guint i = 0; i < servers->len; i++)
    {
      EstCandidate *server = g_ptr_array_index (servers, i);
      if (!g_str_has_prefix (server->secret, "oauth"))
        continue;
      server->issuer = g_strdup (oauth->issuer);
      server->authorize = g_strdup (oauth->authorize);
      server->token = g_strdup (oauth->token);
      server->scope = g_strdup (oauth->scope);
    }
}

static gboolean
parse (Reading *reading, const char *xml, gsize length, GError **error)
{
  static const GMarkupParser parser = {on_start, on_end, on_text, NULL, NULL};
  g_autoptr (GMarkupParseContext) context
    = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, reading, NULL);
  return g_markup_parse_context_parse (context, xml, (gssize) length, error)
         && g_markup_parse_context_end_parse (context, error);
}

GPtrArray *
est_autoconfig_parse (const char *xml, gsize length, const char *address, GError **error)
{
  g_autoptr (GPtrArray) servers
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_candidate_free);
  g_autoptr (EstCandidate) oauth = est_candidate_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  Reading reading
    = {.address = address, .servers = servers, .oauth = oauth, .text = text};
  gboolean good = parse (&reading, xml, length, error);
  if (reading.server != NULL) /* broken off within */
    est_candidate_free (reading.server);
  if (!good)
    return NULL;
  share_oauth (servers, oauth);
  est_candidates_sort (servers);
  return g_steal_pointer (&servers);
}
