/* The rows of messages: added, marked, settled, sent for again. */
#include "outbox/write.h"

#include "outbox/schema.h"

/* As a due time. The present time would be the future after the clock is set back. */
#define AT_ONCE G_GINT64_CONSTANT (0)

static gboolean
insert_message (EstDatabase *database, const EstAddition *addition, GError **error)
{
  const EstLetter *letter = addition->letter;
  return est_database_run (
    database, error,
    "INSERT INTO message (id, state, account, sender, body, size, message_id, subject,"
    " created, not_before) VALUES (?,?,?,?,?,?,?,?,?,?)",
    "iissiissii", addition->id, (gint64) EST_STATE_WAITING, letter->account,
    letter->envelope->sender, (gint64) letter->envelope->body,
    (gint64) est_content_size (addition->content), letter->message_id, letter->subject,
    addition->now, AT_ONCE);
}

static gboolean
insert_recipients (EstDatabase *database, const EstAddition *addition, GError **error)
{
  char **recipients = addition->letter->envelope->recipients;
  for (gint64 number = 0; recipients[number] != NULL; number++)
    if (!est_database_run (
          database, error,
          "INSERT INTO recipient (message, number, address) VALUES (?,?,?)", "iis",
          addition->id, number, recipients[number]))
      return FALSE;
  return TRUE;
}

static gboolean
insert_chunk (EstDatabase *database, gint64 key, GBytes *data, GError **error)
{
  guint8 sum[EST_SUM_LENGTH];
  est_schema_sum (g_bytes_get_data (data, NULL), g_bytes_get_size (data), sum);
  g_autoptr (GBytes) octets = g_bytes_new_static (sum, sizeof sum);
  return est_database_run (database, error,
                           "INSERT INTO chunk (k, sum, data) VALUES (?,?,?)", "ibb", key,
                           octets, data);
}

