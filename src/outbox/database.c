/* SQLite with GError and prepared statements. */
#include "outbox/database.h"

#include "outbox/outbox-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEPS_BETWEEN_QUESTIONS                                                          \
  10000 /* of SQLite's machine: some tenths of a millisecond */

G_DEFINE_QUARK (est_outbox_error, est_outbox_error)

struct EstDatabase
{
  sqlite3 *connection;
  GHashTable *statements; /* SQL literal -> sqlite3_stmt */
  void (*damaged) (gpointer data, const char *what);
  gpointer data;
};

static EstOutboxError
read_code (sqlite3 *connection)
{
  int code = sqlite3_errcode (connection);
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    return EST_OUTBOX_ERROR_CORRUPT;
  gboolean full = code == SQLITE_FULL || sqlite3_system_errno (connection) == ENOSPC;
  return full ? EST_OUTBOX_ERROR_FULL : EST_OUTBOX_ERROR_STORE;
}

static void
set_error (GError **error, EstDatabase *database)
{
  EstOutboxError code = read_code (database->connection);
  const char *what = sqlite3_errmsg (database->connection);
  g_set_error (error, EST_OUTBOX_ERROR, code, "the outbox: %s", what);
  if (code == EST_OUTBOX_ERROR_CORRUPT && database->damaged != NULL)
    database->damaged (database->data, what);
}

void
est_database_on_damage (EstDatabase *database,
                        void (*damaged) (gpointer data, const char *what),
                        gpointer data)
{
  database->damaged = damaged;
  database->data = data;
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

/* A look at the tables makes SQLite set up what the journal mode needs. */
static gboolean
choose_journal (EstDatabase *database, gboolean wal, GError **error)
{
  gint64 count;
  return est_database_script (database,
                              wal ? "PRAGMA journal_mode=WAL"
                                  : "PRAGMA journal_mode=DELETE;"
                                    "PRAGMA locking_mode=NORMAL",
                              error)
         && est_database_number (database, &count, 0, error,
                                 "SELECT count(*) FROM sqlite_schema", "");
}

/* Saying it again would write, and flush, at every start. It counts only before the first
   table. */
static gboolean
make_vacuum (EstDatabase *database, GError **error)
{
  gint64 mode;
  if (!est_database_number (database, &mode, 0, error, "PRAGMA auto_vacuum", ""))
    return FALSE;
  return mode == 2
         || est_database_script (database, "PRAGMA auto_vacuum=INCREMENTAL", error);
}

/* EXTRA, because in the rollback journal's mode FULL can lose the last commit. */
static gboolean
make_durable (EstDatabase *database, gboolean wal, GError **error)
{
  static const char settings[] = "PRAGMA synchronous=EXTRA;"
                                 "PRAGMA busy_timeout=5000;"
                                 "PRAGMA secure_delete=FAST;"
                                 "PRAGMA journal_size_limit=4194304;"
                                 "PRAGMA foreign_keys=OFF;";
  gint64 synchronous;
  if ((!wal && !est_database_script (database, "PRAGMA locking_mode=EXCLUSIVE", error))
      || !make_vacuum (database, error) || !choose_journal (database, wal, error)
      || !est_database_script (database, settings, error)
      || !est_database_number (database, &synchronous, 0, error, "PRAGMA synchronous",
                               ""))
    return FALSE;
  if (synchronous == 3)
    return TRUE;
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE,
               "this SQLite does not write safely (synchronous=%d)", (int) synchronous);
  return FALSE;
}

/* holds(TEXT, WORDS): SQLite's own folding of case knows ASCII only. */
static void
answer_holds (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  const char *words = (const char *) sqlite3_value_text (values[1]);
  g_autofree char *folded = text != NULL && g_utf8_validate (text, -1, NULL)
                              ? g_utf8_casefold (text, -1)
                              : NULL;
  gboolean found = folded != NULL && words != NULL && strstr (folded, words) != NULL;
  sqlite3_result_int (context, found);
}

EstDatabase *
est_database_open_as_is (const char *path, GError **error)
{
  g_autoptr (EstDatabase) database = g_new0 (EstDatabase, 1);
  database->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2 (path, &database->connection, flags, NULL) != SQLITE_OK)
    {
      set_error (error, database);
      return NULL;
    }
  sqlite3_extended_result_codes (database->connection, 0);
  sqlite3_create_function (database->connection, "holds", 2,
                           SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, answer_holds, NULL,
                           NULL);
  return g_steal_pointer (&database);
}

static EstDatabase *
open_with (const char *path, gboolean wal, GError **error)
{
  g_autoptr (EstDatabase) database = est_database_open_as_is (path, error);
  if (database == NULL || !make_durable (database, wal, error))
    return NULL;
  return g_steal_pointer (&database);
}

/* WAL needs shared memory, which network homes lack: then the rollback journal serves. A
   file that is in WAL mode already can leave it without that memory only while it is
   locked, on a connection that has not tried yet. */
EstDatabase *
est_database_open (const char *path, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  if (!make_private (path, error))
    return NULL;
  EstDatabase *database = open_with (path, TRUE, &trouble);
  if (g_error_matches (trouble, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE))
    database = open_with (path, FALSE, NULL);
  if (database == NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else if (trouble != NULL)
    g_message ("no write-ahead log for the outbox (%s): a rollback journal serves",
               trouble->message);
  return database;
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

void
est_database_interrupt_by (EstDatabase *database,
                           int (*stop) (gpointer data),
                           gpointer data)
{
  sqlite3_progress_handler (database->connection, STEPS_BETWEEN_QUESTIONS, stop, data);
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
  set_error (error, database);
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
      set_error (error, database);
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

static gboolean
step_once (EstDatabase *database, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);
  if (result != SQLITE_DONE && result != SQLITE_ROW)
    set_error (error, database);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement); /* they point at the caller's memory */
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

gboolean
est_database_run_with_row (EstDatabase *database,
                           GError **error,
                           const char *sql,
                           sqlite3_stmt *row)
{
  sqlite3_stmt *statement = prepare (database, sql, error);
  if (statement == NULL)
    return FALSE;
  for (int i = 0; i < sqlite3_column_count (row); i++)
    sqlite3_bind_value (statement, i + 1, sqlite3_column_value (row, i));
  return step_once (database, statement, error);
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

  return step_once (database, statement, error);
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
    set_error (error, database);
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
    set_error (error, database);
  sqlite3_reset (row);
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

gboolean
est_database_in_transaction (EstDatabase *database)
{
  return !sqlite3_get_autocommit (database->connection);
}

/* SQLite does not look at what it stores: after damage, text may be anything. */
char *
est_column_text (sqlite3_stmt *row, int column)
{
  const char *text = (const char *) sqlite3_column_text (row, column);
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return g_strdup (text);
  return g_utf8_make_valid (text, -1);
}

GBytes *
est_column_octets (sqlite3_stmt *row, int column)
{
  const void *data = sqlite3_column_blob (row, column);
  return data != NULL ? g_bytes_new (data, (gsize) sqlite3_column_bytes (row, column))
                      : NULL;
}
