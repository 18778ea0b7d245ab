/* Replies and capabilities: one line of a reply per line of input. */
#include "target.h"

#include "mail/capabilities.h"
#include "mail/reply.h"
#include "outcome/blame.h"
#include "outcome/refusal.h"

#include <string.h>

static void
check_words (const EstReply *reply)
{
  g_assert_true (g_utf8_validate (reply->text, -1, NULL));
  for (const char *at = reply->text; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_true (*at == '\n' || !g_unichar_iscntrl (g_utf8_get_char (at)));
  if (reply->status != NULL)
    g_assert_cmpint (reply->status[0] - '0', ==, est_reply_class (reply));
}

static void
check_line (const EstReply *reply)
{
  g_autofree char *line = est_reply_to_line (reply);
  g_autoptr (EstReply) again = est_reply_from_line (line);
  g_autofree char *line_again = est_reply_to_line (again);

  g_assert_cmpint (again->code, ==, reply->code);
  g_assert_cmpstr (line_again, ==, line);
  g_assert_null (strpbrk (line, "\r\n"));
}

/* What goes out on the wire reads back as the same reply. */
static void
check_wire (const EstReply *reply)
{
  g_autofree char *wire = est_reply_format (reply);
  g_auto (GStrv) lines = g_strsplit (wire, "\r\n", -1);
  guint count = g_strv_length (lines) - 1;

  g_assert_true (g_str_is_ascii (wire));
  g_assert_cmpstr (lines[count], ==, "");
  g_clear_pointer (&lines[count], g_free);
  for (guint i = 0; i < count; i++)
    {
      gboolean more;
      int code;

      g_assert_true (est_reply_scan_line (lines[i], &code, &more, NULL));
      g_assert_cmpint (code, ==, reply->code);
      g_assert_cmpint (more, ==, i + 1 < count);
    }

  g_autoptr (EstReply) again = est_reply_parse ((const char *const *) lines, NULL);
  g_autofree char *wire_again = est_reply_format (again);
  g_assert_cmpstr (wire_again, ==, wire);
  g_assert_cmpstr (again->status, ==, reply->status);
}

static void
check_capabilities (const EstReply *reply)
{
  g_autoptr (EstCapabilities) capabilities = est_capabilities_parse (reply);

  for (char **mechanism = capabilities->mechanisms; *mechanism != NULL; mechanism++)
    {
      g_assert_cmpint (**mechanism, !=, '\0');
      g_assert_cmpuint (strspn (*mechanism, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), ==,
                        strlen (*mechanism));
    }
  g_assert_true (capabilities->size || capabilities->size_limit == 0);
}

/* Every answer means something everywhere, and none a yes that is a no. */
static void
check_judgements (const EstReply *reply)
{
  for (EstStage stage = 0; stage < EST_N_STAGES; stage++)
    {
      EstReason reason = est_refusal_judge (stage, reply);
      g_assert_cmpint (reason, <, EST_N_REASONS);
      g_assert_true (reason != EST_REASON_NONE || est_reply_class (reply) < 4);
      if (stage < EST_STAGE_MAIL)
        g_assert_true (reason == EST_REASON_NONE || est_reason_pauses (reason));
    }
  g_assert_cmpint (est_blame (reply), >=, EST_SCOPE_ACCOUNT);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (EstReply) reply = est_reply_parse ((const char *const *) lines, &error);

  g_assert_true ((reply == NULL) == (error != NULL));
  if (reply == NULL)
    return 0;
  check_words (reply);
  check_line (reply);
  check_wire (reply);
  check_capabilities (reply);
  check_judgements (reply);
  return 0;
}
