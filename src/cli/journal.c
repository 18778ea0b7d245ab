/* estafeta journal: what happened to messages, line by line. */
#include "base/clock.h"
#include "cli/choice.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/pages.h"
#include "cli/record.h"
#include "cli/table.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wording/figure.h"
#include "wording/program.h"
#include "wording/reason.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const EstUsage usage = {
  .verb = "journal",
  .summary
  = N_ ("Lists what happened to messages, oldest first: every conversation with a mail\n"
        "server, and every decision."),
};

/* What the choice says, and the one message that is meant; NULL after a complaint. */
static GVariant *
make_filter (const EstChoice *choice, gint64 message)
{
  g_autoptr (GVariant) chosen = est_choice_filter (choice, usage.verb);
  if (chosen == NULL)
    return NULL;
  g_auto (GVariantDict) filter = G_VARIANT_DICT_INIT (chosen);
  if (message > 0)
    g_variant_dict_insert (&filter, "message", "t", (guint64) message);
  return g_variant_ref_sink (g_variant_dict_end (&filter));
}

static char *
tell_result (GVariant *entry)
{
  g_autofree char *nick = est_record_text (entry, "reason");
  g_autofree char *reply = est_record_text (entry, "reply");
  g_autofree char *detail = est_record_text (entry, "detail");
  EstReason reason = est_reason_from_nick (nick);
  if (reason == EST_REASON_BY_HAND)
    return g_steal_pointer (&detail);
  if (reason == EST_REASON_NONE)
    return *reply != '\0' ? g_steal_pointer (&reply)
                          : g_strdup (_ ("The mail server took the message over."));
  return est_wording_reason (reason, NULL, NULL, reply);
}

static void
print_table (GVariant *entries)
{
  const EstColumn columns[] = {
    {C_ ("column", "When"),    0,  FALSE},
    {C_ ("column", "No."),     0,  TRUE },
    {C_ ("column", "Account"), 6,  FALSE},
    {C_ ("column", "Subject"), 12, FALSE},
    {C_ ("column", "Program"), 8,  FALSE},
    {C_ ("column", "Result"),  16, FALSE},
  };
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autoptr (EstTable) table = est_table_new (columns, G_N_ELEMENTS (columns));
  gsize n = g_variant_n_children (entries);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
      g_autofree char *when = est_wording_when (est_record_time (entry, "when"), now);
      g_autofree char *id
        = g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (entry, "message"));
      g_autofree char *account = est_record_text (entry, "account");
      g_autofree char *subject = est_record_text (entry, "subject");
      g_autofree char *nick = est_record_text (entry, "program");
      g_autofree char *program = est_wording_program (nick);
      g_autofree char *result = tell_result (entry);
      const char *cells[] = {when, id, account, subject, program, result};
      est_table_add (table, cells);
    }
  g_autofree char *text = est_table_format (table, est_output_width ());
  if (n > 0)
    g_print ("%s", text);
  else
    g_print ("%s\n", _ ("The journal has nothing of that kind."));
}

EstExit
est_verb_journal (char **arguments)
{
  gboolean json = FALSE;
  gint64 message = 0;
  int last = 0;
  g_auto (EstChoice) choice = {0};
  const GOptionEntry entries[] = {
    {"message", 'm', 0, G_OPTION_ARG_INT64,  &message,        N_ ("Only about this message"),
     N_ ("NUMBER")                                                                                        },
    {"account", 0,   0, G_OPTION_ARG_STRING, &choice.account, N_ ("Only by this account"),
     N_ ("NAME")                                                                                          },
    {"since",   0,   0, G_OPTION_ARG_STRING, &choice.since,
     N_ ("Only since then: 2026-11-24, “2026-11-24 14:05”, 14:05, 12h"),                  N_ ("TIME") },
    {"before",  0,   0, G_OPTION_ARG_STRING, &choice.before,  N_ ("Only before that"),
     N_ ("TIME")                                                                                          },
    {"search",  0,   0, G_OPTION_ARG_STRING, &choice.search,
     N_ ("Only with these words in subject, addresses, Message-ID or replies"),
     N_ ("WORDS")                                                                                         },
    {"last",    'n', 0, G_OPTION_ARG_INT,    &last,           N_ ("Only the last so many"),   N_ ("COUNT")},
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  g_autoptr (GVariant) filter = operands != NULL ? make_filter (&choice, message) : NULL;
  if (filter == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) found = est_pages_fetch (outbox, est_bus_outbox1_call_journal_sync,
                                                filter, "number", last, &error);
  if (found == NULL)
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (found);
  else
    print_table (found);
  return EST_EXIT_OK;
}
