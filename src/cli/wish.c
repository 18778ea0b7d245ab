/* estafeta hold, release, arrived, discard: what a person decides about messages. One
   table; the verbs are alike but for their words. */
#include "cli/choice.h"
#include "cli/confirm.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>
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

static EstExit
carry_out (
  const Wish *wish, EstBusOutbox1 *outbox, GVariant *ids, GVariant *filter, gboolean json)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (!wish->call (outbox, ids, filter, &count, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'count': <%u>}", count));
  else
    g_print (wish->done (count), count);
  return EST_EXIT_OK;
}

static EstExit
ask_and_carry_out (
  const Wish *wish, EstBusOutbox1 *outbox, GVariant *ids, GVariant *filter, gboolean json)
{
  g_autoptr (GVariant) bounded = est_choice_until_now (filter);
  EstExit answer = est_confirm_discard (outbox, ids, bounded);
  return answer == EST_EXIT_OK ? carry_out (wish, outbox, ids, bounded, json) : answer;
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
  gboolean asks = wish->asks && !yes;
  if (asks && (json || !isatty (STDIN_FILENO))) /* there is nobody to ask */
    {
      est_usage_complain (wish->usage.verb,
                          _ ("say “--yes” if you mean it: discarded mail is gone"));
      return EST_EXIT_USAGE;
    }
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  return asks ? ask_and_carry_out (wish, outbox, ids, filter, json)
              : carry_out (wish, outbox, ids, filter, json);
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
