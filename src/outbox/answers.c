/* Lines of text out of answers, and back. */
#include "outbox/answers.h"

#include <string.h>

/* A run of recipients that got the same words. */
typedef struct
{
  GString *text;
  EstStage stage;
  guint first, last;
  char *words; /* NULL: nothing is begun */
} Run;

static char *
escape (const EstReply *reply)
{
  GString *words = g_string_new (NULL);
  g_string_append_printf (words, "%d %s ", reply->code,
                          reply->status != NULL ? reply->status : "-");
  for (const char *at = reply->text; *at != '\0'; at++)
    if (*at == '\n')
      g_string_append (words, "\\n");
    else if (*at == '\\')
      g_string_append (words, "\\\\");
    else
      g_string_append_c (words, *at);
  return g_string_free (words, FALSE);
}

static void
end_run (Run *run)
{
  g_autofree char *words = g_steal_pointer (&run->words);
  g_autoptr (GString) line = g_string_new (est_stage_nick (run->stage));
  if (words == NULL)
    return;
  if (run->stage == EST_STAGE_RCPT)
    g_string_append_printf (line, " %u-%u", run->first, run->last);
  g_string_append_printf (line, " %s\n", words);
  if (run->text->len + line->len <= EST_ANSWERS_LIMIT)
    g_string_append_len (run->text, line->str, (gssize) line->len);
}

static gboolean
goes_on (const Run *run, EstStage stage, guint recipient, const char *words)
{
  return run->words != NULL && stage == EST_STAGE_RCPT && run->stage == EST_STAGE_RCPT
         && recipient == run->last + 1 && strcmp (words, run->words) == 0;
}

static void
take (Run *run, EstStage stage, guint recipient, const EstReply *reply)
{
  g_autofree char *words = escape (reply);
  if (!goes_on (run, stage, recipient, words))
    {
      end_run (run);
      run->stage = stage;
      run->first = recipient;
      run->words = g_steal_pointer (&words);
    }
  run->last = recipient;
}

char *
est_answers_format (const EstOutcome *outcome, const guint *numbers)
{
  Run run = {.text = g_string_new (NULL)};
  for (guint i = 0; i < outcome->answers->len; i++)
    {
      const EstAnswer *answer = &g_array_index (outcome->answers, EstAnswer, i);
      guint recipient = answer->stage == EST_STAGE_RCPT ? numbers[answer->recipient] : 0;
      take (&run, answer->stage, recipient, answer->reply);
    }
  end_run (&run);
  gboolean empty = run.text->len == 0;
  return g_string_free (run.text, empty);
}

static void
free_said (gpointer data)
{
  EstSaid *said = data;
  g_free (said->stage);
  g_strfreev (said->lines);
  g_free (said);
}

static char *
unescape (const char *text)
{
  GString *words = g_string_new (NULL);
  for (; *text != '\0'; text++)
    if (text[0] == '\\' && text[1] != '\0')
      g_string_append_c (words, *++text == 'n' ? '\n' : *text);
    else
      g_string_append_c (words, *text);
  return g_string_free (words, FALSE);
}

/* "250-2.1.0 first", "250 2.1.0 last" */
static char **
lay_out (const char *code, const char *status, const char *escaped)
{
  g_autofree char *text = unescape (escaped);
  char **lines = g_strsplit (*text != '\0' ? text : " ", "\n", -1);
  gboolean bare = strcmp (status, "-") == 0;
  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *words = g_strstrip (*line);
      const char *gap = *words != '\0' && !bare ? " " : "";
      *line = g_strdup_printf ("%s%c%s%s%s", code, line[1] != NULL ? '-' : ' ',
                               bare ? "" : status, gap, words);
      g_strchomp (*line);
    }
  return lines;
}

static gboolean
read_recipients (EstSaid *said, const char *word)
{
  g_auto (GStrv) ends = g_strsplit (word, "-", 2);
  guint64 first, last;
  if (g_strv_length (ends) != 2
      || !g_ascii_string_to_unsigned (ends[0], 10, 0, G_MAXUINT, &first, NULL)
      || !g_ascii_string_to_unsigned (ends[1], 10, first, G_MAXUINT, &last, NULL))
    return FALSE;
  said->of_recipients = TRUE;
  said->first = (guint) first;
  said->last = (guint) last;
  return TRUE;
}

/* @line: without its line end. NULL: it is none. */
static EstSaid *
read_line (const char *line)
{
  gboolean of_recipients = g_str_has_prefix (line, "rcpt ");
  guint n_words = of_recipients ? 5 : 4;
  g_auto (GStrv) words = g_strsplit (line, " ", (int) n_words);
  EstSaid *said = g_new0 (EstSaid, 1);
  if (g_strv_length (words) == n_words
      && (!of_recipients || read_recipients (said, words[1])))
    {
      char **reply = words + n_words - 3;
      said->stage = g_strdup (words[0]);
      said->lines = lay_out (reply[0], reply[1], reply[2]);
      return said;
    }
  free_said (said);
  return NULL;
}

GPtrArray *
est_answers_parse (const char *text)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (free_said);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      EstSaid *said = read_line (*line);
      if (said != NULL)
        g_ptr_array_add (all, said);
    }
  return all;
}
