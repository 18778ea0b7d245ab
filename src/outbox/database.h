/* A thin hand on SQLite: one connection, its statements prepared once, its errors as
   GError. One thread at a time. Everything else about SQL stays in outbox/. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct EstDatabase EstDatabase;

/* Opens or makes the file (0600), sets what durability needs and reads it back: an
   acknowledged message must survive a power cut. */
EstDatabase *est_database_open (const char *path, GError **error);
void est_database_close (EstDatabase *database);

/* For a connection that reads content once and never again: keeps fewer pages in
   memory. */
gboolean est_database_keep_little (EstDatabase *database, GError **error);

/* Several statements, without parameters. */
gboolean est_database_script (EstDatabase *database, const char *sql, GError **error);

/* Runs one statement. @types has a letter per "?": i gint64, s text or NULL, b a GBytes.
   @sql must be a literal: it is the key of the prepared statement. */
gboolean est_database_run (
  EstDatabase *database, GError **error, const char *sql, const char *types, ...);

/* The same for a SELECT: step it with est_database_next() until that says FALSE, which
   also resets it, or stop early with sqlite3_reset(). Left open it would pin the WAL.
   NULL on error. */
sqlite3_stmt *est_database_query (
  EstDatabase *database, GError **error, const char *sql, const char *types, ...);

/* TRUE: a row. FALSE: the end, or an error. */
gboolean est_database_next (EstDatabase *database, sqlite3_stmt *row, GError **error);

/* The first column of the first row, @otherwise if there is none or it is NULL. */
gboolean est_database_number (EstDatabase *database,
                              gint64 *number,
                              gint64 otherwise,
                              GError **error,
                              const char *sql,
                              const char *types,
                              ...);

/* Whether a transaction is open. SQLite ends one by itself when the disc is full or
   fails: what was done in it is then undone, and the next statement would stand alone. */
gboolean est_database_in_transaction (EstDatabase *database);

/* Columns; text is copied. */
char *est_column_text (sqlite3_stmt *row, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstDatabase, est_database_close)
