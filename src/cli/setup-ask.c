/* What setup says and asks, and how answers are read. */
#include "cli/setup.h"

#include "cli/prompt.h"

#include <glib/gi18n.h>

void
est_setup_say (const EstSetup *setup, const char *line)
{
  if (!setup->wish.json)
    g_print ("%s\n", line);
}

EstExit
est_setup_complain (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("estafeta: %s\n", words);
  return EST_EXIT_FAILED;
}

gboolean
est_setup_is_given_up (const EstSetup *setup)
{
  return g_cancellable_is_cancelled (setup->cancellable);
}

static char *
prompt (const EstSetup *setup, const char *question)
{
  g_autoptr (GError) error = NULL;
  if (est_setup_is_given_up (setup))
    return NULL;
  char *answer = est_prompt_line (question, &error);
  if (answer == NULL && !est_setup_is_given_up (setup))
    est_setup_complain ("%s", error->message);
  return answer;
}

static gboolean
begins_as (const char *answer, const char *word)
{
  return g_unichar_tolower (g_utf8_get_char (answer))
         == g_unichar_tolower (g_utf8_get_char (word));
}

EstSetupAnswer
est_setup_ask (const EstSetup *setup, const char *question, gboolean otherwise)
{
  const char *yes = C_ ("answer", "yes");
  const char *no = C_ ("answer", "no");
  /* TRANSLATORS: the first letters of "yes" and "no", the usual one in capitals */
  const char *hint = otherwise ? _ ("[Y/n]") : _ ("[y/N]");
  g_autofree char *whole = g_strdup_printf ("%s %s ", question, hint);
  for (;;)
    {
      g_autofree char *answer = prompt (setup, whole);
      if (answer == NULL)
        return EST_SETUP_GONE;
      if (*answer == '\0')
        return otherwise ? EST_SETUP_YES : EST_SETUP_NO;
      if (begins_as (answer, yes) || begins_as (answer, "yes"))
        return EST_SETUP_YES;
      if (begins_as (answer, no) || begins_as (answer, "no"))
        return EST_SETUP_NO;
    }
}

char *
est_setup_ask_line (const EstSetup *setup, const char *label, const char *usual)
{
  g_autofree char *question = usual != NULL ? g_strdup_printf ("%s [%s]: ", label, usual)
                                            : g_strdup_printf ("%s: ", label);
  for (;;)
    {
      g_autofree char *answer = prompt (setup, question);
      if (answer == NULL || *answer != '\0')
        return g_steal_pointer (&answer);
      if (usual != NULL)
        return g_strdup (usual);
    }
}
