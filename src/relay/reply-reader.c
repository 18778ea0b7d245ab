/* Line by line, with bounds. */
#include "relay/reply-reader.h"

#include "mail/mail-error.h"

#include <string.h>

#define LINE_LIMIT   16384   /* a 334 may hold 12288 octets of base64 (RFC 4954 4) */
#define ANSWER_LIMIT 1048576 /* octets; what goes on is no answer any more */

/* Lines of one answer. Its code is what counts: of the words those beyond @keep octets
   are read and dropped, however long they go on, up to a bound. */
typedef struct
{
  EstWire *wire;
  gsize left; /* octets it may still have */
  gsize keep; /* and of those to be kept */
  int code;   /* of the lines so far; 0: none */
  gboolean more;
  GPtrArray *kept;
} Lines;

static gboolean
set_endless (GError **error)
{
  g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG,
                       "an answer without end");
  return FALSE;
}

static gboolean
drop_rest_of_line (Lines *lines, GError **error)
{
  gboolean over = FALSE;
  while (!over)
    {
      gsize length;
      const char *data = est_wire_peek (lines->wire, &length, error);
      if (data == NULL)
        return FALSE;
      const char *feed = memchr (data, '\n', length);
      over = feed != NULL;
      length = over ? (gsize) (feed - data) + 1 : length;
      est_wire_consume (lines->wire, length);
      if (length > lines->left)
        return set_endless (error);
      lines->left -= length;
    }
  return TRUE;
}

static gboolean
read_line (Lines *lines, GString *line, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean read = est_wire_read_line (lines->wire, line, LINE_LIMIT, NULL, &cause);
  gboolean cut = g_error_matches (cause, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG);
  if (!read && !cut)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (line->len >= lines->left)
    return set_endless (error);
  lines->left -= line->len + 1;
  return read || drop_rest_of_line (lines, error);
}

/* Of the first line at least the code is kept. */
static gboolean
take_line (Lines *lines, const GString *line, GError **error)
{
  int code;
  if (!est_reply_scan_line (line->str, &code, &lines->more, error))
    return FALSE;
  if (lines->code != 0 && code != lines->code)
    {
      g_set_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX,
                   "one answer has the codes %d and %d", lines->code, code);
      return FALSE;
    }
  if (lines->code == 0 || lines->keep > 0)
    {
      gsize length = MIN (line->len, MAX (lines->keep, 3));
      g_ptr_array_add (lines->kept, g_strndup (line->str, length));
      lines->keep -= MIN (length + 1, lines->keep);
    }
  lines->code = code;
  return TRUE;
}

EstReply *
est_reply_read (EstWire *wire, gsize keep, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) line = g_string_new (NULL);
  Lines lines = {wire, ANSWER_LIMIT, keep, 0, TRUE, kept};
  while (lines.more)
    if (!read_line (&lines, line, error) || !take_line (&lines, line, error))
      return NULL;
  g_ptr_array_add (kept, NULL);
  return est_reply_parse ((const char *const *) kept->pdata, error);
}
