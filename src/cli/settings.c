/* estafeta settings: about the settings file as a whole. */
#include "base/paths.h"
#include "cli/check.h"
#include "cli/json.h"
#include "cli/usage.h"

#include <glib/gi18n.h>

static const EstUsage usage = {
  .verb = "settings check",
  .operands = N_ ("[FILE]"),
  .summary = N_ ("Says whether a settings file is good, usually your own, and else in "
                 "which line it is\nnot. Nothing is changed."),
  .most = 1,
};

static void
tell (const EstCheck *check, const char *path, gboolean json)
{
  if (json)
    est_json_print (g_variant_new_parsed (
      "{'file': <%s>, 'line': <%u>, 'complaint': <%s>}", path, check->line,
      check->complaint != NULL ? check->complaint : ""));
  else if (check->complaint != NULL)
    est_check_tell (check, path);
  else
    /* TRANSLATORS: the name of a file */
    g_print (_ ("%s is good.\n"), path);
}

static EstExit
check_settings (char **arguments)
{
  gboolean json = FALSE;
  g_auto (EstCheck) check = {0};
  g_autofree char *own = est_paths_settings_file ();
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  const char *path = operands[0] != NULL ? operands[0] : own;
  EstExit asked = est_check_file (&check, path);
  if (asked != EST_EXIT_OK)
    return asked;
  tell (&check, path, json);
  return check.complaint == NULL ? EST_EXIT_OK : EST_EXIT_FAILED;
}

EstExit
est_verb_settings (char **arguments)
{
  static const EstVerbEntry verbs[] = {
    {N_ ("check [FILE]"), check_settings, N_ ("say whether a settings file is good")},
    {NULL,                NULL,           NULL                                      },
  };
  return est_verb_run (verbs, "settings", arguments);
}
