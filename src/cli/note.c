/* The delivery note. Exact times with their zone and the server's exact words: a support
   desk searches its logs for them. */
#include "cli/note.h"

#include "base/clock.h"
#include "cli/conversation.h"
#include "cli/output.h"
#include "cli/record.h"
#include "wording/figure.h"
#include "wording/program.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <glib/gi18n.h>

#define LABEL_COLUMNS 14

/* "From:         a@example.org"; nothing where there is nothing to say. */
static void
append_fact (GString *note, const char *indent, const char *label, const char *text)
{
  if (*text == '\0')
    return;
  guint columns = MAX (LABEL_COLUMNS, est_output_columns (label) + 1);
  g_autofree char *padded = est_output_fit (label, columns, FALSE);
  g_string_append_printf (note, "%s%s%s\n", indent, padded, text);
}

static void
append_keyed (
  GString *note, const char *indent, const char *label, GVariant *record, const char *key)
{
  g_autofree char *text = est_record_text (record, key);
  append_fact (note, indent, label, text);
}

static void
append_heading (GString *note, GVariant *message)
{
  g_autofree char *id
    = g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (message, "id"));
  g_autofree char *state = est_record_text (message, "state");
  /* TRANSLATORS: the number of a message, and its state: "Message 12: on its way" */
  g_string_append_printf (note, _ ("Message %s: %s\n"), id, est_wording_state (state));
}

/* Only of what waits for the budget of its account. */
static void
append_turn (GString *note, GVariant *message)
{
  gint64 leaves = est_record_time (message, "leaves");
  g_autofree char *stamp = est_wording_stamp (leaves);
  /* TRANSLATORS: %s is an exact time */
  g_autofree char *about = g_strdup_printf (_ ("about %s"), stamp);
  if (leaves > 0)
    append_fact (note, "  ", _ ("Leaves:"), about);
}

static void
append_why (GString *note, GVariant *message)
{
  g_autofree char *nick = est_record_text (message, "reason");
  g_autofree char *account = est_record_text (message, "account");
  g_autofree char *figures = est_record_text (message, "figures");
  EstReason reason = est_reason_from_nick (nick);
  if (reason == EST_REASON_NONE)
    return;
  g_autofree char *why = est_wording_reason (reason, account, figures, NULL);
  g_autofree char *remedy = est_wording_remedy (reason, account);
  append_fact (note, "  ", _ ("Why:"), why);
  append_keyed (note, "  ", _ ("Reply:"), message, "reply");
  append_turn (note, message);
  if (remedy != NULL)
    append_fact (note, "  ", _ ("What to do:"), remedy);
}

/* Nothing where it may come as late as it likes. */
static void
append_deliver_by (GString *note, GVariant *message)
{
  gint64 late = est_record_time (message, "deliver-by");
  if (late == 0)
    return;
  g_autofree char *stamp = est_wording_stamp (late);
  append_fact (note, "  ", _ ("Deliver by:"), stamp);
}

/* What was handed over ahead of its time (RFC 4865). */
static void
append_kept_until (GString *note, GVariant *message)
{
  gint64 until = est_record_time (message, "kept-until");
  g_autofree char *stamp = est_wording_stamp (until);
  if (until == 0)
    return;
  append_fact (note, "  ", _ ("Kept until:"), stamp);
  if (until > est_clock_now () / G_USEC_PER_SEC)
    append_fact (note, "  ", "",
                 _ ("The provider has it and sends it on then. It can no longer be "
                    "stopped here."));
}

/* "" where nobody knows. */
static char *
tell_program (GVariant *message)
{
  g_autofree char *program = est_record_text (message, "program");
  return est_wording_program (program);
}

