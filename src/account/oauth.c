#include "account/oauth.h"

#include "account/web-helper.h"

#include <gio/gio.h>

#define CLIENTS "/org/estafeta/clients"

static GKeyFile *
read_clients (void)
{
  g_autoptr (GError) error = NULL;
  GKeyFile *file = g_key_file_new ();
  g_autoptr (GBytes) data
    = g_resources_lookup_data (CLIENTS, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (data == NULL || !g_key_file_load_from_bytes (file, data, G_KEY_FILE_NONE, &error))
    g_warning ("the ids of this program cannot be read: %s", error->message);
  return file;
}

static char *
find_host (const char *page)
{
  g_autoptr (GUri) uri = page != NULL ? g_uri_parse (page, G_URI_FLAGS_NONE, NULL) : NULL;
  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

static void
add_known_client (const EstOauth *oauth, GString *input)
{
  static const char *const keys[] = {"client", "client-secret"};
  g_autoptr (GKeyFile) clients = read_clients ();
  g_autofree char *host
    = find_host (oauth->issuer != NULL ? oauth->issuer : oauth->token);
  for (gsize i = 0; host != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *value = g_key_file_get_string (clients, host, keys[i], NULL);
      est_web_helper_add (input, keys[i], value);
    }
}

void
est_oauth_write (const EstAccount *account, GString *input)
{
  const EstOauth *oauth = &account->oauth;
  est_web_helper_add (input, "issuer", oauth->issuer);
  est_web_helper_add (input, "authorize", oauth->authorize);
  est_web_helper_add (input, "token", oauth->token);
  est_web_helper_add (input, "device", oauth->device);
  est_web_helper_add (input, "scope", oauth->scope);
  est_web_helper_add (input, "ca-file", account->ca_file);
  if (oauth->client == NULL)
    {
      add_known_client (oauth, input);
      return;
    }
  est_web_helper_add (input, "client", oauth->client);
  est_web_helper_add (input, "client-secret", oauth->client_secret);
}

void
est_oauth_clear (EstOauth *oauth)
{
  g_free (oauth->issuer);
  g_free (oauth->client);
  g_free (oauth->client_secret);
  g_free (oauth->scope);
  g_free (oauth->authorize);
  g_free (oauth->token);
  g_free (oauth->device);
}
