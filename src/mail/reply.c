/* Replies as values: read once from what a server sent, kept with the message, shown to a
   person. All of a server's words pass est_plain_text() here, so nobody else need
   distrust them. */
#include "mail/reply.h"

#include "mail/mail-error.h"
#include "mail/plain.h"

#include <string.h>

/* The length of a status code of this @class at the start of @text, 0 if there is none
   (RFC 3463 2: "class.subject.detail" with up to three digits each). */
static gsize
measure_status (const char *text, char class)
{
  const char *at = text + 1;

  if (text[0] != class || strchr ("245", class) == NULL)
    return 0;
  for (int part = 0; part < 2; part++)
    {
      gsize digits = *at == '.' ? strspn (at + 1, "0123456789") : 0;
      if (digits < 1 || digits > 3)
        return 0;
      at += 1 + digits;
    }
  return *at == '\0' || *at == ' ' ? at - text : 0;
}

static char
class_digit (int code)
{
  return '0' + code / 100;
}

static char *
clean_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *plain = est_plain_text (*line, -1);
      g_free (*line);
      *line = plain;
    }
  return g_strjoinv ("\n", lines);
}

EstReply *
est_reply_new (int code, const char *status, const char *text)
{
  EstReply *reply = g_atomic_rc_box_new0 (EstReply);
  gsize length = status != NULL ? measure_status (status, class_digit (code)) : 0;

  reply->code = code;
  reply->status = length > 0 ? g_strndup (status, length) : NULL;
  reply->text = clean_lines (text);
  return reply;
}

EstReply *
est_reply_ref (EstReply *reply)
{
  return g_atomic_rc_box_acquire (reply);
}

static void
clear (gpointer data)
{
  EstReply *reply = data;

  g_free (reply->status);
  g_free (reply->text);
}

void
est_reply_unref (EstReply *reply)
{
  g_atomic_rc_box_release_full (reply, clear);
}

gboolean
est_reply_scan_line (const char *line, int *code, gboolean *more, GError **error)
{
  gboolean numbered = line[0] >= '2' && line[0] <= '5' && g_ascii_isdigit (line[1])
                      && g_ascii_isdigit (line[2]);

  if (!numbered || (line[3] != '\0' && line[3] != ' ' && line[3] != '-'))
    {
      g_set_error_literal (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX,
                           "A reply must start with its code");
      return FALSE;
    }
  *code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  *more = line[3] == '-';
  return TRUE;
}

/* Appends the words of one line; its status code goes to @status unless an earlier line
   gave one. */
static void
take_line (const char *line, GString *text, char **status)
{
  g_autofree char *words = est_plain_text (line[3] != '\0' ? line + 4 : "", -1);
  gsize length = measure_status (words, line[0]);

  if (length > 0 && *status == NULL)
    *status = g_strndup (words, length);
  g_string_append (text, g_strchug (words + length));
}

EstReply *
est_reply_parse (const char *const *lines, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *status = NULL;
  int first = 0;

  for (gsize i = 0; i == 0 || lines[i] != NULL; i++)
    {
      const char *line = lines[i] != NULL ? lines[i] : "";
      gboolean more;
      int code;

      if (!est_reply_scan_line (line, &code, &more, error))
        return NULL;
      if (i > 0 && code != first)
        {
          g_set_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SYNTAX,
                       "One reply has the codes %d and %d", first, code);
          return NULL;
        }
      first = code;
      if (i > 0)
        g_string_append_c (text, '\n');
      take_line (line, text, &status);
    }
  return est_reply_new (first, status, text->str);
}

/* The wire speaks ASCII unless SMTPUTF8 was agreed on. */
static void
append_ascii (GString *out, const char *from, const char *to)
{
  for (const char *at = from; at < to; at = g_utf8_next_char (at))
    g_string_append_c (out, (guchar) *at < 0x80 ? *at : '?');
}

char *
est_reply_format (const EstReply *reply)
{
  GString *out = g_string_new (NULL);
  const char *next = reply->text;

  while (next != NULL)
    {
      const char *line = next, *stop = strchrnul (line, '\n');

      next = *stop == '\n' ? stop + 1 : NULL;
      g_string_append_printf (out, "%d%c", reply->code, next != NULL ? '-' : ' ');
      if (reply->status != NULL)
        g_string_append_printf (out, "%s%s", reply->status, stop > line ? " " : "");
      append_ascii (out, line, stop);
      g_string_append (out, "\r\n");
    }
  return g_string_free (out, FALSE);
}

char *
est_reply_to_line (const EstReply *reply)
{
  g_autofree char *words = est_plain_text (reply->text, -1);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%d", reply->code);
  if (reply->status != NULL)
    g_string_append_printf (line, " %s", reply->status);
  if (*words != '\0')
    g_string_append_printf (line, " %s", words);
  return g_string_free (line, FALSE);
}

EstReply *
est_reply_from_line (const char *line)
{
  const char *lines[] = {line, NULL};

  return line != NULL ? est_reply_parse (lines, NULL) : NULL;
}

int
est_reply_class (const EstReply *reply)
{
  return reply->code / 100;
}
