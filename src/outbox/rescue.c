/* Row by row: whatever reads the damaged one may fail, and what came before is kept. */
#include "outbox/rescue.h"

#include "base/clock.h"
#include "outbox/attempt.h"
#include "outbox/entry.h"
#include "outbox/late.h"
#include "outbox/read.h"
#include "outbox/schema.h"
#include "outbox/seal.h"

#define MESSAGE_COLUMNS                                                                  \
  "id, state, account, sender, body, size, message_id, subject, created, not_before,"    \
  " attempts, first_answer, doubts, reason, reply, settled, wanted, put_off, asked,"     \
  " stamp, seal, options, priority, program, late, figures, bulk, ahead"

typedef struct
{
  EstDatabase *old;
  EstDatabase *fresh;
  EstSalvage *salvage;
} Rescue;

/* Ways to numbers of messages: where one meets damage another may get past it. */
static const char *const ways[] = {
  "SELECT id FROM message ORDER BY id",
  "SELECT id FROM message ORDER BY id DESC",
  "SELECT id FROM message INDEXED BY message_due WHERE state>=0",
  "SELECT message FROM recipient ORDER BY message, number",
  "SELECT message FROM recipient ORDER BY message DESC, number DESC",
  "SELECT k/65536 FROM chunk ORDER BY k",
  "SELECT k/65536 FROM chunk ORDER BY k DESC",
  "SELECT message FROM attempt ORDER BY id",
  "SELECT message FROM attempt ORDER BY id DESC",
};

static void
collect (EstDatabase *old, const char *way, GHashTable *ids)
{
  sqlite3_stmt *row = est_database_query (old, NULL, way, "");
  while (row != NULL && est_database_next (old, row, NULL))
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      if (id > 0 && !g_hash_table_contains (ids, &id))
        g_hash_table_add (ids, g_memdup2 (&id, sizeof id));
    }
}

/* Takes @row (NULL: it could not be asked for) and its successors over as far as they can
   be read; how many. */
static guint
take_over (const Rescue *rescue, sqlite3_stmt *row, const char *insert)
{
  guint count = 0;
  while (row != NULL && est_database_next (rescue->old, row, NULL))
    count += est_database_run_with_row (rescue->fresh, NULL, insert, row);
  return count;
}

/* One bit makes NULL of a column that is never NULL: the others are worth taking over all
   the same. The seal or the state then says that it is not whole. */
static gboolean
move_message (const Rescue *rescue, gint64 id)
{
  static const char insert[]
    = "INSERT INTO message (" MESSAGE_COLUMNS
      ") VALUES (?, coalesce(?,-1), coalesce(?,''), coalesce(?,''), coalesce(?,0),"
      " coalesce(?,0), coalesce(?,''), ?, coalesce(?,0), coalesce(?,0), coalesce(?,0),"
      " ?, coalesce(?,0), coalesce(?,0), ?, ?, coalesce(?,0), coalesce(?,0),"
      " coalesce(?,0), coalesce(?,0), ?, coalesce(?,''), coalesce(?,0), ?,"
      " coalesce(?,0), ?, coalesce(?,0), coalesce(?,0))";
  sqlite3_stmt *row = est_database_query (
    rescue->old, NULL, "SELECT " MESSAGE_COLUMNS " FROM message WHERE id=?", "i", id);
  return take_over (rescue, row, insert) == 1;
}

/* From both ends: damage in the middle hides neither. A row that is found by its key, and
   then reads as another message's, is taken for what it was found as: that keeps it out
   of that one's way, and the seal tells whether it was right. */
static void
move_recipients (const Rescue *rescue, gint64 id)
{
  static const char insert[] = "INSERT OR IGNORE INTO recipient"
                               " (message, number, address, state, reply, options,"
                               " relayed) VALUES (?,?,?,?,?,?,?)";
  take_over (
    rescue,
    est_database_query (rescue->old, NULL,
                        "SELECT ?1, number, address, state, reply, options,"
                        " relayed FROM recipient WHERE message=?1 ORDER BY number",
                        "i", id),
    insert);
  take_over (
    rescue,
    est_database_query (rescue->old, NULL,
                        "SELECT ?1, number, address, state, reply, options,"
                        " relayed FROM recipient WHERE message=?1 ORDER BY number DESC",
                        "i", id),
    insert);
}

static void
move_content (const Rescue *rescue, gint64 id)
{
  gint64 last = -1;
  est_database_number (rescue->old, &last, -1, NULL,
                       "SELECT max(k) FROM chunk WHERE k>=? AND k<?", "ii",
                       EST_CHUNK_KEY (id, 0), EST_CHUNK_KEY (id + 1, 0));
  for (gint64 key = EST_CHUNK_KEY (id, 0); key <= last; key++)
    take_over (rescue,
               est_database_query (rescue->old, NULL,
                                   "SELECT ?1, sum, data FROM chunk WHERE k=?1", "i",
                                   key),
               "INSERT OR IGNORE INTO chunk (k, sum, data) VALUES (?,?,?)");
}

