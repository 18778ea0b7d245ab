/* First what needs to be asked of nobody: other programs of this person, and the table.
 */
#include "account/discovery.h"

#include "account/account-group.h"
#include "account/provider-table.h"
#include "account/vouch.h"
#include "account/web-helper.h"

#include <string.h>

#define LIMIT_SECONDS 90
#define DESKTOP       "desktop" /* the source that needs no network */

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static gboolean
is_wanted (const char *const *sources, const char *source)
{
  return sources == NULL || g_strv_contains (sources, source);
}

static void
tell (const EstLookListener *listener, GHashTable *look)
{
  if (listener != NULL)
    listener->looked (look, listener->data);
}

static void
look_at_table (const char *address, const EstLookListener *listener, GPtrArray *found)
{
  g_autoptr (GHashTable) look = new_table ();
  GHashTable *candidate = est_provider_table_find (address);
  g_hash_table_replace (look, g_strdup ("source"), g_strdup ("table"));
  g_hash_table_replace (look, g_strdup ("result"),
                        g_strdup (candidate != NULL ? "found" : "nothing"));
  if (candidate != NULL)
    g_ptr_array_add (found, candidate);
  tell (listener, look);
}

/* What the helper may be asked for, and what its word is worth: that is not for the
   helper to say, for it has read what strangers wrote. */
static const struct
{
  const char *source;
  const char *trust;
} remote[] = {
  {DESKTOP,         "ask" },
  {"pacc",          "safe"},
  {"autoconfig",    "safe"},
  {"ispdb",         "safe"},
  {"srv",           "ask" },
  {"mx",            "ask" },
  {"autoconfig-mx", "ask" },
  {"ispdb-mx",      "ask" },
  {"guess",         "ask" },
};

static const char *
find_trust (GHashTable *candidate)
{
  const char *source = g_hash_table_lookup (candidate, "source");
  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    if (g_strcmp0 (source, remote[i].source) == 0)
      return remote[i].trust;
  return NULL;
}

/* What comes in while it looks. */
typedef struct
{
  const EstLookListener *listener;
  GPtrArray *found;
} Search;

static GHashTable *
copy (GHashTable *values)
{
  gpointer key, value;
  GHashTableIter iterator;
  GHashTable *own = new_table ();
  g_hash_table_iter_init (&iterator, values);
  while (g_hash_table_iter_next (&iterator, &key, &value))
    g_hash_table_insert (own, g_strdup (key), g_strdup (value));
  return own;
}

static gboolean
take_candidate (GHashTable *values, GPtrArray *found)
{
  const char *host = g_hash_table_lookup (values, "host");
  const char *trust = find_trust (values);
  if (trust == NULL || host == NULL || !est_host_is_valid (host))
    return FALSE;
  GHashTable *candidate = copy (values);
  g_hash_table_replace (candidate, g_strdup ("trust"), g_strdup (trust));
  g_ptr_array_add (found, candidate);
  return TRUE;
}

static gboolean
take_record (const char *word, GHashTable *values, gpointer data)
{
  Search *search = data;
  if (g_str_equal (word, "candidate"))
    return take_candidate (values, search->found);
  if (!g_str_equal (word, "look") || find_trust (values) == NULL)
    return FALSE;
  tell (search->listener, values);
  return TRUE;
}

static gboolean
ask_helper (const char *address,
            const char *sources,
            const EstLookListener *listener,
            GPtrArray *found,
            GCancellable *cancellable,
            GError **error)
{
  Search search = {listener, found};
  const char *const arguments[] = {"discover", sources, NULL};
  g_autofree char *line = g_strconcat (address, "\n", NULL);
  g_autoptr (EstSecret) input = est_secret_new (line, -1);
  const EstWebTask task = {.arguments = arguments,
                           .input = input,
                           .seconds = LIMIT_SECONDS,
                           .on_record = take_record,
                           .data = &search};
  return est_web_helper_run (&task, cancellable, error);
}

/* A helper that cannot be run is told of when the network is to be asked. */
static void
look_at_desktop (const char *address,
                 const EstLookListener *listener,
                 GPtrArray *found,
                 GCancellable *cancellable)
{
  g_autoptr (GError) ignored = NULL;
  if (!ask_helper (address, DESKTOP, listener, found, cancellable, &ignored))
    g_ptr_array_set_size (found, 0);
  for (guint i = 0; i < found->len; i++)
    est_vouch (found->pdata[i], address);
}

static gboolean
is_enough (GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    if (est_vouch_is_enough (found->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Those that need a network and are wanted, between commas; "": none. */
static char *
name_remote (const char *const *sources)
{
  g_autoptr (GStrvBuilder) wanted = g_strv_builder_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    if (is_wanted (sources, remote[i].source) && !g_str_equal (remote[i].source, DESKTOP))
      g_strv_builder_add (wanted, remote[i].source);
  g_auto (GStrv) all = g_strv_builder_end (wanted);
  return g_strjoinv (",", all);
}

/* At the end of @found. */
static void
move_all (GPtrArray *found, GPtrArray *from)
{
  while (from->len > 0)
    g_ptr_array_add (found, g_ptr_array_steal_index (from, 0));
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
}

/* What a mail program knows may not be all that it takes: then it comes last. */
GPtrArray *
est_discovery_run (const char *address,
                   const char *const *sources,
                   const EstLookListener *listener,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) theirs = new_list ();
  g_autoptr (GPtrArray) found = new_list ();
  g_autofree char *asked = name_remote (sources);
  if (is_wanted (sources, DESKTOP))
    look_at_desktop (address, listener, theirs, cancellable);
  if (is_enough (theirs))
    return g_steal_pointer (&theirs);
  if (is_wanted (sources, "table"))
    look_at_table (address, listener, found);
  if (found->len == 0 && *asked != '\0'
      && !ask_helper (address, asked, listener, found, cancellable, error))
    return NULL;
  move_all (found, theirs);
  return g_steal_pointer (&found);
}
