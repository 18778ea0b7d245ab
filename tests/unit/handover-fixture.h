/* For tests: messages handed over to a relay that follows a script. */
#pragma once

#include "relay-fixture.h"

#define HELLO     "> 220 relay\n< EHLO [127.0.0.1]\n"
#define PIPELINED HELLO "> 250-relay\n> 250-SIZE 1000\n> 250-8BITMIME\n> 250 PIPELINING\n"
#define STEPWISE  HELLO "> 250 relay\n"
#define BYE       "< QUIT\n> 221 bye\n"

#define MAIL    "< MAIL FROM:<a@x> SIZE=13\n"
#define RCPT(r) "< RCPT TO:<" r ">\n"

typedef struct
{
  Script *script;
  const char *const *pieces; /* NULL: cannot be read from there on */
  guint n_pieces;
  gsize length; /* of what must have come before the mark, and no more */
  guint n_read, n_marks, n_rewinds;
  gboolean mark_fails;
  GError *read_error;
  guint64 size; /* as it is announced; 0: 13 */
} Content;

static GBytes *
read_content_piece (gpointer data, GError **error)
{
  Content *content = data;
  if (content->n_read == content->n_pieces && content->read_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&content->read_error));
      return NULL;
    }
  if (content->n_read == content->n_pieces)
    return g_bytes_new_static ("", 0);
  const char *piece = content->pieces[content->n_read++];
  return g_bytes_new_static (piece, strlen (piece));
}

static void
rewind_content (gpointer data)
{
  Content *content = data;
  content->n_rewinds++;
  content->n_read = 0;
}

/* By now the relay has everything but the dot, or the last octet. */
static gboolean
note_mark (gpointer data, GError **error)
{
  Content *content = data;
  Script *script = content->script;
  content->n_marks++;
  for (guint i = 0;
       i < 200 && g_atomic_int_get (&script->n_content) < (gint) content->length; i++)
    g_usleep (10000);
  g_assert_cmpint (g_atomic_int_get (&script->n_content), ==, (gint) content->length);
  g_usleep (20000);
  g_assert_cmpint (g_atomic_int_get (&script->n_content), ==, (gint) content->length);
  g_assert_false (g_atomic_int_get (&script->dot_seen));
  if (content->mark_fails)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "disk full");
  return !content->mark_fails;
}

static EstOutcome *
hand_over (EstRelay *relay, const char *recipients, EstBody body, Content *content)
{
  g_auto (GStrv) list = g_strsplit (recipients, ",", -1);
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@x", (const char *const *) list, body);
  EstHandoverSource source = {content->size > 0 ? content->size : 13, read_content_piece,
                              rewind_content, note_mark, content};
  return est_handover (relay, envelope, &source);
}

static void
assert_outcome (const EstOutcome *outcome, EstReason reason, const char *verdicts)
{
  g_autofree char *text = describe_verdicts (outcome);
  g_assert_cmpstr (est_reason_nick (outcome->reason), ==, est_reason_nick (reason));
  g_assert_cmpstr (text, ==, verdicts);
  g_assert_true (g_str_has_prefix (outcome->route.peer, "127.0.0.1:"));
}

static const char *const hello_pieces[] = {"A: b\r\n", "\r\n", "hi\r\n"};
