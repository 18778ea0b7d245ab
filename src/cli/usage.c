/* Every verb takes its options and explains itself in the same way. */
#include "cli/usage.h"

#include <glib/gi18n.h>

void
est_usage_complain (const char *verb, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *help = g_strconcat ("estafeta ", verb != NULL ? verb : "",
                                       verb != NULL ? " " : "", "--help", NULL);
  /* TRANSLATORS: a command */
  g_autofree char *hint = g_strdup_printf (_ ("“%s” explains how it is used."), help);
  g_printerr ("estafeta: %s\n%s\n", what, hint);
}

static GOptionContext *
make_context (const EstUsage *usage, const GOptionEntry *entries, gboolean *json)
{
  const GOptionEntry common[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, json,
     N_ ("Print JSON instead of words, as described in estafeta(1)"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (usage->operands);
  g_option_context_set_translation_domain (context, "estafeta");
  g_option_context_set_summary (context, usage->summary);
  g_option_context_set_description (context, usage->notes);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  return context;
}

/* A "--" that GOption leaves in front of operands only kept them from being options. */
static char **
take_operands (char **arguments)
{
  char **first = arguments + 1;
  if (*first != NULL && g_str_equal (*first, "--"))
    first++;
  return g_strdupv (first);
}

static gboolean
check_operands (const EstUsage *usage, char **operands)
{
  guint n = g_strv_length (operands);
  for (guint i = 0; i < n; i++)
    if (!g_utf8_validate (operands[i], -1, NULL))
      {
        est_usage_complain (usage->verb, _ ("an argument is not valid UTF-8"));
        return FALSE;
      }

  gboolean any_number = usage->operands != NULL && usage->most == 0;
  if (n < usage->least)
    est_usage_complain (usage->verb, _ ("missing: %s"), _ (usage->operands));
  else if (n > usage->most && !any_number)
    est_usage_complain (usage->verb, _ ("too much: %s"), operands[usage->most]);
  else
    return TRUE;
  return FALSE;
}

char **
est_usage_parse (const EstUsage *usage,
                 const GOptionEntry *entries,
                 char **arguments,
                 gboolean *json)
{
  g_autofree char *name = g_strconcat ("estafeta ", usage->verb, NULL);
  g_set_prgname (name);

  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = make_context (usage, entries, json);
  g_auto (GStrv) rest = g_strdupv (arguments);
  if (!g_option_context_parse_strv (context, &rest, &error))
    {
      est_usage_complain (usage->verb, "%s", error->message);
      return NULL;
    }
  g_auto (GStrv) operands = take_operands (rest);
  return check_operands (usage, operands) ? g_steal_pointer (&operands) : NULL;
}
