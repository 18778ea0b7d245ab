/* One look at each line is enough: this file format has no line that depends on another,
   but for the group it stands in. */
#include "account/settings-text.h"

#include <string.h>

typedef enum
{
  LINE_BLANK,
  LINE_COMMENT,
  LINE_GROUP,
  LINE_PAIR,
  LINE_NONSENSE,
} LineKind;

/* @word gets a new string: the name of the group, or the key. */
static LineKind
classify (const char *line, char **word)
{
  g_autofree char *copy = g_strstrip (g_strdup (line));
  if (*copy == '\0')
    return LINE_BLANK;
  if (*copy == '#')
    return LINE_COMMENT;
  if (*copy == '[' && g_str_has_suffix (copy, "]"))
    {
      *word = g_strndup (copy + 1, strlen (copy) - 2);
      return LINE_GROUP;
    }
  char *equals = strchr (copy, '=');
  if (equals == NULL || equals == copy)
    return LINE_NONSENSE;
  *word = g_strchomp (g_strndup (copy, (gsize) (equals - copy)));
  return LINE_PAIR;
}

/* The checker's memory of the lines above. */
typedef struct
{
  char *group;      /* the open one, NULL before the first */
  GHashTable *seen; /* "[group]" and "[group]key" */
} Above;

static gboolean
is_repeated (Above *above, const char *word)
{
  char *entry = g_strdup_printf ("[%s]%s", above->group, word);
  return !g_hash_table_add (above->seen, entry);
}

/* What is wrong with one line, as a sentence that goes on after "Line 7 "; NULL if
 * nothing. */
static char *
find_fault (Above *above, const char *line)
{
  g_autofree char *word = NULL;
  switch (classify (line, &word))
    {
    case LINE_GROUP:
      g_free (above->group);
      above->group = g_strdup (word);
      return is_repeated (above, "") ? g_strdup_printf ("opens [%s] a second time.", word)
                                     : NULL;
    case LINE_PAIR:
      if (above->group == NULL)
        return g_strdup ("stands before the first [group], so that it belongs to none.");
      return is_repeated (above, word) ? g_strdup_printf (
               "gives \"%s\" in [%s] a second time.", word, above->group)
                                       : NULL;
    case LINE_NONSENSE:
      return g_strdup ("is neither a [group] nor key=value nor a comment after #.");
    default:
      return NULL;
    }
}

static gboolean
fail (GError **error, guint number, const char *fault)
{
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_SYNTAX, "Line %u %s", number,
               fault);
  est_settings_error_note_line (error != NULL ? *error : NULL, number);
  return FALSE;
}

gboolean
est_settings_text_check (const char *text, gsize length, GError **error)
{
  const char *bad = NULL;
  if (!g_utf8_validate (text, (gssize) length, &bad))
    {
      guint number = 1;
      for (const char *c = text; c < bad; c++)
        number += *c == '\n';
      return fail (error, number, "holds something that is not UTF-8 text.");
    }

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) seen
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Above above = {NULL, seen};
  g_autofree char *fault = NULL;
  guint number = 0;
  while (fault == NULL && lines[number] != NULL)
    fault = find_fault (&above, lines[number++]);
  g_free (above.group);
  return fault == NULL || fail (error, number, fault);
}

/* A line break in a value would smuggle in a key of its own, password-command for one. */
gboolean
est_settings_text_stays (const char *key, const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return *key != '\0' && strspn (key, G_CSET_a_2_z "-") == strlen (key);
}

