/* estafeta send: try now. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/number.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "send",
  .operands = N_ ("[NUMBER…]"),
  .summary
  = N_ ("Tries to send the messages with these numbers now, or all that wait.\n"
        "Failed and held ones go only to the recipients that have not got them."),
};

/* NULL after a complaint. */
static GVariant *
parse_ids (char **operands)
{
  GVariantBuilder ids;
  g_variant_builder_init (&ids, G_VARIANT_TYPE ("at"));
  for (; *operands != NULL; operands++)
    {
      guint64 id;
      if (!est_number_parse (usage.verb, *operands, &id))
        {
          g_variant_builder_clear (&ids);
          return NULL;
        }
      g_variant_builder_add (&ids, "t", id);
    }
  return g_variant_ref_sink (g_variant_builder_end (&ids));
}

static void
print_count (guint count)
{
  if (count == 0)
    g_print ("%s\n", _ ("Nothing is waiting."));
  else
    g_print (ngettext ("%u message is being tried now.\n",
                       "%u messages are being tried now.\n", count),
             count);
}

EstExit
est_verb_send (char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  g_autoptr (GVariant) ids = operands != NULL ? parse_ids (operands) : NULL;
  if (ids == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  guint count = 0;
  g_autoptr (GError) error = NULL;
  if (!est_bus_outbox1_call_send_sync (outbox, ids, &count, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'count': <%u>}", count));
  else
    print_count (count);
  return EST_EXIT_OK;
}