static void
append_facts (GString *note, GVariant *message)
{
  g_autofree char *sender = est_record_text (message, "sender");
  g_autofree char *handed_in = est_wording_stamp (est_record_time (message, "created"));
  g_autofree char *program = tell_program (message);
  g_autofree char *size = est_wording_size (est_record_number (message, "size"));
  append_why (note, message);
  append_keyed (note, "  ", _ ("Subject:"), message, "subject");
  append_fact (note, "  ", _ ("From:"), *sender != '\0' ? sender : "<>");
  append_keyed (note, "  ", _ ("Message-ID:"), message, "message-id");
  append_keyed (note, "  ", _ ("Account:"), message, "account");
  append_fact (note, "  ", _ ("Handed in:"), handed_in);
  append_fact (note, "  ", _ ("By:"), program);
  append_deliver_by (note, message);
  append_kept_until (note, message);
  append_fact (note, "  ", _ ("Size:"), size);
}

static void
append_addressee (GString *note, GVariant *addressee)
{
  g_autofree char *address = est_record_text (addressee, "address");
  g_autofree char *state = est_record_text (addressee, "state");
  g_string_append_printf (note, "  %s: %s\n", address, est_wording_state (state));
  append_keyed (note, "    ", _ ("Reply:"), addressee, "reply");
  if (est_record_flag (addressee, "relayed"))
    append_fact (note, "    ", _ ("Reports:"),
                 _ ("none; the provider does not tell what becomes of it"));
}

/* A reason of a later version is told by its nick, never taken for success. */
static char *
tell_result (const char *nick)
{
  EstReason reason = est_reason_from_nick (nick);
  if (reason != EST_REASON_NONE)
    return est_wording_reason (reason, NULL, NULL, NULL);
  if (g_str_equal (nick, est_reason_nick (EST_REASON_NONE)))
    return g_strdup (_ ("The mail server took the message over."));
  return g_strdup (nick);
}

static void
append_answers (GString *note, GVariant *attempt)
{
  g_autoptr (GVariant) answers = est_record_list (attempt, "answers");
  if (g_variant_n_children (answers) > 0)
    g_string_append_printf (note, "    %s\n", _ ("The server said:"));
  est_conversation_append (note, "      ", answers);
}

static void
append_attempt (GString *note, GVariant *attempt)
{
  g_autofree char *when = est_wording_stamp (est_record_time (attempt, "when"));
  g_autofree char *nick = est_record_text (attempt, "reason");
  g_autofree char *result = tell_result (nick);
  g_string_append_printf (note, "  %s\n", when);
  append_fact (note, "    ", _ ("Result:"), result);
  append_keyed (note, "    ", _ ("Reply:"), attempt, "reply");
  append_keyed (note, "    ", _ ("Queued as:"), attempt, "queue-id");
  append_keyed (note, "    ", _ ("Renamed to:"), attempt, "renamed");
  append_keyed (note, "    ", _ ("Detail:"), attempt, "detail");
  append_keyed (note, "    ", _ ("Account:"), attempt, "account");
  append_keyed (note, "    ", _ ("Server:"), attempt, "peer");
  append_keyed (note, "    ", _ ("Encryption:"), attempt, "tls");
  append_keyed (note, "    ", _ ("Signed in by:"), attempt, "mechanism");
  append_answers (note, attempt);
}

static void
append_each (GString *note,
             const char *title,
             GVariant *records,
             void (*append) (GString *, GVariant *))
{
  gsize n = g_variant_n_children (records);
  if (n > 0)
    g_string_append_printf (note, "\n%s\n", title);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) record = g_variant_get_child_value (records, i);
      append (note, record);
    }
}

char *
est_note_format (GVariant *message)
{
  g_autoptr (GVariant) addressees = est_record_list (message, "addressees");
  g_autoptr (GVariant) attempts = est_record_list (message, "attempts-made");
  GString *note = g_string_new (NULL);
  append_heading (note, message);
  append_facts (note, message);
  append_each (note, _ ("Recipients"), addressees, append_addressee);
  append_each (note, _ ("Attempts"), attempts, append_attempt);
  if (g_variant_n_children (attempts) == 0)
    g_string_append_printf (note, "\n%s\n", _ ("There was no attempt yet."));
  return g_string_free (note, FALSE);
}
