/* An index finds them, their options decide. */
#include "outbox/late.h"

#include "mail/options.h"
#include "outbox/seal.h"
#include "outbox/write.h"
#include "outcome/refusal.h"

#include <string.h>

gint64
est_late_hour (const char *options)
{
  g_auto (EstMailOptions) said = {0};
  if (strstr (options, " BY=") == NULL
      || !est_mail_options_parse (&said, options, EST_EXTENSIONS_ALL, 0, NULL))
    return 0;
  return said.by_returns ? said.deliver_by : 0;
}

static void
take_unless_claimed (GArray *found, EstClaims *claims, sqlite3_stmt *row)
{
  EstLateOne one = {sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1)};
  if (!est_claims_is_spoken_for (claims, one.id))
    g_array_append_val (found, one);
}

GArray *
est_late_find (
  EstDatabase *database, EstClaims *claims, gint64 latest, guint limit, GError **error)
{
  sqlite3_stmt *row
    = est_database_query (database, error,
                          "SELECT id, late FROM message INDEXED BY message_late"
                          " WHERE state=? AND late>0 AND late<=? ORDER BY late",
                          "ii", (gint64) EST_STATE_WAITING, latest);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (EstLateOne));
  while (found->len < limit && est_database_next (database, row, &trouble))
    take_unless_claimed (found, claims, row);
  sqlite3_reset (row);
  if (trouble == NULL)
    return g_steal_pointer (&found);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

static gboolean
set_hour (EstDatabase *database, gint64 id, gint64 hour, GError **error)
{
  return est_database_run (database, error, "UPDATE message SET late=? WHERE id=?", "ii",
                           hour, id);
}

static gboolean
may_have_arrived (const EstEntry *entry)
{
  for (guint i = 0; i < entry->n_recipients; i++)
    if (entry->recipients[i].state == EST_RECIPIENT_DOUBTFUL)
      return TRUE;
  return FALSE;
}

static gboolean
fail_recipients (EstDatabase *database, gint64 id, const char *words, GError **error)
{
  return est_database_run (
    database, error, "UPDATE recipient SET state=?, reply=? WHERE message=? AND state=?",
    "isii", (gint64) EST_RECIPIENT_FAILED, words, id, (gint64) EST_RECIPIENT_PENDING);
}

static gboolean
note_in_journal (EstDatabase *database,
                 const EstLateOnes *late_ones,
                 const EstEntry *entry,
                 EstReply *reply,
                 GError **error)
{
  g_autoptr (EstOutcome) outcome = est_outcome_new (0);
  est_outcome_set_reason (outcome, EST_REASON_LATE, NULL, reply);
  return est_attempt_store (database, entry, NULL, late_ones->now, outcome, error);
}

static gboolean
fail (EstDatabase *database,
      EstLateOnes *late_ones,
      const EstEntry *entry,
      GError **error)
{
  gboolean doubtful = may_have_arrived (entry);
  EstState to = doubtful ? EST_STATE_HELD : EST_STATE_FAILED;
  EstReason reason = doubtful ? EST_REASON_UNCERTAIN : EST_REASON_LATE;
  g_autoptr (EstReply) reply = est_refusal_late ();
  g_autofree char *words = est_reply_to_line (reply);
  EstChange change = {entry->id, EST_STATE_WAITING, (int) to};
  if (!est_state_check (entry->id, entry->state, to, error)
      || !fail_recipients (database, entry->id, words, error)
      || !est_database_run (
        database, error,
        "UPDATE message SET state=?, reason=?, reply=?, settled=?, stamp=? WHERE id=?",
        "iisiii", (gint64) to, (gint64) reason, words, late_ones->now, late_ones->stamp,
        entry->id)
      || !note_in_journal (database, late_ones, entry, reply, error))
    return FALSE;
  g_array_append_val (late_ones->changes, change);
  return TRUE;
}

/* A damaged message, or one whose column alone says that it is late, is left to its next
   attempt: nothing fails because of a flipped bit. */
static gboolean
judge (EstDatabase *database,
       EstLateOnes *late_ones,
       const EstEntry *entry,
       GError **error)
{
  gint64 hour = est_seal_is_whole (entry) ? est_late_hour (entry->options) : 0;
  if (entry->state != EST_STATE_WAITING)
    return TRUE;
  if (hour == 0 || hour > late_ones->now)
    return set_hour (database, entry->id, hour, error);
  return fail (database, late_ones, entry, error);
}

gboolean
est_late_fail (EstDatabase *database, gpointer data, GError **error)
{
  EstLateOnes *late_ones = data;
  for (guint i = 0; i < late_ones->ids->len; i++)
    {
      gint64 id = g_array_index (late_ones->ids, gint64, i);
      g_autoptr (EstEntry) entry = est_entry_load (database, id, error);
      if (entry == NULL || !judge (database, late_ones, entry, error))
        return FALSE;
    }
  return TRUE;
}

/* The next one after @after that says something about it; 0: none. */
static gboolean
find_unfilled (EstDatabase *database, gint64 after, gint64 *id, GError **error)
{
  return est_database_number (database, id, 0, error,
                              "SELECT id FROM message WHERE id>? AND state NOT IN (?, ?)"
                              " AND options LIKE '% BY=%' ORDER BY id LIMIT 1",
                              "iii", after, (gint64) EST_STATE_SENT,
                              (gint64) EST_STATE_DISCARDED);
}

gboolean
est_late_fill (EstDatabase *database, GError **error)
{
  gint64 id = 0;
  for (;;)
    {
      if (!find_unfilled (database, id, &id, error))
        return FALSE;
      if (id == 0)
        return TRUE;
      g_autoptr (EstEntry) entry = est_entry_load (database, id, error);
      if (entry == NULL
          || !set_hour (database, id, est_late_hour (entry->options), error))
        return FALSE;
    }
}
