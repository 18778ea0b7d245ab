/* Options to filters. */
#include "cli/choice.h"

#include "base/clock.h"
#include "cli/moment.h"
#include "cli/number.h"
#include "cli/usage.h"
#include "outcome/reason.h"

#include <glib/gi18n.h>

void
est_choice_clear (EstChoice *choice)
{
  g_free (choice->states);
  g_free (choice->account);
  g_free (choice->reason);
  g_free (choice->program);
  g_free (choice->since);
  g_free (choice->before);
  g_free (choice->search);
}

GOptionEntry *
est_choice_entries (EstChoice *choice, const GOptionEntry *more)
{
  const GOptionEntry own[] = {
    {"state",   0, 0, G_OPTION_ARG_STRING, &choice->states,
     N_ (
       "Only messages in these states: waiting, sending, sent, failed, held, discarded"),
     N_ ("STATE[,STATE…]")                                                                               },
    {"account", 0, 0, G_OPTION_ARG_STRING, &choice->account,
     N_ ("Only messages of this account"),                                                    N_ ("NAME")  },
    {"reason",  0, 0, G_OPTION_ARG_STRING, &choice->reason,
     N_ ("Only messages that wait, failed or are held for this reason"),                      N_ ("REASON")},
    {"program", 0, 0, G_OPTION_ARG_STRING, &choice->program,
     N_ ("Only messages that this program handed in"),                                        N_ ("NAME")  },
    {"since",   0, 0, G_OPTION_ARG_STRING, &choice->since,
     N_ (
       "Only messages handed in since then: 2026-11-24, “2026-11-24 14:05”, 14:05, 12h"),
     N_ ("TIME")                                                                                           },
    {"before",  0, 0, G_OPTION_ARG_STRING, &choice->before,
     N_ ("Only messages handed in before that"),                                              N_ ("TIME")  },
    {"search",  0, 0, G_OPTION_ARG_STRING, &choice->search,
     N_ ("Only messages with these words in subject, addresses or Message-ID"),
     N_ ("WORDS")                                                                                          },
    {"all",     0, 0, G_OPTION_ARG_NONE,   &choice->all,     N_ ("All messages there are"),   NULL         },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  for (; more != NULL && more->long_name != NULL; more++)
    g_array_append_val (entries, *more);
  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
  return (GOptionEntry *) g_array_steal (entries, NULL);
}

static void
add_text (GVariantDict *filter, const char *key, const char *text)
{
  if (text != NULL)
    g_variant_dict_insert (filter, key, "s", text);
}

static gboolean
add_time (GVariantDict *filter, const char *verb, const char *key, const char *text)
{
  gint64 when;
  if (text == NULL)
    return TRUE;
  if (!est_moment_parse (text, est_clock_now () / G_USEC_PER_SEC, &when))
    {
      est_usage_complain (verb, _ ("“%s” is no time; write 2026-11-24, 14:05 or 12h"),
                          text);
      return FALSE;
    }
  g_variant_dict_insert (filter, key, "x", MAX (when, 0));
  return TRUE;
}

/* What is misspelt, or left empty by a script, must not choose something else. */
static gboolean
check (const EstChoice *choice, const char *verb, char **states)
{
  static const char *const known[]
    = {"waiting", "sending", "sent", "failed", "uncertain", "held", "discarded", NULL};
  for (char **state = states; state != NULL && *state != NULL; state++)
    if (!g_strv_contains (known, *state))
      {
        g_autofree char *list = g_strjoinv (", ", (char **) known);
        est_usage_complain (verb, _ ("“%s” is no state; there are: %s"), *state, list);
        return FALSE;
      }
  if (choice->reason != NULL && est_reason_from_nick (choice->reason) == EST_REASON_NONE)
    est_usage_complain (verb, _ ("“%s” is no reason; estafeta(1) lists them"),
                        choice->reason);
  else if (choice->search != NULL && *choice->search == '\0')
    est_usage_complain (verb, _ ("“--search” needs words"));
  else
    return TRUE;
  return FALSE;
}

/* "" is one state, which is none. */
static char **
split_states (const char *states)
{
  const char *const empty[] = {"", NULL};
  if (states == NULL)
    return NULL;
  return *states != '\0' ? g_strsplit (states, ",", -1) : g_strdupv ((char **) empty);
}

GVariant *
est_choice_filter (const EstChoice *choice, const char *verb)
{
  g_auto (GVariantDict) filter = G_VARIANT_DICT_INIT (NULL);
  g_auto (GStrv) states = split_states (choice->states);
  if (!check (choice, verb, states) || !add_time (&filter, verb, "since", choice->since)
      || !add_time (&filter, verb, "until", choice->before))
    return NULL;
  if (states != NULL)
    g_variant_dict_insert_value (&filter, "states",
                                 g_variant_new_strv ((const char *const *) states, -1));
  add_text (&filter, "account", choice->account);
  add_text (&filter, "reason", choice->reason);
  add_text (&filter, "program", choice->program);
  add_text (&filter, "text", choice->search);
  return g_variant_ref_sink (g_variant_dict_end (&filter));
}

GVariant *
est_choice_until_now (GVariant *filter)
{
  gint64 until = G_MAXINT64;
  gint64 next = est_clock_now () / G_USEC_PER_SEC + 1;
  g_auto (GVariantDict) bounded = G_VARIANT_DICT_INIT (filter);
  g_variant_dict_lookup (&bounded, "until", "x", &until);
  g_variant_dict_insert (&bounded, "until", "x", MIN (until, next));
  return g_variant_ref_sink (g_variant_dict_end (&bounded));
}

static gboolean
chooses (const EstChoice *choice)
{
  return choice->all || choice->states != NULL || choice->account != NULL
         || choice->reason != NULL || choice->program != NULL || choice->since != NULL
         || choice->before != NULL || choice->search != NULL;
}

GVariant *
est_choice_ids (const EstChoice *choice,
                const char *verb,
                char **operands,
                gboolean needed)
{
  GVariantBuilder ids;
  if (needed && *operands == NULL && !chooses (choice))
    {
      est_usage_complain (verb, _ ("which messages? Give their numbers, or “--all”"));
      return NULL;
    }
  if (*operands != NULL && chooses (choice))
    {
      est_usage_complain (verb, _ ("give either numbers or options that choose"));
      return NULL;
    }
  g_variant_builder_init (&ids, G_VARIANT_TYPE ("at"));
  for (; *operands != NULL; operands++)
    {
      guint64 id;
      if (!est_number_parse (verb, *operands, &id))
        {
          g_variant_builder_clear (&ids);
          return NULL;
        }
      g_variant_builder_add (&ids, "t", id);
    }
  return g_variant_ref_sink (g_variant_builder_end (&ids));
}
