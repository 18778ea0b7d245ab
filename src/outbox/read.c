/* Questions to the outbox's tables. */
#include "outbox/read.h"

#include "outbox/ahead.h"
#include "outbox/schema.h"

#include <string.h>

/* What is left empty narrows nothing down. */
static sqlite3_stmt *
select_messages (EstDatabase *database,
                 const EstSelection *selection,
                 const char *words,
                 gint64 after,
                 GError **error)
{
  return est_database_query (
    database, error,
    "SELECT id, state FROM message WHERE id>?1 AND (?2 IS NULL OR account=?2)"
    " AND (?3=0 OR reason=?3) AND created>=?4 AND (?5=0 OR created<?5)"
    " AND (?7 IS NULL OR program=?7)"
    " AND (?6 IS NULL OR holds(sender, ?6) OR holds(subject, ?6) OR holds(message_id, ?6)"
    "  OR EXISTS (SELECT 1 FROM recipient WHERE message=message.id AND holds(address, "
    "?6)))"
    " ORDER BY id",
    "isiiiss", after, selection->account, (gint64) selection->reason, selection->since,
    selection->until, words, selection->program);
}

static gboolean
is_among (const EstSelection *selection, EstClaims *claims, gint64 id, int state)
{
  if (selection->states == 0)
    return TRUE;
  if (claims != NULL && est_claims_is_taken (claims, id))
    state = EST_STATE_SENDING;
  return (selection->states & EST_STATE_BIT (state)) != 0;
}

GArray *
est_read_ids (EstDatabase *database,
              const EstSelection *selection,
              EstClaims *claims,
              gint64 after,
              guint limit,
              GError **error)
{
  g_autofree char *words
    = selection->text != NULL ? g_utf8_casefold (selection->text, -1) : NULL;
  sqlite3_stmt *row = select_messages (database, selection, words, after, error);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (ids->len < limit && est_database_next (database, row, &trouble))
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      if (is_among (selection, claims, id, sqlite3_column_int (row, 1)))
        g_array_append_val (ids, id);
    }
  sqlite3_reset (row);
  if (trouble == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

static gboolean
read_oldest (EstDatabase *database, gint64 *oldest, GError **error)
{
  return est_database_number (
    database, oldest, 0, error,
    "SELECT created FROM message WHERE id=(SELECT min(id) FROM message WHERE state=?)",
    "i", (gint64) EST_STATE_WAITING);
}

gboolean
est_read_counts (EstDatabase *database, EstCounts *counts, GError **error)
{
  memset (counts, 0, sizeof *counts);
  sqlite3_stmt *row = est_database_query (
    database, error, "SELECT state, count(*) FROM message GROUP BY state", "");
  if (row == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  while (est_database_next (database, row, &trouble))
    counts->by_state[CLAMP (sqlite3_column_int (row, 0), 0, EST_N_STATES - 1)]
      = (guint) sqlite3_column_int (row, 1);
  if (trouble == NULL)
    return read_oldest (database, &counts->oldest, error);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

guint
est_read_waiting (EstDatabase *database, const char *account)
{
  gint64 count = 0;
  est_database_number (database, &count, 0, NULL,
                       "SELECT count(*) FROM message WHERE state=? AND account=?", "is",
                       (gint64) EST_STATE_WAITING, account);
  return (guint) count;
}

guint
est_read_because (EstDatabase *database, EstState state, EstReason reason)
{
  gint64 count = 0;
  est_database_number (database, &count, 0, NULL,
                       "SELECT count(*) FROM message WHERE state=? AND reason=?", "ii",
                       (gint64) state, (gint64) reason);
  return (guint) count;
}

GArray *
est_read_times (EstDatabase *database, const char *program, gint64 since, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT created FROM message WHERE program=? AND created>=? ORDER BY created", "si",
    program, since);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (est_database_next (database, row, &trouble))
    {
      gint64 created = sqlite3_column_int64 (row, 0);
      g_array_append_val (times, created);
    }
  if (trouble == NULL)
    return g_steal_pointer (&times);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

gboolean
est_read_is_relayed (EstDatabase *database, gint64 id)
{
  gint64 count = 0;
  est_database_number (database, &count, 0, NULL,
                       "SELECT count(*) FROM recipient WHERE message=? AND relayed<>0",
                       "i", id);
  return count > 0;
}

gboolean
est_read_last_id (EstDatabase *database, gint64 *id, GError **error)
{
  return est_database_number (database, id, 0, error, "SELECT max(id) FROM message", "");
}

static gboolean
sum_fits (sqlite3_stmt *row)
{
  guint8 sum[EST_SUM_LENGTH];
  int length = sqlite3_column_bytes (row, 1);
  est_schema_sum (sqlite3_column_blob (row, 1), (gsize) length, sum);
  return sqlite3_column_bytes (row, 0) == (int) sizeof sum
         && memcmp (sqlite3_column_blob (row, 0), sum, sizeof sum) == 0;
}

/* One statement per piece, reset before the caller goes to the network: an open SELECT
   would keep the WAL growing for as long as a slow uplink takes. */
GBytes *
est_read_chunk (EstDatabase *database, gint64 id, guint number, GError **error)
{
  sqlite3_stmt *row
    = est_database_query (database, error, "SELECT sum, data FROM chunk WHERE k=?", "i",
                          EST_CHUNK_KEY (id, (gint64) number));
  g_autoptr (GError) trouble = NULL;
  if (row == NULL)
    return NULL;
  if (!est_database_next (database, row, &trouble))
    {
      if (trouble == NULL)
        return g_bytes_new_static ("", 0);
      g_propagate_error (error, g_steal_pointer (&trouble));
      return NULL;
    }
  GBytes *data = NULL;
  if (sum_fits (row))
    data
      = g_bytes_new (sqlite3_column_blob (row, 1), (gsize) sqlite3_column_bytes (row, 1));
  else
    g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_DAMAGED,
                 "piece %u of message %" G_GINT64_FORMAT " does not match its sum",
                 number, id);
  sqlite3_reset (row);
  return data;
}
