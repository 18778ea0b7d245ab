/* SQLite with GError and prepared statements. */
#include "outbox/database.h"

#include "outbox/outbox-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK (est_outbox_error, est_outbox_error)

struct EstDatabase
{
  sqlite3 *connection;
  GHashTable *statements; /* SQL literal -> sqlite3_stmt */
};

static void
set_error (GError **error, sqlite3 *connection)
{
  int code = sqlite3_errcode (connection);
  gboolean full = code == SQLITE_FULL || sqlite3_system_errno (connection) == ENOSPC;
  g_set_error (error, EST_OUTBOX_ERROR,
               full                    ? EST_OUTBOX_ERROR_FULL
               : code == SQLITE_NOTADB ? EST_OUTBOX_ERROR_FOREIGN
                                       : EST_OUTBOX_ERROR_STORE,
               "the outbox: %s", sqlite3_errmsg (connection));
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* SQLite makes files with the umask's mode; ours must never be readable by others, not
   for a moment. */
static gboolean
make_private (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0 && fchmod (fd, 0600) == 0)
    {
      close (fd);
      return TRUE;
    }
  g_set_error (error, EST_OUTBOX_ERROR,
               errno == ENOSPC ? EST_OUTBOX_ERROR_FULL : EST_OUTBOX_ERROR_STORE,
               "cannot open the outbox %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return FALSE;
}

/* WAL needs shared memory, which network homes lack: then the rollback journal serves,
   with the stricter EXTRA, because FULL can lose the last commit there. */
static gboolean
make_durable (EstDatabase *database, GError **error)
{
  static const char settings[] = "PRAGMA auto_vacuum=INCREMENTAL;"
                                 "PRAGMA journal_mode=WAL;"
                                 "PRAGMA synchronous=EXTRA;"
                                 "PRAGMA busy_timeout=5000;"
                                 "PRAGMA secure_delete=FAST;"
                                 "PRAGMA journal_size_limit=4194304;"
                                 "PRAGMA foreign_keys=OFF;";
  gint64 synchronous;
  if (!est_database_script (database, settings, error)
      || !est_database_number (database, &synchronous, 0, error, "PRAGMA synchronous",
                               ""))
    return FALSE;
  if (synchronous == 3)
    return TRUE;
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE,
               "this SQLite does not write safely (synchronous=%d)", (int) synchronous);
  return FALSE;
}

EstDatabase *
est_database_open (const char *path, GError **error)
{
  if (!make_private (path, error))
    return NULL;

  g_autoptr (EstDatabase) database = g_new0 (EstDatabase, 1);
  database->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2 (path, &database->connection, flags, NULL) != SQLITE_OK)
    {
      set_error (error, database->connection);
      return NULL;
    }
  sqlite3_extended_result_codes (database->connection, 0);
  if (!make_durable (database, error))
    return NULL;
  return g_steal_pointer (&database);
}

void
est_database_close (EstDatabase *database)
{
  if (database == NULL)
    return;
  g_hash_table_unref (database->statements);
  sqlite3_close (database->connection);
  g_free (database);
}

gboolean
est_database_keep_little (EstDatabase *database, GError **error)
{
  return est_database_script (database, "PRAGMA cache_size=-256", error);
}

gboolean
est_database_script (EstDatabase *database, const char *sql, GError **error)
{
  if (sqlite3_exec (database->connection, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (error, database->connection);
  return FALSE;
}

static sqlite3_stmt *
prepare (EstDatabase *database, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (database->statements, sql);
  if (statement != NULL)
    return statement;
  int result = sqlite3_prepare_v3 (database->connection, sql, -1,
                                   SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK)
    {
      set_error (error, database->connection);
      return NULL;
    }
  g_hash_table_insert (database->statements, (gpointer) sql, statement);
  return statement;
}

static void
bind_octets (sqlite3_stmt *statement, int place, GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  sqlite3_bind_blob64 (statement, place, data, length, SQLITE_STATIC);
}

static void
bind_all (sqlite3_stmt *statement, const char *types, va_list values)
{
  for (int place = 1; types[place - 1] != '\0'; place++)
    switch (types[place - 1])
      {
      case 'i':
        sqlite3_bind_int64 (statement, place, va_arg (values, gint64));
        break;
      case 's':
        sqlite3_bind_text (statement, place, va_arg (values, char *), -1, SQLITE_STATIC);
        break;
      case 'b':
        bind_octets (statement, place, va_arg (values, GBytes *));
        break;
      default:
        g_assert_not_reached ();
      }
}

static sqlite3_stmt *
prepare_bound (EstDatabase *database,
               const char *sql,
               const char *types,
               va_list values,
               GError **error)
{
  sqlite3_stmt *statement = prepare (database, sql, error);
  if (statement != NULL)
    bind_all (statement, types, values);
  return statement;
}

gboolean
est_database_run (
  EstDatabase *database, GError **error, const char *sql, const char *types, ...)
{
  va_list values;
  va_start (values, types);
  sqlite3_stmt *statement = prepare_bound (database, sql, types, values, error);
  va_end (values);
  if (statement == NULL)
    return FALSE;

  int result = sqlite3_step (statement);
  if (result != SQLITE_DONE && result != SQLITE_ROW)
    set_error (error, database->connection);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement); /* they point at the caller's memory */
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

sqlite3_stmt *
est_database_query (
  EstDatabase *database, GError **error, const char *sql, const char *types, ...)
{
  va_list values;
  va_start (values, types);
  sqlite3_stmt *statement = prepare_bound (database, sql, types, values, error);
  va_end (values);
  return statement;
}

gboolean
est_database_next (EstDatabase *database, sqlite3_stmt *row, GError **error)
{
  int result = sqlite3_step (row);
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    set_error (error, database->connection);
  sqlite3_reset (row);
  return FALSE;
}

gboolean
est_database_number (EstDatabase *database,
                     gint64 *number,
                     gint64 otherwise,
                     GError **error,
                     const char *sql,
                     const char *types,
                     ...)
{
  va_list values;
  va_start (values, types);
  sqlite3_stmt *row = prepare_bound (database, sql, types, values, error);
  va_end (values);
  if (row == NULL)
    return FALSE;

  int result = sqlite3_step (row);
  gboolean found = result == SQLITE_ROW && sqlite3_column_type (row, 0) != SQLITE_NULL;
  *number = found ? sqlite3_column_int64 (row, 0) : otherwise;
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    set_error (error, database->connection);
  sqlite3_reset (row);
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

gboolean
est_database_in_transaction (EstDatabase *database)
{
  return !sqlite3_get_autocommit (database->connection);
}

char *
est_column_text (sqlite3_stmt *row, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (row, column));
}
