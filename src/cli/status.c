/* estafeta status: where mail is taken in, what waits, and what is in the way. */
#include "base/clock.h"
#include "base/user.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wording/budget.h"
#include "wording/figure.h"
#include "wording/notice.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <glib/gi18n.h>
#include <string.h>

#define ANSWER_SECONDS 20
#define TLS_PREFIX     "tls:"

static const EstUsage usage = {
  .verb = "status",
  .summary = N_ ("Says where mail is taken in, what waits, and what is in the way."),
};

static void
print_listening (GVariant *status)
{
  g_autofree char *version = est_record_text (status, "version");
  g_auto (GStrv) listening = est_record_texts (status, "listening");
  if (listening[0] == NULL)
    {
      g_print (_ ("Estafeta %s runs, but takes mail nowhere.\n"), version);
      return;
    }
  /* TRANSLATORS: %s is a version; a list of addresses follows */
  g_print (_ ("Estafeta %s takes mail at:\n"), version);
  for (char **address = listening; *address != NULL; address++)
    if (g_str_has_prefix (*address, TLS_PREFIX))
      /* TRANSLATORS: %s is an address */
      g_print (_ ("  %s (encrypted)\n"), *address + strlen (TLS_PREFIX));
    else
      g_print ("  %s\n", *address);
}

static void
print_taken_ports (GVariant *status)
{
  GVariantIter iter;
  const char *address;
  guint32 uid;
  g_autoptr (GVariant) taken = est_record_figures (status, "port-taken");
  g_variant_iter_init (&iter, taken);
  while (g_variant_iter_next (&iter, "{&su}", &address, &uid))
    {
      g_autofree char *user = est_user_name (uid);
      g_autoptr (EstNotice) notice = est_notice_port_taken (address, user);
      g_print ("%s\n", notice->body);
    }
}

static void
print_problem (GVariant *status)
{
  g_autofree char *problem = est_record_text (status, "problem");
  if (*problem == '\0')
    return;
  g_autoptr (EstNotice) notice = est_notice_settings (problem);
  g_print ("%s. %s\n", notice->summary, notice->body);
}

static void
print_counts (GVariant *status)
{
  static const char *const states[]
    = {"waiting", "sending", "uncertain", "held", "failed", "sent", "discarded"};
  g_autoptr (GVariant) counts = est_record_figures (status, "counts");
  GString *line = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      guint32 n;
      if (!g_variant_lookup (counts, states[i], "u", &n) || n == 0)
        continue;
      const char *word = est_wording_state (states[i]);
      g_string_append_printf (line, "%s%s %u", line->len > 0 ? ", " : "", word, n);
    }
  if (line->len == 0)
    g_print ("%s\n", _ ("There are no messages."));
  else
    /* TRANSLATORS: %s is like "waiting 3, failed 1" */
    g_print (_ ("Messages: %s.\n"), line->str);
  g_string_free (line, TRUE);
}

/* @when: 0 for never. */
static void
print_next (gint64 when, gint64 now, const char *indent)
{
  g_autofree char *at = est_wording_when (when, now);
  g_autofree char *span = est_wording_span (when - now);
  if (when > now)
    /* TRANSLATORS: blanks, a span of time, a time of day or a date: "3 minutes
       (14:05)" */
    g_print (_ ("%sThe next attempt is in %s (%s).\n"), indent, span, at);
  else if (when > 0)
    /* TRANSLATORS: %s is blanks */
    g_print (_ ("%sThe next attempt is due now.\n"), indent);
}

static void
print_times (GVariant *status, gint64 now)
{
  gint64 oldest = est_record_time (status, "oldest");
  g_autofree char *span = est_wording_span (now - oldest);
  if (oldest > 0)
    /* TRANSLATORS: %s is a span of time, "3 minutes" */
    g_print (_ ("The oldest has waited for %s.\n"), span);
  print_next (est_record_time (status, "next"), now, "");
}

