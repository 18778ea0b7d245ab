/* A thin hand on SQLite: one connection, its statements prepared once, its errors as
   GError. One thread at a time. Everything else about SQL stays in outbox/. SQL may call
   holds(TEXT, WORDS): whether WORDS, casefolded, stand somewhere in TEXT. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct EstDatabase EstDatabase;

/* Opens or makes the file (0600), sets what durability needs and reads it back: an
   acknowledged message must survive a power cut. */
EstDatabase *est_database_open (const char *path, GError **error);

/* Opens a file that is there just as it is, for recovery. */
EstDatabase *est_database_open_as_is (const char *path, GError **error);
void est_database_close (EstDatabase *database);

/* @damaged is called, in whatever thread uses the connection, when SQLite finds the file
   damaged; the call that met it fails with EST_OUTBOX_ERROR_CORRUPT. */
void est_database_on_damage (EstDatabase *database,
                             void (*damaged) (gpointer data, const char *what),
                             gpointer data);

/* Every now and then in a long statement @stop is asked; TRUE ends the statement with an
   error. */
void est_database_interrupt_by (EstDatabase *database,
                                int (*stop) (gpointer data),
                                gpointer data);

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

/* Runs @sql with the columns of the present @row, which may be another connection's, for
   its "?". */
gboolean est_database_run_with_row (EstDatabase *database,
                                    GError **error,
                                    const char *sql,
                                    sqlite3_stmt *row);

/* Whether a transaction is open. SQLite ends one by itself when the disc is full or
   fails: what was done in it is then undone, and the next statement would stand alone. */
gboolean est_database_in_transaction (EstDatabase *database);

/* Columns; what they hold is copied, NULL stays NULL. Damaged text comes as valid
   UTF-8. */
char *est_column_text (sqlite3_stmt *row, int column);
GBytes *est_column_octets (sqlite3_stmt *row, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstDatabase, est_database_close)
