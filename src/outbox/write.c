/* The rows of messages: added, marked, settled. */
#include "outbox/write.h"

#include "outbox/late.h"
#include "outbox/schema.h"
#include "outbox/seal.h"
#include "outbox/spent.h"
#include "outbox/standing.h"

static GBytes *
seal_letter (const EstAddition *addition)
{
  const EstLetter *letter = addition->letter;
  guint n_recipients = g_strv_length (letter->envelope->recipients);
  g_autofree EstRecipient *recipients = g_new0 (EstRecipient, n_recipients + 1);
  for (guint i = 0; i < n_recipients; i++)
    {
      recipients[i].address = letter->envelope->recipients[i];
      recipients[i].options = letter->envelope->recipient_options[i];
    }
  EstEntry entry = {.account = (char *) letter->account,
                    .sender = letter->envelope->sender,
                    .body = letter->envelope->body,
                    .options = letter->envelope->options,
                    .size = est_content_size (addition->content),
                    .message_id = (char *) letter->message_id,
                    .n_recipients = n_recipients,
                    .recipients = recipients};
  return est_seal_of (&entry);
}

static gboolean
insert_message (EstDatabase *database, const EstAddition *addition, GError **error)
{
  const EstLetter *letter = addition->letter;
  EstState state = letter->held != EST_REASON_NONE ? EST_STATE_HELD : EST_STATE_WAITING;
  g_autoptr (GBytes) seal = seal_letter (addition);
  return est_database_run (
    database, error,
    "INSERT INTO message (id, state, account, sender, body, size, message_id, subject,"
    " created, not_before, wanted, reason, stamp, seal, options, priority, program, late,"
    " bulk) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "iissiissiiiiibsisii", addition->id, (gint64) state, letter->account,
    letter->envelope->sender, (gint64) letter->envelope->body,
    (gint64) est_content_size (addition->content), letter->message_id, letter->subject,
    addition->now, letter->not_before, letter->not_before, (gint64) letter->held,
    addition->stamp, seal, letter->envelope->options, (gint64) letter->priority,
    letter->program, est_late_hour (letter->envelope->options),
    (gint64) (letter->bulk ? 1 : 0));
}

static gboolean
insert_recipients (EstDatabase *database, const EstAddition *addition, GError **error)
{
  char **recipients = addition->letter->envelope->recipients;
  char **options = addition->letter->envelope->recipient_options;
  for (gint64 number = 0; recipients[number] != NULL; number++)
    if (!est_database_run (
          database, error,
          "INSERT INTO recipient (message, number, address, options) VALUES (?,?,?,?)",
          "iiss", addition->id, number, recipients[number], options[number]))
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
  const EstMark *mark = data;
  return est_database_run (database, error,
                           "UPDATE message SET state=?, stamp=? WHERE id=?", "iii",
                           (gint64) EST_STATE_SENDING, mark->stamp, mark->id);
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
                             "UPDATE recipient SET state=?, reply=coalesce(?, reply),"
                             " relayed=? WHERE message=? AND number=?",
                             "isiii", (gint64) verdict->state, reply,
                             (gint64) (verdict->relayed ? 1 : 0), settlement->entry->id,
                             (gint64) settlement->numbers[i]))
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

/* Damaged content is never sent, whatever the relay said: only the person can help.
   @hold: the person wants to be asked. */
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
  if (settling->settlement->outcome->reason == EST_REASON_DAMAGED
      || (settling->settlement->hold && settling->became != EST_STATE_SENT))
    settling->became = EST_STATE_HELD;
  return est_state_check (entry->id, EST_STATE_SENDING, settling->became, error);
}

/* What still waits although this attempt went well was put off by an earlier one, whose
   words stay, or has its turn next. */
static gboolean
waits_for_others (const EstSettling *settling)
{
  return settling->became == EST_STATE_WAITING
         && settling->settlement->outcome->reason == EST_REASON_NONE;
}

