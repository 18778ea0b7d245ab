/* The journal's rows. */
#include "outbox/attempt.h"

#include "mail/queue-id.h"
#include "outbox/answers.h"

void
est_attempt_free (EstAttempt *attempt)
{
  g_free (attempt->account);
  g_free (attempt->detail);
  g_free (attempt->reply);
  g_free (attempt->route.peer);
  g_free (attempt->route.tls);
  g_free (attempt->route.mechanism);
  g_free (attempt->answers);
  g_free (attempt->queue_id);
  g_free (attempt->renamed);
  g_free (attempt);
}

/* The answer by which the relay took the message over; NULL if it did not. */
static const EstReply *
find_receipt (const EstOutcome *outcome)
{
  for (guint i = outcome->answers->len; i > 0; i--)
    {
      const EstAnswer *answer = &g_array_index (outcome->answers, EstAnswer, i - 1);
      if (answer->stage == EST_STAGE_FINAL)
        return est_reply_class (answer->reply) == 2 ? answer->reply : NULL;
    }
  return NULL;
}

gboolean
est_attempt_store (EstDatabase *database,
                   const EstEntry *entry,
                   const guint *numbers,
                   gint64 time,
                   const EstOutcome *outcome,
                   GError **error)
{
  const EstReply *receipt = find_receipt (outcome);
  g_autofree char *reply = outcome->reply ? est_reply_to_line (outcome->reply) : NULL;
  g_autofree char *answers = est_answers_format (outcome, numbers);
  g_autofree char *queue_id = receipt != NULL ? est_queue_id_find (receipt) : NULL;
  g_autofree char *renamed
    = receipt != NULL ? est_queue_id_renamed (receipt, entry->message_id) : NULL;
  return est_database_run (
    database, error,
    "INSERT INTO attempt (message, time, account, reason, detail, reply, peer, tls,"
    " mechanism, answers, queue_id, renamed) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    "iisissssssss", entry->id, time, entry->account, (gint64) outcome->reason,
    outcome->detail, reply, outcome->route.peer, outcome->route.tls,
    outcome->route.mechanism, answers, queue_id, renamed);
}

gboolean
est_attempt_note (EstDatabase *database,
                  gint64 id,
                  gint64 time,
                  EstReason reason,
                  const char *detail,
                  GError **error)
{
  return est_database_run (database, error,
                           "INSERT INTO attempt (message, time, account, reason, detail)"
                           " SELECT id, ?, account, ?, ? FROM message WHERE id=?",
                           "iisi", time, (gint64) reason, detail, id);
}

static EstAttempt *
read_attempt (sqlite3_stmt *row)
{
  EstAttempt *attempt = g_new0 (EstAttempt, 1);
  attempt->number = sqlite3_column_int64 (row, 0);
  attempt->message = sqlite3_column_int64 (row, 1);
  attempt->time = sqlite3_column_int64 (row, 2);
  attempt->account = est_column_text (row, 3);
  attempt->reason = (EstReason) CLAMP (sqlite3_column_int (row, 4), 0, EST_N_REASONS - 1);
  attempt->detail = est_column_text (row, 5);
  attempt->reply = est_column_text (row, 6);
  attempt->route.peer = est_column_text (row, 7);
  attempt->route.tls = est_column_text (row, 8);
  attempt->route.mechanism = est_column_text (row, 9);
  attempt->answers = est_column_text (row, 10);
  attempt->queue_id = est_column_text (row, 11);
  attempt->renamed = est_column_text (row, 12);
  return attempt;
}

static GPtrArray *
read_attempts (EstDatabase *database, sqlite3_stmt *row, guint limit, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) attempts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_attempt_free);
  while (attempts->len < limit && est_database_next (database, row, &trouble))
    g_ptr_array_add (attempts, read_attempt (row));
  sqlite3_reset (row);
  if (trouble == NULL)
    return g_steal_pointer (&attempts);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

#define COLUMNS                                                                          \
  "attempt.id, message, time, attempt.account, attempt.reason, detail, attempt.reply,"   \
  " peer, tls, mechanism, answers, queue_id, renamed"

GPtrArray *
est_attempt_load_all (EstDatabase *database, gint64 id, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error, "SELECT " COLUMNS " FROM attempt WHERE message=? ORDER BY id", "i",
    id);
  return row != NULL ? read_attempts (database, row, G_MAXUINT, error) : NULL;
}

GPtrArray *
est_attempt_search (EstDatabase *database,
                    const EstJournalSearch *search,
                    gint64 after,
                    guint limit,
                    GError **error)
{
  g_autofree char *words
    = search->text != NULL ? g_utf8_casefold (search->text, -1) : NULL;
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT " COLUMNS " FROM attempt LEFT JOIN message ON message.id=attempt.message"
    " WHERE attempt.id>?1 AND (?2=0 OR attempt.message=?2)"
    " AND (?3 IS NULL OR attempt.account=?3) AND time>=?4 AND (?5=0 OR time<?5)"
    " AND (?6 IS NULL OR holds(detail, ?6) OR holds(attempt.reply, ?6)"
    "  OR holds(queue_id, ?6) OR holds(renamed, ?6) OR holds(sender, ?6)"
    "  OR holds(subject, ?6) OR holds(message_id, ?6) OR EXISTS (SELECT 1 FROM recipient"
    "   WHERE recipient.message=attempt.message AND holds(address, ?6)))"
    " ORDER BY attempt.id",
    "iisiis", after, search->message, search->account, search->since, search->until,
    words);
  return row != NULL ? read_attempts (database, row, limit, error) : NULL;
}
