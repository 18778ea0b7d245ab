/* DATA and BDAT: the message itself, and what storing it came to. */
#include "submission/content.h"

#include "submission/answer.h"
#include "submission/data.h"

static gint64
content_milliseconds (const EstSession *session)
{
  return (gint64) session->settings->submission.data_seconds * 1000;
}

/* The deadline spans the whole content: a client that drips octets cannot stretch it. */
static gboolean
receive (EstSession *session, EstIncoming *incoming, GError **problem)
{
  g_autoptr (EstReply) go = est_answer (354, NULL, "end the message with <CRLF>.<CRLF>");
  est_wire_set_deadline (session->wire, content_milliseconds (session));
  return est_session_say (session, go) && est_wire_flush (session->wire, NULL)
         && est_data_receive (session->wire, incoming, problem);
}

static EstReply *
store (EstIncoming *incoming, GError *problem)
{
  gint64 id;
  g_autoptr (GError) error = NULL;
  if (problem != NULL)
    return est_answer_error (problem);
  if (!est_incoming_store (incoming, &id, &error))
    {
      g_message ("a message was not taken: %s", error->message);
      return est_answer_error (error);
    }
  g_autofree char *text = g_strdup_printf ("queued as %" G_GINT64_FORMAT, id);
  return est_answer (250, "2.0.0", text);
}

static EstReply *
hang_up (EstSession *session)
{
  session->ended = TRUE;
  return NULL;
}

/* RFC 3030 3: after DATA the end of content that is not in lines could not be told. */
EstReply *
est_content_on_data (EstSession *session, const char *argument)
{
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "DATA stands alone");
  if (est_transaction_body (session->transaction) == EST_BODY_BINARYMIME)
    return est_answer (503, "5.5.1", "BODY=BINARYMIME comes by BDAT");
  g_autoptr (EstIncoming) incoming
    = est_transaction_begin (session->transaction, &session->origin);
  g_autoptr (GError) problem = NULL;
  est_session_forget (session);
  if (!receive (session, incoming, &problem))
    return hang_up (session);
  return store (incoming, problem);
}

static gboolean
has_recipients (const EstSession *session)
{
  return est_transaction_has_recipients (session->transaction);
}

/* After a chunk that was refused, those behind it are read and refused as well until the
   client says RSET (RFC 3030 2). */
static EstReply *
judge_chunk (EstSession *session, gboolean last)
{
  if (session->chunks == NULL)
    return est_answer (503, "5.5.1", "no recipient has been taken");
  g_autoptr (GError) problem = est_chunks_problem (session->chunks, last);
  if (!last)
    return problem == NULL ? est_answer (250, "2.0.0", "chunk taken")
                           : est_answer_error (problem);
  EstReply *reply = store (est_chunks_incoming (session->chunks), problem);
  est_session_forget (session);
  return reply;
}

/* How long a chunk is, and whether it is the last one. */
static gboolean
read_chunk_size (const char *argument, guint64 *size, gboolean *last)
{
  char *end;
  if (!g_ascii_isdigit (*argument))
    return FALSE;
  *size = g_ascii_strtoull (argument, &end, 10);
  while (*end == ' ')
    end++;
  *last = g_ascii_strcasecmp (end, "LAST") == 0;
  return *size < G_MAXINT64 && (*last ? end[-1] == ' ' : *end == '\0');
}

/* Where a chunk's end cannot be told, everything behind it could be read as commands. */
EstReply *
est_content_on_bdat (EstSession *session, const char *argument)
{
  guint64 size;
  gboolean last;
  g_autoptr (EstChunks) nobodys = NULL;
  if (!read_chunk_size (argument, &size, &last))
    {
      session->ended = TRUE;
      return est_answer (501, "5.5.4", "say BDAT, a number of octets, and perhaps LAST");
    }
  if (session->chunks == NULL && has_recipients (session))
    session->chunks
      = est_chunks_new (est_transaction_begin (session->transaction, &session->origin),
                        est_transaction_body (session->transaction));
  if (session->chunks == NULL)
    nobodys = est_chunks_new (NULL, EST_BODY_7BIT);
  if (!est_chunks_receive (nobodys ? nobodys : session->chunks, session->wire, size,
                           content_milliseconds (session)))
    return hang_up (session);
  return judge_chunk (session, last);
}
