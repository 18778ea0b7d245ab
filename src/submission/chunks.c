/* Receives content whose length is known before. */
#include "submission/chunks.h"

#include "mail/lines.h"
#include "submission/answer.h"

struct EstChunks
{
  EstIncoming *incoming;
  gboolean binary;
  EstLines lines;
  GError *problem; /* the first one: the rest is thrown away */
};

EstChunks *
est_chunks_new (EstIncoming *incoming, EstBody body)
{
  EstChunks *chunks = g_new0 (EstChunks, 1);
  chunks->incoming = incoming;
  chunks->binary = body == EST_BODY_BINARYMIME;
  return chunks;
}

void
est_chunks_free (EstChunks *chunks)
{
  if (chunks == NULL)
    return;
  g_clear_pointer (&chunks->incoming, est_incoming_free);
  g_clear_error (&chunks->problem);
  g_free (chunks);
}

static void
take (EstChunks *chunks, const char *data, gsize length)
{
  if (chunks->incoming == NULL || chunks->problem != NULL)
    return;
  if (chunks->binary || est_lines_check (&chunks->lines, data, length))
    est_incoming_append (chunks->incoming, data, length, &chunks->problem);
  else
    chunks->problem = est_answer_unclean ();
}

/* A client may wait for the answers to what it said before, so they go out first. */
static gboolean
receive (EstChunks *chunks, EstWire *wire, guint64 left)
{
  while (left > 0)
    {
      gsize length;
      if (!est_wire_has_input (wire) && !est_wire_flush (wire, NULL))
        return FALSE;
      const char *data = est_wire_peek (wire, &length, NULL);
      if (data == NULL)
        return FALSE;
      length = (gsize) MIN (length, left);
      take (chunks, data, length);
      est_wire_consume (wire, length);
      left -= length;
    }
  return TRUE;
}

gboolean
est_chunks_receive (EstChunks *chunks, EstWire *wire, guint64 size, gint64 milliseconds)
{
  est_wire_set_deadline (wire, milliseconds);
  return receive (chunks, wire, size);
}

GError *
est_chunks_problem (EstChunks *chunks, gboolean last)
{
  if (chunks->problem == NULL && last && !est_lines_finish (&chunks->lines))
    chunks->problem = est_answer_unclean ();
  return chunks->problem != NULL ? g_error_copy (chunks->problem) : NULL;
}

EstIncoming *
est_chunks_incoming (EstChunks *chunks)
{
  return chunks->incoming;
}