static gboolean
insert_chunks (EstDatabase *database, const EstAddition *addition, GError **error)
{
  guint64 size = est_content_size (addition->content);
  g_autofree guint8 *buffer = g_malloc (MIN (size, EST_CHUNK_SIZE) + 1);
  for (gint64 number = 0; (guint64) number * EST_CHUNK_SIZE < size; number++)
    {
      gssize length
        = est_content_read (addition->content, (guint64) number * EST_CHUNK_SIZE, buffer,
                            EST_CHUNK_SIZE, error);
      if (length < 0)
        return FALSE;
      g_autoptr (GBytes) data = g_bytes_new_static (buffer, (gsize) length);
      if (!insert_chunk (database, EST_CHUNK_KEY (addition->id, number), data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
est_write_addition (EstDatabase *database, gpointer data, GError **error)
{
  const EstAddition *addition = data;
  return insert_message (database, addition, error)
         && insert_recipients (database, addition, error)
         && insert_chunks (database, addition, error);
}

gboolean
est_write_mark (EstDatabase *database, gpointer data, GError **error)
{
  const gint64 *id = data;
  return est_database_run (database, error, "UPDATE message SET state=? WHERE id=?", "ii",
                           (gint64) EST_STATE_SENDING, *id);
}

static gboolean
update_recipients (EstDatabase *database, const EstSettlement *settlement, GError **error)
{
  const EstOutcome *outcome = settlement->outcome;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    {
      const EstVerdict *verdict = &outcome->verdicts[i];
      g_autofree char *reply = verdict->reply ? est_reply_to_line (verdict->reply) : NULL;
      if (!est_database_run (database, error,
                             "UPDATE recipient SET state=?, reply=coalesce(?, reply)"
                             " WHERE message=? AND number=?",
                             "isii", (gint64) verdict->state, reply,
                             settlement->entry->id, (gint64) settlement->numbers[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
count_recipients (EstDatabase *database,
                  gint64 id,
                  guint counts[EST_N_RECIPIENT_STATES],
                  GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT state, count(*) FROM recipient WHERE message=? GROUP BY state", "i", id);
  if (row == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  while (est_database_next (database, row, &trouble))
    counts[CLAMP (sqlite3_column_int (row, 0), 0, EST_N_RECIPIENT_STATES - 1)]
      = (guint) sqlite3_column_int (row, 1);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

/* Damaged content is never sent, whatever the relay said: only the person can help. */
static gboolean
state_after (EstDatabase *database, EstSettling *settling, GError **error)
{
  const EstEntry *entry = settling->settlement->entry;
  guint counts[EST_N_RECIPIENT_STATES] = {0};
  if (!count_recipients (database, entry->id, counts, error))
    return FALSE;

  settling->became = est_state_after_attempt (counts[EST_RECIPIENT_DOUBTFUL],
                                              counts[EST_RECIPIENT_PENDING],
                                              counts[EST_RECIPIENT_FAILED]);
  if (settling->became == EST_STATE_UNCERTAIN)
    settling->became = est_state_after_doubt (entry->doubts);
  if (settling->settlement->outcome->reason == EST_REASON_DAMAGED)
    settling->became = EST_STATE_HELD;
  return TRUE;
}

static gboolean
update_message (EstDatabase *database, const EstSettling *settling, GError **error)
{
  const EstSettlement *settlement = settling->settlement;
  const EstOutcome *outcome = settlement->outcome;
  gboolean in_doubt = est_outcome_count (outcome, EST_RECIPIENT_DOUBTFUL) > 0;
  g_autofree char *reply = outcome->reply ? est_reply_to_line (outcome->reply) : NULL;
  return est_database_run (
    database, error,
    "UPDATE message SET state=?, not_before=?, attempts=attempts+?, doubts=doubts+?,"
    " first_answer=coalesce(first_answer, nullif(?, 0)), reason=?, reply=?, settled=? "
    "WHERE id=?",
    "iiiiiisii", (gint64) settling->became, settlement->not_before,
    (gint64) (settlement->counts ? 1 : 0), (gint64) (in_doubt ? 1 : 0),
    settlement->counts ? settling->now : 0, (gint64) outcome->reason, reply,
    settling->now, settlement->entry->id);
}

static gboolean
drop_content (EstDatabase *database, gint64 id, GError **error)
{
  return est_database_run (database, error, "DELETE FROM chunk WHERE k>=? AND k<?", "ii",
                           EST_CHUNK_KEY (id, 0), EST_CHUNK_KEY (id + 1, 0));
}

gboolean
est_write_settling (EstDatabase *database, gpointer data, GError **error)
{
  EstSettling *settling = data;
  const EstEntry *entry = settling->settlement->entry;
  if (!update_recipients (database, settling->settlement, error)
      || !state_after (database, settling, error)
      || !update_message (database, settling, error)
      || !est_attempt_store (database, entry->id, entry->account, settling->now,
                             settling->settlement->outcome, error))
    return FALSE;
  return settling->became != EST_STATE_SENT || drop_content (database, entry->id, error);
}

/* The mark says that content may have arrived: recipients without a final word are in
   doubt. First doubt: back to waiting; a further one: held. */
gboolean
est_write_recovery (EstDatabase *database, gpointer data, GError **error)
{
  const gint64 *now = data;
  return est_database_run (database, error,
                           "UPDATE recipient SET state=? WHERE state=? AND message IN"
                           " (SELECT id FROM message WHERE state=?)",
                           "iii", (gint64) EST_RECIPIENT_DOUBTFUL,
                           (gint64) EST_RECIPIENT_PENDING, (gint64) EST_STATE_SENDING)
         && est_database_run (
           database, error,
           "INSERT INTO attempt (message, time, account, reason, detail)"
           " SELECT id, ?, account, ?,"
           " 'the program ended before the relay answered'"
           " FROM message WHERE state=?",
           "iii", *now, (gint64) EST_REASON_UNCERTAIN, (gint64) EST_STATE_SENDING)
         && est_database_run (
           database, error,
           "UPDATE message SET state=iif(doubts=0, ?, ?), doubts=doubts+1, reason=?"
           " WHERE state=?",
           "iiii", (gint64) est_state_after_doubt (0), (gint64) est_state_after_doubt (1),
           (gint64) EST_REASON_UNCERTAIN, (gint64) EST_STATE_SENDING);
}

/* What waits goes on as it is, only sooner. */
static gboolean
hurry (EstDatabase *database, gint64 id, GError **error)
{
  return est_database_run (database, error, "UPDATE message SET not_before=? WHERE id=?",
                           "ii", AT_ONCE, id);
}

/* Every refused recipient gets another chance; those that have it are left alone. */
static gboolean
reopen (EstDatabase *database, gint64 id, GError **error)
{
  return est_database_run (
           database, error, "UPDATE recipient SET state=? WHERE message=? AND state=?",
           "iii", (gint64) EST_RECIPIENT_PENDING, id, (gint64) EST_RECIPIENT_FAILED)
         && est_database_run (database, error,
                              "UPDATE message SET state=?, not_before=?,"
                              " first_answer=NULL, attempts=0 WHERE id=?",
                              "iii", (gint64) EST_STATE_WAITING, AT_ONCE, id);
}

static gboolean
check_can_be_sent (const EstEntry *entry, GError **error)
{
  if (entry->state == EST_STATE_WAITING
      || est_state_may_become (entry->state, EST_STATE_WAITING))
    return TRUE;
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE,
               "message %" G_GINT64_FORMAT " is %s", entry->id,
               est_state_nick (entry->state));
  return FALSE;
}

static gboolean
send_one_now (EstDatabase *database, EstRequest *request, gint64 id, GError **error)
{
  g_autoptr (EstEntry) entry = est_entry_load (database, id, error);
  if (entry == NULL || !check_can_be_sent (entry, error))
    return FALSE;
  gboolean waits = entry->state == EST_STATE_WAITING;
  if (!(waits ? hurry (database, id, error) : reopen (database, id, error)))
    return FALSE;
  EstChange change = {id, (int) entry->state, EST_STATE_WAITING};
  g_array_append_val (request->changes, change);
  return TRUE;
}

gboolean
est_write_send_now (EstDatabase *database, gpointer data, GError **error)
{
  EstRequest *request = data;
  for (gsize i = 0; i < request->n_ids; i++)
    if (!send_one_now (database, request, request->ids[i], error))
      return FALSE;
  return request->n_ids > 0
         || est_database_run (database, error,
                              "UPDATE message SET not_before=? WHERE state=?"
                              " AND not_before>?",
                              "iii", AT_ONCE, (gint64) EST_STATE_WAITING, request->now);
}
