/* Beside each answer, what it answers. */
#include "cli/conversation.h"

#include "cli/output.h"
#include "cli/record.h"
#include "outcome/stage.h"

#include <glib/gi18n.h>

#define LABEL_COLUMNS 12

/* Commands stand as they are spoken, in any language. */
static const char *const labels[EST_N_STAGES] = {
  /* TRANSLATORS: what a mail server says first */
  [EST_STAGE_GREETING] = NC_ ("conversation", "greeting"),
  [EST_STAGE_EHLO] = "EHLO",
  [EST_STAGE_STARTTLS] = "STARTTLS",
  [EST_STAGE_AUTH] = "AUTH",
  [EST_STAGE_MAIL] = "MAIL",
  [EST_STAGE_RCPT] = "RCPT",
  [EST_STAGE_DATA] = "DATA",
  /* TRANSLATORS: of a message: what a mail server says when it has it all */
  [EST_STAGE_FINAL] = NC_ ("conversation", "content"),
  [EST_STAGE_CHUNK] = "BDAT",
  [EST_STAGE_RSET] = "RSET",
};

/* A stage of a later version stands as it is. */
static const char *
name_stage (const char *nick)
{
  for (EstStage stage = 0; stage < EST_N_STAGES; stage++)
    if (g_str_equal (nick, est_stage_nick (stage)))
      return g_dpgettext2 (NULL, "conversation", labels[stage]);
  return nick;
}

/* "bob@example.net and 3 more" */
static char *
name_recipients (GVariant *answer)
{
  g_auto (GStrv) recipients = est_record_texts (answer, "recipients");
  guint n = g_strv_length (recipients);
  if (n <= 1)
    return g_strdup (n == 1 ? recipients[0] : "");
  /* TRANSLATORS: an address, and how many others got the same answer */
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n - 1),
                          recipients[0], n - 1);
}

static void
append_answer (GString *note, const char *indent, GVariant *answer)
{
  g_autofree char *nick = est_record_text (answer, "stage");
  g_autofree char *recipients = name_recipients (answer);
  g_auto (GStrv) lines = est_record_texts (answer, "lines");
  const char *label = name_stage (nick);
  if (*recipients != '\0')
    g_string_append_printf (note, "%s%s %s\n", indent, label, recipients);
  for (char **line = lines; *line != NULL; line++)
    {
      gboolean first = line == lines && *recipients == '\0';
      g_autofree char *padded = est_output_fit (first ? label : "", LABEL_COLUMNS, FALSE);
      g_string_append_printf (note, "%s%s%s\n", indent, padded, *line);
    }
}

void
est_conversation_append (GString *note, const char *indent, GVariant *answers)
{
  gsize n = g_variant_n_children (answers);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) answer = g_variant_get_child_value (answers, i);
      append_answer (note, indent, answer);
    }
}
