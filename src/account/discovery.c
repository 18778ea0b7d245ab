/* First what needs to be asked of nobody: other programs of this person, and the table.
 */
#include "account/discovery.h"

#include "account/account-group.h"
#include "account/limit.h"
#include "account/provider-table.h"
#include "account/vouch.h"

#include <string.h>

#define HELPER        LIBEXECDIR "/estafeta-web"
#define LIMIT_SECONDS 90
#define ALL_LIMIT     (256 * 1024) /* octets */
#define LINE_LIMIT    8192
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

static gboolean
is_plain (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}

/* "KEY=VALUE" pairs between tabs, after the first word of @line; NULL: nonsense. */
static GHashTable *
read_pairs (char **words)
{
  g_autoptr (GHashTable) pairs = new_table ();
  for (char **word = words; *word != NULL; word++)
    {
      char *equals = strchr (*word, '=');
      if (equals == NULL || equals == *word || !is_plain (*word))
        return NULL;
      g_hash_table_replace (pairs, g_strndup (*word, (gsize) (equals - *word)),
                            g_strdup (equals + 1));
    }
  return g_steal_pointer (&pairs);
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

/* Takes @candidate over. */
static gboolean
take_candidate (GHashTable *candidate, GPtrArray *found)
{
  g_autoptr (GHashTable) held = candidate;
  const char *host = g_hash_table_lookup (held, "host");
  const char *trust = find_trust (held);
  if (trust == NULL || host == NULL || !est_host_is_valid (host))
    return FALSE;
  g_hash_table_replace (held, g_strdup ("trust"), g_strdup (trust));
  g_ptr_array_add (found, g_steal_pointer (&held));
  return TRUE;
}

static gboolean
take_line (const char *line, const EstLookListener *listener, GPtrArray *found)
{
  g_auto (GStrv) words = g_strsplit (line, "\t", -1);
  g_autoptr (GHashTable) pairs = words[0] != NULL ? read_pairs (words + 1) : NULL;
  if (pairs == NULL)
    return FALSE;
  if (g_str_equal (words[0], "candidate"))
    return take_candidate (g_steal_pointer (&pairs), found);
  if (!g_str_equal (words[0], "look") || find_trust (pairs) == NULL)
    return FALSE;
  tell (listener, pairs);
  return TRUE;
}

/* The whole lines in @text, which keeps the rest. */
static gboolean
take_lines (GString *text, const EstLookListener *listener, GPtrArray *found)
{
  char *end;
  while ((end = memchr (text->str, '\n', text->len)) != NULL)
    {
      gsize length = (gsize) (end - text->str);
      g_autofree char *line = g_strndup (text->str, length);
      g_string_erase (text, 0, (gssize) length + 1);
      if (length > LINE_LIMIT || strlen (line) != length
          || !take_line (line, listener, found))
        return FALSE;
    }
  return text->len <= LINE_LIMIT;
}

static gboolean
read_lines (GInputStream *pipe,
            const EstLookListener *listener,
            GPtrArray *found,
            GCancellable *cancellable,
            GError **error)
{
  char piece[4096];
  gsize all = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  for (;;)
    {
      gssize got = g_input_stream_read (pipe, piece, sizeof piece, cancellable, error);
      if (got < 0)
        return FALSE;
      if (got == 0 && text->len == 0)
        return TRUE;
      all += (gsize) got;
      g_string_append_len (text, piece, got);
      if (got == 0 || all > ALL_LIMIT || !take_lines (text, listener, found))
        break;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       HELPER " says what cannot be");
  return FALSE;
}

static gboolean
hand_over (GOutputStream *pipe,
           const char *address,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *line = g_strconcat (address, "\n", NULL);
  return g_output_stream_write_all (pipe, line, strlen (line), NULL, cancellable, error)
         && g_output_stream_close (pipe, cancellable, error);
}

static gboolean
converse (GSubprocess *helper,
          const char *address,
          const EstLookListener *listener,
          GPtrArray *found,
          GCancellable *cancellable,
          GError **error)
{
  GOutputStream *to = g_subprocess_get_stdin_pipe (helper);
  GInputStream *from = g_subprocess_get_stdout_pipe (helper);
  return hand_over (to, address, cancellable, error)
         && read_lines (from, listener, found, cancellable, error)
         && g_subprocess_wait_check (helper, cancellable, error);
}

static gboolean
ask_helper (const char *address,
            const char *sources,
            const EstLookListener *listener,
            GPtrArray *found,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (EstLimit) limit = est_limit_new (LIMIT_SECONDS, cancellable);
  g_autoptr (GSubprocess) helper
    = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                        error, HELPER, "discover", sources, NULL);
  if (helper == NULL)
    return FALSE;
  gboolean good = converse (helper, address, listener, found,
                            est_limit_get_cancellable (limit), error);
  if (!good)
    g_subprocess_force_exit (helper);
  return good;
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

GPtrArray *
est_discovery_run (const char *address,
                   const char *const *sources,
                   const EstLookListener *listener,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) found
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autofree char *asked = name_remote (sources);
  if (is_wanted (sources, DESKTOP))
    look_at_desktop (address, listener, found, cancellable);
  if (found->len == 0 && is_wanted (sources, "table"))
    look_at_table (address, listener, found);
  if (found->len > 0 || *asked == '\0'
      || ask_helper (address, asked, listener, found, cancellable, error))
    return g_steal_pointer (&found);
  return NULL;
}
