/* estafeta readdress: another address for one recipient. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/number.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 60

static const EstUsage usage = {
  .verb = "readdress",
  .operands = N_ ("NUMBER OLD-ADDRESS NEW-ADDRESS"),
  .summary
  = N_ ("Sends a message to another address instead of one that it has not reached.\n"
        "The other recipients are left as they are, and so is the text of the message."),
  .least = 3,
  .most = 3,
};

EstExit
est_verb_readdress (char **arguments)
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
  if (!est_bus_outbox1_call_readdress_sync (outbox, id, operands[1], operands[2], NULL,
                                            &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'id': <%t>}", id));
  else
    g_print (_ ("Message %s goes to %s.\n"), operands[0], operands[2]);
  return EST_EXIT_OK;
}
