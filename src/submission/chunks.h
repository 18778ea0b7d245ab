/* Content in chunks (BDAT, RFC 3030 2): what has come of a message between the first and
   the last of them. One thread. */
#pragma once

#include "intake/incoming.h"
#include "wire/wire.h"

typedef struct EstChunks EstChunks;

/* Takes @incoming over. NULL: chunks that belong to nothing, read to be thrown away.
   @body: BINARYMIME need not be lines. */
EstChunks *est_chunks_new (EstIncoming *incoming, EstBody body);

/* Nothing is left behind of a message whose last chunk did not come whole. */
void est_chunks_free (EstChunks *chunks);

/* Reads one chunk of @size octets within @milliseconds, whatever is wrong with the
   message: they are content, never commands. FALSE when the connection breaks first. */
gboolean
est_chunks_receive (EstChunks *chunks, EstWire *wire, guint64 size, gint64 milliseconds);

/* Why the message must be refused, so far (new reference), or NULL. @last: nothing more
   will come. */
GError *est_chunks_problem (EstChunks *chunks, gboolean last);

EstIncoming *est_chunks_incoming (EstChunks *chunks); /* borrowed */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstChunks, est_chunks_free)
