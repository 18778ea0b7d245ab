/* The account's setting, or the desktop's. */
#include "relay/ways.h"

#include "outcome/relay-error.h"
#include "relay/lookup.h"

/* By what is written: with a proxy the name is the proxy's to look up. localhost and what
   is below it never leaves the machine (RFC 6761 6.3). */
static gboolean
is_of_this_machine (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  g_autofree char *lower = g_ascii_strdown (host, -1);
  return g_str_equal (lower, "localhost") || g_str_has_suffix (lower, ".localhost");
}

static void
ask (GTask *task, gpointer source, gpointer uri, GCancellable *cancellable)
{
  GError *error = NULL;
  GProxyResolver *resolver = g_proxy_resolver_get_default ();
  char **uris = g_proxy_resolver_lookup (resolver, uri, cancellable, &error);
  if (uris != NULL)
    g_task_return_pointer (task, uris, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

/* In a thread, for not every module knows how to be cancelled. "none" is what GIO's own
   clients ask with where no proxy is made for the protocol: one for the web alone is not
   meant then. */
static char **
ask_desktop (const EstAccount *account, GCancellable *cancellable, GError **error)
{
  char *uri = g_uri_join (G_URI_FLAGS_NONE, "none", NULL, account->host, account->port,
                          "", NULL, NULL);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, NULL, NULL);
  g_task_set_task_data (task, uri, g_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread_sync (task, ask);
  return g_task_propagate_pointer (task, error);
}

static gboolean
is_direct (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  return g_strcmp0 (scheme, "direct") == 0;
}

static void
add_ways (GPtrArray *ways, char **uris)
{
  for (char **uri = uris; *uri != NULL; uri++)
    {
      EstProxy *proxy = est_proxy_parse (*uri);
      if (proxy != NULL || is_direct (*uri))
        g_ptr_array_add (ways, proxy);
    }
}

static gboolean
add_of_desktop (GPtrArray *ways,
                const EstAccount *account,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_auto (GStrv) uris = ask_desktop (account, cancellable, &cause);
  if (uris != NULL)
    add_ways (ways, uris);
  if (ways->len > 0)
    return TRUE;
  g_set_error (error, EST_RELAY_ERROR,
               uris == NULL && !est_is_online () ? EST_REASON_OFFLINE : EST_REASON_PROXY,
               "asking the desktop for its proxy: %s",
               cause != NULL ? cause->message : "it names none that can be used");
  return FALSE;
}

GPtrArray *
est_ways_find (const EstAccount *account, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) ways
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_proxy_free);
  const char *words = account->proxy != NULL ? account->proxy : "none";
  if (g_str_equal (words, "none") || is_of_this_machine (account->host))
    g_ptr_array_add (ways, NULL);
  else if (!g_str_equal (words, "system"))
    g_ptr_array_add (ways, est_proxy_parse (words));
  else if (!add_of_desktop (ways, account, cancellable, error))
    return NULL;
  return g_steal_pointer (&ways);
}