/* What failed may have failed in an earlier attempt; this one only reached the others.
   What came back ahead of its time waits for that and nothing else. */
static EstReason
reason_after (const EstSettling *settling)
{
  EstReason reason = settling->settlement->outcome->reason;
  if (settling->became == EST_STATE_WAITING && settling->settlement->ahead < 0)
    return EST_REASON_NONE;
  if (waits_for_others (settling) && !settling->settlement->outcome->rest)
    return EST_REASON_DEFERRED;
  gboolean explains
    = reason != EST_REASON_NONE && est_reason_permanence (reason) == EST_PERMANENT;
  return settling->became == EST_STATE_FAILED && !explains ? EST_REASON_RECIPIENT_REFUSED
                                                           : reason;
}

/* Only the message's first temporary answer begins the time it is put off for. */
static gboolean
update_message (EstDatabase *database, const EstSettling *settling, GError **error)
{
  const EstSettlement *settlement = settling->settlement;
  const EstOutcome *outcome = settlement->outcome;
  gboolean in_doubt = est_outcome_count (outcome, EST_RECIPIENT_DOUBTFUL) > 0;
  g_autofree char *reply = outcome->reply ? est_reply_to_line (outcome->reply) : NULL;
  return est_database_run (
    database, error,
    "UPDATE message SET state=?1, not_before=?2, attempts=attempts+?3, doubts=doubts+?4,"
    " first_answer=iif(?3, coalesce(first_answer, ?5), first_answer),"
    " put_off=iif(?3, max(0, ?5-coalesce(first_answer, ?5)), put_off),"
    " reason=?6, reply=iif(?12, reply, ?7), settled=?8, stamp=?9, figures=?11,"
    " ahead=?13"
    " WHERE id=?10",
    "iiiiiisiiisii", (gint64) settling->became, settlement->not_before,
    (gint64) (settlement->counts ? 1 : 0), (gint64) (in_doubt ? 1 : 0),
    settlement->lane_time, (gint64) reason_after (settling), reply, settling->now,
    settling->stamp, settlement->entry->id, outcome->figures,
    (gint64) waits_for_others (settling), settlement->ahead);
}

/* What patience counts on outlives the program. */
static gboolean
keep_clock (EstDatabase *database, const EstSettling *settling, GError **error)
{
  const EstSettlement *settlement = settling->settlement;
  return settling->became != EST_STATE_WAITING || !settlement->counts
         || est_standing_keep_clock (database, settlement->entry->account,
                                     settlement->lane_time, error);
}

gboolean
est_write_drop_content (EstDatabase *database, gint64 id, GError **error)
{
  return est_database_run (database, error, "DELETE FROM chunk WHERE k>=? AND k<?", "ii",
                           EST_CHUNK_KEY (id, 0), EST_CHUNK_KEY (id + 1, 0));
}

gboolean
est_write_settling (EstDatabase *database, gpointer data, GError **error)
{
  EstSettling *settling = data;
  const EstSettlement *settlement = settling->settlement;
  if (!update_recipients (database, settlement, error)
      || !state_after (database, settling, error)
      || !update_message (database, settling, error)
      || !keep_clock (database, settling, error)
      || !est_spent_store (database, settlement->entry->account, settling->now,
                           settlement->outcome, error)
      || !est_attempt_store (database, settlement->entry, settlement->numbers,
                             settling->now, settlement->outcome, error))
    return FALSE;
  return settling->became != EST_STATE_SENT
         || est_write_drop_content (database, settlement->entry->id, error);
}

/* The mark says that content may have arrived: recipients without a final word are in
   doubt. First doubt: back to waiting; a further one: held. */
gboolean
est_write_recovery (EstDatabase *database, gpointer data, GError **error)
{
  const gint64 *now = data;
  return est_spent_recover (database, *now, error)
         && est_database_run (database, error,
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
