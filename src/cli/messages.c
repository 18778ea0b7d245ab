/* Messages as a table. */
#include "cli/messages.h"

#include "base/clock.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/table.h"
#include "wording/figure.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <glib/gi18n.h>

/* "b@example.net +2" */
static char *
name_recipients (GVariant *message)
{
  g_auto (GStrv) recipients = est_record_texts (message, "recipients");
  guint n = g_strv_length (recipients);
  if (n <= 1)
    return g_strdup (n == 1 ? recipients[0] : "");
  return g_strdup_printf ("%s +%u", recipients[0], n - 1);
}

static char *
tell_turn (gint64 leaves, gint64 now)
{
  g_autofree char *when = est_wording_when (leaves, now);
  /* TRANSLATORS: %s is a time of day or a date */
  return g_strdup_printf (
    _ ("leaves about %s: no more may leave by this account until then"), when);
}

static char *
tell_why (GVariant *message, gint64 now)
{
  g_autofree char *nick = est_record_text (message, "reason");
  g_autofree char *figures = est_record_text (message, "figures");
  g_autofree char *reply = est_record_text (message, "reply");
  EstReason reason = est_reason_from_nick (nick);
  gint64 leaves = est_record_time (message, "leaves");
  if (reason == EST_REASON_BUDGET && leaves > 0)
    return tell_turn (leaves, now);
  if (reason != EST_REASON_NONE)
    return est_wording_reason (reason, NULL, figures, reply);

  gint64 kept = est_record_time (message, "kept-until");
  g_autofree char *until = est_wording_when (kept, now);
  if (kept > now)
    /* TRANSLATORS: %s is a time of day or a date */
    return g_strdup_printf (
      _ ("kept by the provider until %s; it can no longer be stopped here"), until);

  gint64 due = est_record_time (message, "due");
  if (due <= now)
    return NULL;
  g_autofree char *when = est_wording_when (due, now);
  /* TRANSLATORS: %s is a time of day or a date */
  return g_strdup_printf (_ ("not before %s"), when);
}

static void
add_message (EstTable *table, GVariant *message, gint64 now)
{
  g_autofree char *id
    = g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (message, "id"));
  g_autofree char *state = est_record_text (message, "state");
  g_autofree char *when = est_wording_when (est_record_time (message, "created"), now);
  g_autofree char *to = name_recipients (message);
  g_autofree char *subject = est_record_text (message, "subject");
  g_autofree char *why = tell_why (message, now);
  const char *cells[] = {id, est_wording_state (state), when, to, subject, why};
  est_table_add (table, cells);
}

void
est_messages_print (GVariant *messages, guint most)
{
  const EstColumn columns[] = {
    {C_ ("column", "No."),       0,  TRUE },
    {C_ ("column", "State"),     0,  FALSE},
    {C_ ("column", "Handed in"), 0,  FALSE},
    {C_ ("column", "To"),        12, FALSE},
    {C_ ("column", "Subject"),   12, FALSE},
    {C_ ("column", "Why"),       16, FALSE},
  };
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  gsize n = g_variant_n_children (messages);
  g_autoptr (EstTable) table = est_table_new (columns, G_N_ELEMENTS (columns));
  gsize n_named = most > 0 ? MIN (n, most) : n;
  for (gsize i = 0; i < n_named; i++)
    {
      g_autoptr (GVariant) message = g_variant_get_child_value (messages, i);
      add_message (table, message, now);
    }
  g_autofree char *text = est_table_format (table, est_output_width ());
  g_print ("%s", text);
  guint rest = (guint) (n - n_named);
  if (rest > 0)
    g_print (ngettext ("… and %u more\n", "… and %u more\n", rest), rest);
}
