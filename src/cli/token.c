/* estafeta token: list and remove, and the way to the other verbs below it. */
#include "cli/token.h"

#include "base/clock.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/listing.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "wording/figure.h"

#include <glib/gi18n.h>

/* "3 of 20", or "3" where there is no limit. */
static char *
tell_use (GVariant *token)
{
  guint used = (guint) est_record_number (token, "used");
  guint per_day = (guint) est_record_number (token, "per-day");
  if (per_day == 0)
    return g_strdup_printf ("%u", used);
  /* TRANSLATORS: messages of the last 24 hours, and how many there may be */
  return g_strdup_printf (_ ("%u of %u"), used, per_day);
}

static char *
tell_list (GVariant *token, const char *key)
{
  g_auto (GStrv) words = est_record_texts (token, key);
  if (*words == NULL)
    return g_strdup (C_ ("limit", "any"));
  return g_strjoinv (", ", words);
}

static void
add_token (EstTable *table, GVariant *token)
{
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autofree char *name = est_record_text (token, "name");
  g_autofree char *senders = tell_list (token, "senders");
  g_autofree char *accounts = tell_list (token, "accounts");
  g_autofree char *use = tell_use (token);
  g_autofree char *created = est_wording_when (est_record_time (token, "created"), now);
  const char *cells[] = {name, senders, accounts, use, created};
  est_table_add (table, cells);
}

static void
print_table (GVariant *tokens)
{
  const EstColumn columns[] = {
    {C_ ("column", "Token"),    0,  FALSE},
    {C_ ("column", "Senders"),  12, FALSE},
    {C_ ("column", "Accounts"), 8,  FALSE},
    {C_ ("column", "24 hours"), 0,  TRUE },
    {C_ ("column", "Since"),    0,  FALSE},
  };
  est_listing_print (tokens, columns, G_N_ELEMENTS (columns), add_token,
                     _ ("There is no token. Programs of yours need none; “estafeta token "
                        "add” gives one a name and limits."));
}

static GDBusProxy *
connect_bus (void)
{
  return G_DBUS_PROXY (est_connect_tokens (EST_TOKEN_SECONDS));
}

static EstExit
list_tokens (char **arguments)
{
  static const EstListing listing = {
    .usage = {.verb = "token list",
              .summary = N_ ("Lists the tokens: which program may hand in what.")},
    .connect = connect_bus,
    .print = print_table,
  };
  return est_listing_run (&listing, arguments);
}

static EstExit
remove_token (char **arguments)
{
  static const EstUsage usage = {
    .verb = "token remove",
    .operands = N_ ("NAME"),
    .summary = N_ ("Takes a token away: its program cannot sign in any more."),
    .least = 1,
    .most = 1,
  };
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusTokens1) bus = est_connect_tokens (EST_TOKEN_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  if (!est_bus_tokens1_call_remove_sync (bus, operands[0], NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'token': <%s>}", operands[0]));
  else
    g_print (_ ("The token “%s” is removed. What it handed in goes on.\n"), operands[0]);
  return EST_EXIT_OK;
}

EstExit
est_verb_token (char **arguments)
{
  static const EstVerbEntry verbs[] = {
    {N_ ("add NAME"),    est_verb_token_add,    N_ ("let a program sign in")    },
    {"list",             list_tokens,           N_ ("list the tokens")          },
    {N_ ("change NAME"), est_verb_token_change, N_ ("give a token other limits")},
    {N_ ("remove NAME"), remove_token,          N_ ("take a token away")        },
    {NULL,               NULL,                  NULL                            },
  };
  return est_verb_run (verbs, "token", arguments);
}
