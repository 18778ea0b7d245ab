/* The way from a word to its verb. */
#include "cli/verb.h"

#include "base/nearest.h"
#include "cli/output.h"
#include "cli/usage.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define WORD_LIMIT 40

static guint
measure (const EstVerbEntry *verbs)
{
  guint widest = 0;
  for (; verbs->usage != NULL; verbs++)
    widest = MAX (widest, est_output_columns (_ (verbs->usage)));
  return widest;
}

/* @command: "estafeta", or "estafeta account". */
static char *
make_help (const EstVerbEntry *verbs, const char *command)
{
  guint widest = measure (verbs);
  GString *help = g_string_new (NULL);
  g_string_append_printf (help, _ ("Usage: %s COMMAND [OPTION…]"), command);
  g_string_append (help, "\n\n");
  for (; verbs->usage != NULL; verbs++)
    {
      g_autofree char *usage = est_output_fit (_ (verbs->usage), widest, FALSE);
      g_string_append_printf (help, "  %s %s  %s\n", command, usage, _ (verbs->summary));
    }
  g_string_append_c (help, '\n');
  g_string_append_printf (help, _ ("“%s COMMAND --help” says more."), command);
  g_string_append_c (help, '\n');
  return g_string_free (help, FALSE);
}

static char *
name_of (const EstVerbEntry *verb)
{
  return g_strndup (verb->usage, strcspn (verb->usage, " "));
}

static EstExit
complain (const EstVerbEntry *verbs, const char *above, const char *word)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (; verbs->usage != NULL; verbs++)
    g_ptr_array_add (names, name_of (verbs));
  g_ptr_array_add (names, NULL);

  g_autofree char *valid = est_text_tame (word, WORD_LIMIT);
  const char *nearest = est_nearest (valid, (const char *const *) names->pdata);
  if (nearest == NULL)
    est_usage_complain (above, _ ("there is no command “%s”"), valid);
  else
    est_usage_complain (above, _ ("there is no command “%s”; did you mean “%s”?"), valid,
                        nearest);
  return EST_EXIT_USAGE;
}

static const EstVerbEntry *
find_verb (const EstVerbEntry *verbs, const char *word)
{
  for (; verbs->usage != NULL; verbs++)
    {
      g_autofree char *name = name_of (verbs);
      if (g_str_equal (word, name))
        return verbs;
    }
  return NULL;
}

EstExit
est_verb_run (const EstVerbEntry *verbs, const char *above, char **arguments)
{
  static const char *const asks[] = {"--help", "-h", "help", NULL};
  const char *word = arguments[1];
  g_autofree char *command
    = above != NULL ? g_strconcat ("estafeta ", above, NULL) : g_strdup ("estafeta");
  g_autofree char *help = make_help (verbs, command);
  if (word == NULL)
    {
      g_printerr ("%s", help);
      return EST_EXIT_USAGE;
    }
  if (g_strv_contains (asks, word))
    {
      g_print ("%s", help);
      return EST_EXIT_OK;
    }
  const EstVerbEntry *verb = find_verb (verbs, word);
  return verb != NULL ? verb->run (arguments + 1) : complain (verbs, above, word);
}
