/* The rows of halts and clocks. */
#include "outbox/standing.h"

gboolean
est_standing_halt (EstDatabase *database, const char *account, gint64 now, GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR IGNORE INTO halt (account, since) VALUES (?,?)",
                           "si", account, now);
}

gboolean
est_standing_unhalt (EstDatabase *database, const char *account, GError **error)
{
  return est_database_run (database, error, "DELETE FROM halt WHERE ?1='' OR account=?1",
                           "s", account);
}

GHashTable *
est_standing_halts (EstDatabase *database, GError **error)
{
  sqlite3_stmt *row
    = est_database_query (database, error, "SELECT account, since FROM halt", "");
  if (row == NULL)
    return NULL;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GHashTable) halts
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while (est_database_next (database, row, &trouble))
    {
      gint64 since = sqlite3_column_int64 (row, 1);
      g_hash_table_insert (halts, est_column_text (row, 0),
                           g_memdup2 (&since, sizeof since));
    }
  if (trouble == NULL)
    return g_steal_pointer (&halts);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return NULL;
}

gboolean
est_standing_keep_clock (EstDatabase *database,
                         const char *account,
                         gint64 counted,
                         GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR REPLACE INTO clock (account, counted) VALUES (?,?)",
                           "si", account, counted);
}

gboolean
est_standing_clock (EstDatabase *database,
                    const char *account,
                    gint64 *counted,
                    GError **error)
{
  return est_database_number (database, counted, 0, error,
                              "SELECT counted FROM clock WHERE account=?", "s", account);
}
