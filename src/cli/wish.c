/* estafeta hold, release, arrived, discard: what a person decides about messages. One
   table; the verbs are alike but for their words. */
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#define ANSWER_SECONDS 60 /* a relay's answer may have to be waited for */

typedef struct
{
  EstUsage usage;
  gboolean (*call) (EstBusOutbox1 *outbox,
                    GVariant *ids,
                    GVariant *filter,
                    guint *count,
                    GCancellable *cancellable,
                    GError **error);
  const char *(*done) (guint count); /* what has been, with its "%u" */
  gboolean asks;                     /* before it is done */
} Wish;

static const char *
say_hold (guint count)
{
  return ngettext ("%u message is on hold now.\n", "%u messages are on hold now.\n",
                   count);
}

static const char *
say_release (guint count)
{
  return ngettext ("%u message goes on.\n", "%u messages go on.\n", count);
}

static const char *
say_arrived (guint count)
{
  return ngettext ("%u message counts as sent.\n", "%u messages count as sent.\n", count);
}

static const char *
say_discard (guint count)
{
  return ngettext ("%u message was discarded.\n", "%u messages were discarded.\n", count);
}

static const Wish hold = {
  .usage = {.verb = "hold",
            .operands = N_ ("[NUMBER…]"),
            .summary = N_ ("Keeps waiting messages until they are released."),
            .most = 0},
  .call = est_bus_outbox1_call_hold_sync,
  .done = say_hold,
};

static const Wish release = {
  .usage = {.verb = "release",
            .operands = N_ ("[NUMBER…]"),
            .summary
            = N_ ("Lets messages that are on hold go on. Those that may have arrived are "
                  "sent once more.")},
  .call = est_bus_outbox1_call_release_sync,
  .done = say_release,
};

static const Wish arrived = {
  .usage
  = {.verb = "arrived",
     .operands = N_ ("[NUMBER…]"),
     .summary = N_ ("Says that messages on hold, of which nobody knew whether they had "
                    "arrived, have.\nThey count as sent then.")},
  .call = est_bus_outbox1_call_arrived_sync,
  .done = say_arrived,
};

static const Wish discard = {
  .usage = {.verb = "discard",
            .operands = N_ ("[NUMBER…]"),
            .summary
            = N_ ("Gives messages up that wait, failed or are on hold. They are deleted; "
                  "their delivery\nnote stays. Asks first, unless “--yes” is given.")},
  .call = est_bus_outbox1_call_discard_sync,
  .done = say_discard,
  .asks = TRUE,
};

/* Without a terminal there is nobody to ask. */
static gboolean
confirm (const Wish *wish, gsize n_ids)
{
  char answer[16] = "";
  if (!isatty (STDIN_FILENO))
    {
      est_usage_complain (wish->usage.verb,
                          _ ("say “--yes” if you mean it: discarded mail is gone"));
      return FALSE;
    }
  if (n_ids > 0)
    g_print (ngettext ("Discard %u message for good? [y/N] ",
                       "Discard %u messages for good? [y/N] ", (gulong) n_ids),
             (guint) n_ids);
  else
    g_print ("%s", _ ("Discard all messages that fit, for good? [y/N] "));
  const char *yes = C_ ("answer", "yes");
  return fgets (answer, sizeof answer, stdin) != NULL
         && (g_ascii_tolower (answer[0]) == 'y'
             || g_unichar_tolower (g_utf8_get_char (answer)) == g_utf8_get_char (yes));
}

static EstExit
carry_out (const Wish *wish, GVariant *ids, GVariant *filter, gboolean json)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!wish->call (outbox, ids, filter, &count, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'count': <%u>}", count));
  else
    g_print (wish->done (count), count);
  return EST_EXIT_OK;
}

static EstExit
run (const Wish *wish, char **arguments)
{
  gboolean json = FALSE, yes = FALSE;
  g_auto (EstChoice) choice = {0};
  const GOptionEntry own[] = {
    {"yes", 'y', wish->asks ? 0 : G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &yes,
     N_ ("Do not ask"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = est_choice_entries (&choice, own);
  g_auto (GStrv) operands = est_usage_parse (&wish->usage, entries, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (GVariant) ids = est_choice_ids (&choice, wish->usage.verb, operands, TRUE);
  g_autoptr (GVariant) filter = est_choice_filter (&choice, wish->usage.verb);
  if (ids == NULL || filter == NULL)
    return EST_EXIT_USAGE;
  if (wish->asks && !yes && !confirm (wish, g_variant_n_children (ids)))
    return EST_EXIT_USAGE;
  return carry_out (wish, ids, filter, json);
}

EstExit
est_verb_hold (char **arguments)
{
  return run (&hold, arguments);
}

EstExit
est_verb_release (char **arguments)
{
  return run (&release, arguments);
}

EstExit
est_verb_arrived (char **arguments)
{
  return run (&arrived, arguments);
}

EstExit
est_verb_discard (char **arguments)
{
  return run (&discard, arguments);
}