static void
print_pause (GVariant *account, const char *name, const char *nick, gint64 now)
{
  EstReason reason = est_reason_from_nick (nick);
  gint64 since = est_record_time (account, "since");
  g_autofree char *when = est_wording_when (since, now);
  g_autofree char *figures = est_record_text (account, "figures");
  g_autofree char *reply = est_record_text (account, "reply");
  g_autofree char *why = est_wording_reason (reason, NULL, figures, reply);
  g_autofree char *remedy = est_wording_remedy (reason, name);
  /* TRANSLATORS: the name of an account, and a time of day or a date */
  g_print (_ ("Account “%s” has been paused since %s.\n"), name, when);
  g_print ("  %s\n", why);
  if (remedy != NULL)
    g_print ("  %s\n", remedy);
  print_next (est_record_time (account, "retry"), now, "  ");
}

/* One line; nothing where as much may leave as there is. */
static void
print_budget (GVariant *account)
{
  g_autoptr (GVariant) budget = est_record_list (account, "budget");
  g_autoptr (GString) line = g_string_new (NULL);
  for (gsize i = 0; i < g_variant_n_children (budget); i++)
    {
      g_autoptr (GVariant) one = g_variant_get_child_value (budget, i);
      g_autofree char *what = est_record_text (one, "what");
      g_autofree char *span = est_record_text (one, "span");
      g_autofree char *limit
        = est_wording_limit (what, span, (guint) est_record_number (one, "limit"));
      if (limit == NULL)
        continue;
      g_string_append (line, line->len > 0 ? ", " : "");
      /* TRANSLATORS: what is left, and a limit: "15 of 20 messages a minute" */
      g_string_append_printf (line, _ ("%u of %s"),
                              (guint) est_record_number (one, "left"), limit);
    }
  if (line->len > 0)
    /* TRANSLATORS: %s is like "15 of 20 messages a minute, 310 of 400 recipients a day"
     */
    g_print (_ ("  May still leave: %s.\n"), line->str);
}

/* TRUE: that is all there is to say. */
static gboolean
print_stopped (GVariant *account, const char *name, gint64 now)
{
  gint64 since = est_record_time (account, "stopped");
  g_autofree char *when = est_wording_when (since, now);
  if (since > 0)
    /* TRANSLATORS: the name of an account, and a time of day or a date */
    g_print (
      _ ("Account “%s” was stopped by hand at %s; “estafeta resume” lets it go on.\n"),
      name, when);
  return since > 0;
}

static void
print_everything_stopped (GVariant *status, gint64 now)
{
  gint64 since = est_record_time (status, "stopped");
  g_autofree char *when = est_wording_when (since, now);
  if (since > 0)
    /* TRANSLATORS: a time of day or a date */
    g_print (
      _ ("Everything was stopped by hand at %s; “estafeta resume” lets it go on.\n"),
      when);
}

static void
print_set_aside (GVariant *status)
{
  g_auto (GStrv) names = est_record_texts (status, "set-aside");
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (EstNotice) notice = est_notice_set_aside (*name);
      g_print ("%s. %s\n", notice->summary, notice->body);
    }
}

static void
print_accounts (GVariant *status, gint64 now)
{
  g_autoptr (GVariant) accounts = est_record_list (status, "accounts");
  gsize n = g_variant_n_children (accounts);
  if (n == 0)
    g_print ("%s\n", _ ("No account is set up yet: “estafeta account add” does that."));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) account = g_variant_get_child_value (accounts, i);
      g_autofree char *name = est_record_text (account, "name");
      g_autofree char *nick = est_record_text (account, "paused");
      if (print_stopped (account, name, now))
        continue;
      if (*nick != '\0')
        print_pause (account, name, nick, now);
      else
        g_print (_ ("Account “%s” is ready.\n"), name);
      print_budget (account);
    }
}

static void
print_status (GVariant *status)
{
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  print_listening (status);
  print_taken_ports (status);
  print_problem (status);
  print_set_aside (status);
  print_everything_stopped (status, now);
  print_counts (status);
  print_times (status, now);
  print_accounts (status, now);
}

EstExit
est_verb_status (char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) status = NULL;
  if (!est_bus_outbox1_call_get_status_sync (outbox, &status, NULL, &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (status);
  else
    print_status (status);
  return EST_EXIT_OK;
}
