/* The format of the outbox file, in prose. Times are microseconds since 1970 UTC.

   - message: one row each, with its envelope sender, account, state and what the
     scheduler needs. `state` is EstState; SENDING in the file is the mark "content may
     have arrived", written before the last octet leaves: after a crash exactly these are
     in doubt. `not_before` carries retry, undo and scheduled sending alike.
   - recipient: one row per RCPT, in order, with a state of its own (EstRecipientState)
     and the last words the relay said about it. After a doubtful attempt they stay
     doubtful until the next one settles them.
   - chunk: the content, 256 KiB a row, k = message * 65536 + number; `sum` is the SHA-256
     of `data`, because SQLite has no page checksums. Gone once the message is sent.
   - attempt: the journal, one row per conversation about a message.
   - pause: one row per account that cannot send now; never a word of it in its messages.

   PRAGMA user_version numbers the format, application_id ("ESTF") marks it as ours. */
#pragma once

#include "outbox/database.h"

#define EST_SCHEMA_VERSION 1

#define EST_CHUNK_SIZE            (256 * 1024) /* octets */
#define EST_CHUNK_KEYS            65536        /* keys per message: 16 GiB of content */
#define EST_CHUNK_KEY(id, number) ((id) *EST_CHUNK_KEYS + (number))

#define EST_SUM_LENGTH 32 /* SHA-256 */

/* The sum of a chunk's data. */
void est_schema_sum (const void *data, gsize length, guint8 sum[EST_SUM_LENGTH]);

/* Makes a new file's tables, accepts our own, refuses a newer version (NEWER) and
   anything that is no outbox (FOREIGN) without touching it. */
gboolean est_schema_prepare (EstDatabase *database, GError **error);
