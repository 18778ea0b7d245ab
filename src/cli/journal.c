/* estafeta journal: what happened to messages, line by line. */
#include "base/clock.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/moment.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/table.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wording/figure.h"
#include "wording/reason.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20
#define PAGE           500

static const EstUsage usage = {
  .verb = "journal",
  .summary
  = N_ ("Lists what happened to messages, oldest first: every conversation with a mail\n"
        "server, and every decision."),
};

typedef struct
{
  gint64 message;
  char *account;
  char *since;
  char *before;
  char *search;
  int last;
} Wish;

static void
clear_wish (Wish *wish)
{
  g_free (wish->account);
  g_free (wish->since);
  g_free (wish->before);
  g_free (wish->search);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

static gboolean
add_time (GVariantDict *filter, const char *key, const char *text)
{
  gint64 when;
  if (text == NULL)
    return TRUE;
  if (!est_moment_parse (text, est_clock_now () / G_USEC_PER_SEC, &when))
    {
      est_usage_complain (usage.verb,
                          _ ("“%s” is no time; write 2026-11-24, 14:05 or 12h"), text);
      return FALSE;
    }
  g_variant_dict_insert (filter, key, "x", MAX (when, 0));
  return TRUE;
}

static GVariant *
make_filter (const Wish *wish)
{
  g_auto (GVariantDict) filter = G_VARIANT_DICT_INIT (NULL);
  if (wish->message > 0)
    g_variant_dict_insert (&filter, "message", "t", (guint64) wish->message);
  if (wish->account != NULL)
    g_variant_dict_insert (&filter, "account", "s", wish->account);
  if (wish->search != NULL)
    g_variant_dict_insert (&filter, "text", "s", wish->search);
  if (!add_time (&filter, "since", wish->since)
      || !add_time (&filter, "until", wish->before))
    return NULL;
  return g_variant_ref_sink (g_variant_dict_end (&filter));
}

/* All pages; with @last > 0 no more than the last so many. */
static GPtrArray *
fetch_all (EstBusOutbox1 *outbox, GVariant *filter, int last, GError **error)
{
  g_autoptr (GPtrArray) entries
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint64 after = 0;
  gsize n;
  do
    {
      g_autoptr (GVariant) page = NULL;
      if (!est_bus_outbox1_call_journal_sync (outbox, filter, after, PAGE, &page, NULL,
                                              error))
        return NULL;
      n = g_variant_n_children (page);
      for (gsize i = 0; i < n; i++)
        {
          GVariant *entry = g_variant_get_child_value (page, i);
          g_ptr_array_add (entries, entry);
          after = MAX (after, est_record_number (entry, "number"));
        }
      if (last > 0 && entries->len > (guint) last)
        g_ptr_array_remove_range (entries, 0, entries->len - (guint) last);
    }
  while (n == PAGE);
  return g_steal_pointer (&entries);
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
  return est_wording_reason (reason, NULL, reply);
}

static void
print_table (GPtrArray *entries)
{
  const EstColumn columns[] = {
    {C_ ("column", "When"),    0,  FALSE},
    {C_ ("column", "No."),     0,  TRUE },
    {C_ ("column", "Account"), 6,  FALSE},
    {C_ ("column", "Subject"), 12, FALSE},
    {C_ ("column", "Result"),  16, FALSE},
  };
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autoptr (EstTable) table = est_table_new (columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < entries->len; i++)
    {
      GVariant *entry = g_ptr_array_index (entries, i);
      g_autofree char *when = est_wording_when (est_record_time (entry, "when"), now);
      g_autofree char *id
        = g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (entry, "message"));
      g_autofree char *account = est_record_text (entry, "account");
      g_autofree char *subject = est_record_text (entry, "subject");
      g_autofree char *result = tell_result (entry);
      const char *cells[] = {when, id, account, subject, result};
      est_table_add (table, cells);
    }
  g_autofree char *text = est_table_format (table, est_output_width ());
  if (entries->len > 0)
    g_print ("%s", text);
  else
    g_print ("%s\n", _ ("The journal has nothing of that kind."));
}

static void
print_json (GPtrArray *entries)
{
  g_auto (GVariantBuilder) all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    g_variant_builder_add_value (&all, g_ptr_array_index (entries, i));
  est_json_print (g_variant_builder_end (&all));
}

EstExit
est_verb_journal (char **arguments)
{
  gboolean json = FALSE;
  g_auto (Wish) wish = {0};
  const GOptionEntry entries[] = {
    {"message", 'm', 0, G_OPTION_ARG_INT64,  &wish.message, N_ ("Only about this message"),
     N_ ("NUMBER")                                                                                     },
    {"account", 0,   0, G_OPTION_ARG_STRING, &wish.account, N_ ("Only by this account"),
     N_ ("NAME")                                                                                       },
    {"since",   0,   0, G_OPTION_ARG_STRING, &wish.since,
     N_ ("Only since then: 2026-11-24, “2026-11-24 14:05”, 14:05, 12h"),                N_ ("TIME")},
    {"before",  0,   0, G_OPTION_ARG_STRING, &wish.before,  N_ ("Only before that"),
     N_ ("TIME")                                                                                       },
    {"search",  0,   0, G_OPTION_ARG_STRING, &wish.search,
     N_ ("Only with these words in subject, addresses, Message-ID or replies"),
     N_ ("WORDS")                                                                                      },
    {"last",    'n', 0, G_OPTION_ARG_INT,    &wish.last,    N_ ("Only the last so many"),
     N_ ("COUNT")                                                                                      },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  g_autoptr (GVariant) filter = operands != NULL ? make_filter (&wish) : NULL;
  if (filter == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = fetch_all (outbox, filter, wish.last, &error);
  if (found == NULL)
    return est_trouble_report (error, NULL);
  if (json)
    print_json (found);
  else
    print_table (found);
  return EST_EXIT_OK;
}
