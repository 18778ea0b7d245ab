/* Six sorts of limits, four sources of them. */
#include "wording/budget.h"

#include <glib/gi18n.h>
#include <stdio.h>

static char *
limit_of_messages (const char *span, guint n)
{
  if (g_str_equal (span, "minute"))
    return g_strdup_printf (ngettext ("%u message a minute", "%u messages a minute", n),
                            n);
  if (g_str_equal (span, "hour"))
    return g_strdup_printf (ngettext ("%u message an hour", "%u messages an hour", n), n);
  if (g_str_equal (span, "day"))
    return g_strdup_printf (ngettext ("%u message a day", "%u messages a day", n), n);
  return NULL;
}

static char *
limit_of_recipients (const char *span, guint n)
{
  if (g_str_equal (span, "minute"))
    return g_strdup_printf (
      ngettext ("%u recipient a minute", "%u recipients a minute", n), n);
  if (g_str_equal (span, "hour"))
    return g_strdup_printf (ngettext ("%u recipient an hour", "%u recipients an hour", n),
                            n);
  if (g_str_equal (span, "day"))
    return g_strdup_printf (ngettext ("%u recipient a day", "%u recipients a day", n), n);
  return NULL;
}

char *
est_wording_limit (const char *what, const char *span, guint limit)
{
  if (g_str_equal (what, "messages"))
    return limit_of_messages (span, limit);
  return g_str_equal (what, "recipients") ? limit_of_recipients (span, limit) : NULL;
}

const char *
est_wording_limit_source (const char *source)
{
  static const struct
  {
    const char *nick, *sentence;
  } sources[] = {
    {"settings", N_ ("The settings say so.")                                        },
    {"provider", N_ ("So much is known to be allowed by the provider; the settings can "
                     "say otherwise.")                              },
    {"default",  N_ ("Nothing is known of the provider, so this is a cautious figure; the "
                    "settings can say otherwise.")                   },
    {"learnt",
     N_ ("The provider let no more through lately; the settings can say otherwise.")},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_strcmp0 (source, sources[i].nick) == 0)
      return _ (sources[i].sentence);
  return NULL;
}

char *
est_wording_budget (const char *figures)
{
  char what[16], span[16], source[16];
  guint number;
  if (sscanf (figures, "%15s %15s %u %15s", what, span, &number, source) != 4)
    return NULL;
  g_autofree char *limit = est_wording_limit (what, span, number);
  const char *origin = est_wording_limit_source (source);
  if (limit == NULL || origin == NULL)
    return NULL;
  /* TRANSLATORS: %s is like "20 messages a minute" */
  g_autofree char *sentence = g_strdup_printf (_ ("The limit is %s."), limit);
  return g_strconcat (sentence, " ", origin, NULL);
}