static void
move_attempts (const Rescue *rescue, gint64 id)
{
  take_over (
    rescue,
    est_database_query (rescue->old, NULL,
                        "SELECT id, ?1, time, account, reason, detail, reply,"
                        " peer, tls, mechanism, answers, queue_id, renamed"
                        " FROM attempt WHERE message=?1",
                        "i", id),
    "INSERT OR IGNORE INTO attempt (id, message, time, account, reason, detail, reply,"
    " peer, tls, mechanism, answers, queue_id, renamed)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
}

static gboolean
has_all_content (EstDatabase *fresh, const EstEntry *entry)
{
  guint64 octets = 0;
  for (guint number = 0; octets < entry->size; number++)
    {
      g_autoptr (GBytes) piece = est_read_chunk (fresh, entry->id, number, NULL);
      if (piece == NULL || g_bytes_get_size (piece) == 0)
        return FALSE;
      octets += g_bytes_get_size (piece);
    }
  return octets == entry->size;
}

static gboolean
has_content (EstDatabase *fresh, gint64 id)
{
  gint64 some = 0;
  return !est_database_number (fresh, &some, 0, NULL,
                               "SELECT EXISTS (SELECT 1 FROM chunk WHERE k>=? AND k<?)",
                               "ii", EST_CHUNK_KEY (id, 0), EST_CHUNK_KEY (id + 1, 0))
         || some != 0;
}

static gboolean
is_valid (EstDatabase *fresh, gint64 id)
{
  gint64 valid = 0;
  return est_database_number (fresh, &valid, 0, NULL,
                              "SELECT state BETWEEN 0 AND ? FROM message WHERE id=?",
                              "ii", (gint64) EST_N_STATES - 1, id)
         && valid == 1;
}

static gboolean
is_whole (EstDatabase *fresh, gint64 id)
{
  g_autoptr (EstEntry) entry = est_entry_load (fresh, id, NULL);
  if (entry == NULL || !is_valid (fresh, id) || !est_seal_is_whole (entry))
    return FALSE;
  /* What is over has lost its content: where there is some, the state is wrong. */
  if (entry->state == EST_STATE_SENT || entry->state == EST_STATE_DISCARDED)
    return !has_content (fresh, id);
  return has_all_content (fresh, entry);
}

static gboolean
hold_incomplete (EstDatabase *fresh, gint64 id, GError **error)
{
  return est_database_run (fresh, error,
                           "UPDATE message SET state=?, reason=? WHERE id=?", "iii",
                           (gint64) EST_STATE_HELD, (gint64) EST_REASON_DAMAGED, id)
         && est_attempt_note (fresh, id, est_clock_now (), EST_REASON_DAMAGED,
                              "recovered from a damaged outbox; parts of it are missing",
                              error);
}

static gboolean
move_whole (const Rescue *rescue, gint64 id, GError **error)
{
  if (!move_message (rescue, id))
    {
      rescue->salvage->lost++;
      return TRUE;
    }
  move_recipients (rescue, id);
  move_content (rescue, id);
  move_attempts (rescue, id);
  if (is_whole (rescue->fresh, id))
    {
      rescue->salvage->whole++;
      return TRUE;
    }
  rescue->salvage->incomplete++;
  return hold_incomplete (rescue->fresh, id, error);
}

static gboolean
move_all (const Rescue *rescue, GError **error)
{
  GHashTableIter iterator;
  gpointer id;
  g_autoptr (GHashTable) ids
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    collect (rescue->old, ways[i], ids);
  g_hash_table_iter_init (&iterator, ids);
  while (g_hash_table_iter_next (&iterator, &id, NULL))
    if (!move_whole (rescue, *(const gint64 *) id, error))
      return FALSE;
  return TRUE;
}

/* What stands beside the messages: nice to have. */
static void
move_rest (const Rescue *rescue)
{
  static const char *const tables[][2] = {
    {"SELECT key, value FROM meta",
     "INSERT OR REPLACE INTO meta (key, value) VALUES (?,?)"                     },
    {"SELECT account, reason, since, retry, tries, detail, reply, figures FROM pause",
     "INSERT OR IGNORE INTO pause (account, reason, since, retry, tries, detail, reply,"
     " figures) VALUES (?,?,?,?,?,?,?,?)"                                        },
    {"SELECT account, since FROM halt",
     "INSERT OR IGNORE INTO halt (account, since) VALUES (?,?)"                  },
    {"SELECT account, counted FROM clock",
     "INSERT OR IGNORE INTO clock (account, counted) VALUES (?,?)"               },
    {"SELECT account, time, messages, recipients FROM spent",
     "INSERT INTO spent (account, time, messages, recipients) VALUES (?,?,?,?)"  },
    {"SELECT account, what, value, time FROM learnt",
     "INSERT OR IGNORE INTO learnt (account, what, value, time) VALUES (?,?,?,?)"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    take_over (rescue, est_database_query (rescue->old, NULL, tables[i][0], ""),
               tables[i][1]);
}

gboolean
est_rescue (EstDatabase *fresh, EstDatabase *damaged, EstSalvage *salvage, GError **error)
{
  const Rescue rescue = {damaged, fresh, salvage};
  if (!est_database_run (fresh, error, "BEGIN IMMEDIATE", ""))
    return FALSE;
  move_rest (&rescue);
  return move_all (&rescue, error) && est_late_fill (fresh, error)
         && est_database_run (fresh, error, "COMMIT", "");
}