char *
est_settings_text_append (const char *text,
                          const char *group,
                          GHashTable *values,
                          GError **error)
{
  g_autoptr (GString) out = g_string_new (text);
  if (out->len > 0 && !g_str_has_suffix (out->str, "\n"))
    g_string_append_c (out, '\n');
  if (out->len > 0)
    g_string_append_c (out, '\n');
  g_string_append_printf (out, "[%s]\n", group);

  g_autoptr (GList) names
    = g_list_sort (g_hash_table_get_keys (values), (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *value = g_hash_table_lookup (values, l->data);
      if (!est_settings_text_stays (l->data, value))
        {
          g_set_error (
            error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
            "In [%s], a key must be small letters and its value one line of text.",
            group);
          return NULL;
        }
      g_string_append_printf (out, "%s=%s\n", (const char *) l->data, value);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
is_kind (const char *line, LineKind kind)
{
  g_autofree char *word = NULL;
  return classify (line, &word) == kind;
}

static gboolean
opens (const char *line, const char *group)
{
  g_autofree char *word = NULL;
  return classify (line, &word) == LINE_GROUP && g_str_equal (word, group);
}

/* The group's lines are [start, end): up to its last key, so that comments behind it,
   which mostly speak of the next group, stay. */
static guint
find_end (char **lines, guint header)
{
  guint end = header + 1;
  for (guint i = end; lines[i] != NULL && !is_kind (lines[i], LINE_GROUP); i++)
    if (is_kind (lines[i], LINE_PAIR))
      end = i + 1;
  return end;
}

/* Back over the comment on top and the blank line above it; but a comment that begins the
   file speaks of the whole file. */
static guint
find_start (char **lines, guint header)
{
  guint start = header;
  while (start > 0 && is_kind (lines[start - 1], LINE_COMMENT))
    start--;
  if (start == 0)
    return header;
  return is_kind (lines[start - 1], LINE_BLANK) ? start - 1 : start;
}

char *
est_settings_text_cut (const char *text, const char *group)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint header = 0;
  while (lines[header] != NULL && !opens (lines[header], group))
    header++;
  if (lines[header] == NULL)
    return g_strdup (text);

  guint start = find_start (lines, header);
  guint end = find_end (lines, header);
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    if (i < start || i >= end)
      g_string_append_printf (out, "%s%s", lines[i], lines[i + 1] != NULL ? "\n" : "");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

gboolean
est_settings_text_is_bare (const char *text, const char *group)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint at = 0;
  while (lines[at] != NULL && !opens (lines[at], group))
    at++;
  if (lines[at] == NULL)
    return FALSE;
  at++;
  while (lines[at] != NULL && is_kind (lines[at], LINE_BLANK))
    at++;
  return lines[at] == NULL || is_kind (lines[at], LINE_GROUP);
}

static gboolean
gives (const char *line, const char *key)
{
  g_autofree char *word = NULL;
  return classify (line, &word) == LINE_PAIR && g_str_equal (word, key);
}

guint
est_settings_text_find (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint start = 0;
  while (lines[start] != NULL && !opens (lines[start], group))
    start++;
  if (lines[start] == NULL)
    return 0;
  for (guint i = start + 1; lines[i] != NULL && !is_kind (lines[i], LINE_GROUP); i++)
    if (key != NULL && gives (lines[i], key))
      return i + 1;
  return start + 1;
}

/* Where the line of @key is or belongs; @found says which. */
static guint
find_place (char **lines, guint header, const char *key, gboolean *found)
{
  guint end = find_end (lines, header);
  for (guint i = header + 1; i < end; i++)
    if (gives (lines[i], key))
      {
        *found = TRUE;
        return i;
      }
  *found = FALSE;
  return end;
}

static char *
put_line (char **lines, guint place, gboolean instead, const char *line)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  guint i = 0;
  for (; i < place; i++)
    g_strv_builder_add (out, lines[i]);
  if (line != NULL)
    g_strv_builder_add (out, line);
  for (i += instead ? 1 : 0; lines[i] != NULL; i++)
    g_strv_builder_add (out, lines[i]);
  g_auto (GStrv) all = g_strv_builder_end (out);
  return g_strjoinv ("\n", all);
}

static char *
open_group (const char *text, const char *group, const char *line)
{
  const char *gap = *text == '\0' ? "" : g_str_has_suffix (text, "\n") ? "\n" : "\n\n";
  return line != NULL ? g_strdup_printf ("%s%s[%s]\n%s\n", text, gap, group, line)
                      : g_strdup (text);
}

char *
est_settings_text_set (const char *text,
                       const char *group,
                       const char *key,
                       const char *value)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *line = value != NULL ? g_strdup_printf ("%s=%s", key, value) : NULL;
  guint header = 0;
  while (lines[header] != NULL && !opens (lines[header], group))
    header++;
  if (lines[header] == NULL)
    return open_group (text, group, line);

  gboolean found;
  guint place = find_place (lines, header, key, &found);
  if (!found && line == NULL)
    return g_strdup (text);
  return put_line (lines, place, found, line);
}
