/* estafeta show: the delivery note of one message. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/note.h"
#include "cli/number.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "show",
  .operands = N_ ("NUMBER"),
  .summary
  = N_ ("Prints the delivery note of a message: every recipient, every attempt and "
        "the words\nof the mail server, as a support desk wants to see them."),
  .least = 1,
  .most = 1,
};

EstExit
est_verb_show (char **arguments)
{
  guint64 id;
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL || !est_number_parse (usage.verb, operands[0], &id))
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) message = NULL;
  if (!est_bus_outbox1_call_show_sync (outbox, id, &message, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    {
      est_json_print (message);
      return EST_EXIT_OK;
    }
  g_autofree char *note = est_note_format (message);
  g_print ("%s", note);
  return EST_EXIT_OK;
}
