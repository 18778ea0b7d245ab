/* The format of the outbox file, in prose. Times are microseconds since 1970 UTC unless
   another clock is named.

   - message: one row each, with its envelope sender, account, state and what the
     scheduler needs. `body` is EstBody. `state` is EstState; SENDING in the file is the
   mark "content may have arrived", written before the last octet leaves: after a crash
   exactly these are in doubt. `wanted` is the earliest time the person wants it to leave
   (0: at once); `not_before` carries that and every retry. `first_answer` is the
   account's clock (see clock) at the relay's first temporary answer, NULL before it, and
   `put_off` how long that was ago at the last one. `asked`: "still send?" was answered.
   `settled`: the last change of state. `stamp` grows with every change of any row: the
   witness outside of the file remembers the last one, and so knows an old copy. `seal`
   guards the envelope (see seal.h). `figures` goes with `reason` (see EstOutcome).
   `bulk`: one of many that came at once, which others may overtake. `ahead`: until when
   the provider keeps what was handed over ahead of its time, 0 if it was not, and -1 if
   that was tried and it waits here instead (RFC 4865). `options` is what
   MAIL asked for besides (EstEnvelope), `priority` the number among it that orders what
   is due, `late` the hour among it after which it is to come back (0: none; see late.h),
   `program` who handed it in.
   - recipient: one row per RCPT, in order, with its own `options`, a state of its own
     (EstRecipientState) and the last words the relay said about it. After a doubtful
   attempt they stay doubtful until the next one settles them. `relayed`: the relay took
   it, and will not report what becomes of it although that was asked for.
   - chunk: the content, 256 KiB a row, k = message * 65536 + number; `sum` is the SHA-256
     of `data`, because SQLite has no page checksums. Gone once the message is sent or
     discarded.
   - attempt: the journal, one row per conversation about a message and per decision of
   the person about it. `answers` is what the relay said, `queue_id` and `renamed` what it
   called the message (see attempt.h).
   - spent: one row per handover that the account's budget counts, with how many
   messages (0 or 1) and recipients it took over; gone after a day. `learnt`: what the
   account's relay has taught, by name ("recipients-day": see EstLesson), and "since":
   when mail left by it for the first time.
   - pause: one row per account that cannot send now; never a word of it in its messages.
   - halt: one row per account the person has stopped; "" stops everything.
   - clock: per account, how long it could send, in microseconds: while the program ran,
   the machine was awake, and neither a pause nor a halt was in the way. Patience counts
   on it.
   - meta: "identity" of this file, drawn when it was made, and the "machine" it belongs
   to.

   PRAGMA user_version numbers the format, application_id ("ESTF") marks it as ours. Older
   ones are brought up to date, see migration.h. */
#pragma once

#include "outbox/database.h"

#define EST_SCHEMA_VERSION 5

#define EST_CHUNK_SIZE            (256 * 1024) /* octets */
#define EST_CHUNK_KEYS            65536        /* keys per message: 16 GiB of content */
#define EST_CHUNK_KEY(id, number) ((id) *EST_CHUNK_KEYS + (number))

#define EST_SUM_LENGTH 32 /* SHA-256 */

/* The sum of a chunk's data. */
void est_schema_sum (const void *data, gsize length, guint8 sum[EST_SUM_LENGTH]);

/* Makes a new file's tables, brings our own up to date, refuses a newer version (NEWER)
   and anything that is no outbox (FOREIGN) without touching it. */
gboolean est_schema_prepare (EstDatabase *database, GError **error);
