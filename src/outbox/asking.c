/* Questions about what is held for apps. */
#include "outbox/asking.h"

#include "outbox/state.h"
#include "outcome/reason.h"

#define SENDERS_NAMED 20

void
est_asking_free (EstAsking *asking)
{
  g_free (asking->program);
  g_strfreev (asking->senders);
  g_free (asking);
}

static gboolean
load_senders (EstDatabase *database, EstAsking *asking, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT DISTINCT sender FROM message WHERE state=? AND reason=? AND program=?"
    " ORDER BY sender LIMIT ?",
    "iisi", (gint64) EST_STATE_HELD, (gint64) EST_REASON_APP, asking->program,
    (gint64) SENDERS_NAMED);
  if (row == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GStrvBuilder) senders = g_strv_builder_new ();
  while (est_database_next (database, row, &trouble))
    {
      g_autofree char *sender = est_column_text (row, 0);
      g_strv_builder_add (senders, sender);
    }
  asking->senders = g_strv_builder_end (senders);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

static EstAsking *
read_row (sqlite3_stmt *row)
{
  EstAsking *asking = g_new0 (EstAsking, 1);
  asking->program = est_column_text (row, 0);
  asking->count = (guint) sqlite3_column_int (row, 1);
  asking->since = sqlite3_column_int64 (row, 2);
  asking->first = sqlite3_column_int64 (row, 3);
  return asking;
}

static GPtrArray *
load_apps (EstDatabase *database, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT program, count(*), min(created), min(id) FROM message"
    " WHERE state=? AND reason=? AND program IS NOT NULL GROUP BY program",
    "ii", (gint64) EST_STATE_HELD, (gint64) EST_REASON_APP);
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) apps
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_asking_free);
  while (est_database_next (database, row, &trouble))
    g_ptr_array_add (apps, read_row (row));
  if (trouble == NULL)
    return g_steal_pointer (&apps);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

GPtrArray *
est_asking_load (EstDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) apps = load_apps (database, error);
  for (guint i = 0; apps != NULL && i < apps->len; i++)
    if (!load_senders (database, g_ptr_array_index (apps, i), error))
      return NULL;
  return g_steal_pointer (&apps);
}

gboolean
est_asking_count (EstDatabase *database,
                  const char *program,
                  guint *count,
                  GError **error)
{
  gint64 number = 0;
  gboolean good = est_database_number (
    database, &number, 0, error,
    "SELECT count(*) FROM message WHERE state=? AND reason=? AND program=?", "iis",
    (gint64) EST_STATE_HELD, (gint64) EST_REASON_APP, program);
  *count = (guint) number;
  return good;
}
