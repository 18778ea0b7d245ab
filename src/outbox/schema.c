/* The outbox's tables. */
#include "outbox/schema.h"

#include "outbox/outbox-error.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define APPLICATION_ID 0x45535446 /* "ESTF" */

/* One transaction: a crash in the middle leaves an empty file, not half an outbox. */
static const char tables[]
  = "BEGIN IMMEDIATE;"
    "CREATE TABLE message (id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " account TEXT NOT NULL, sender TEXT NOT NULL, body INTEGER NOT NULL,"
    " size INTEGER NOT NULL, message_id TEXT NOT NULL, subject TEXT,"
    " created INTEGER NOT NULL, not_before INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0, first_answer INTEGER,"
    " doubts INTEGER NOT NULL DEFAULT 0, reason INTEGER NOT NULL DEFAULT 0, reply TEXT,"
    " settled INTEGER);"
    "CREATE INDEX message_due ON message (state, account, not_before);"
    "CREATE TABLE recipient (message INTEGER NOT NULL, number INTEGER NOT NULL,"
    " address TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, reply TEXT,"
    " PRIMARY KEY (message, number)) WITHOUT ROWID;"
    "CREATE TABLE chunk (k INTEGER PRIMARY KEY, sum BLOB NOT NULL, data BLOB NOT NULL);"
    "CREATE TABLE attempt (id INTEGER PRIMARY KEY, message INTEGER NOT NULL,"
    " time INTEGER NOT NULL, account TEXT NOT NULL, reason INTEGER NOT NULL, detail TEXT,"
    " reply TEXT, peer TEXT, tls TEXT, mechanism TEXT);"
    "CREATE INDEX attempt_message ON attempt (message);"
    "CREATE TABLE pause (account TEXT PRIMARY KEY, reason INTEGER NOT NULL,"
    " since INTEGER NOT NULL, retry INTEGER NOT NULL, tries INTEGER NOT NULL, detail "
    "TEXT,"
    " reply TEXT) WITHOUT ROWID;"
    "PRAGMA application_id=" G_STRINGIFY (
      APPLICATION_ID) ";"
                      "PRAGMA user_version=" G_STRINGIFY (EST_SCHEMA_VERSION) ";"
                                                                              "COMMIT;";

void
est_schema_sum (const void *data, gsize length, guint8 sum[EST_SUM_LENGTH])
{
  gnutls_hash_fast (GNUTLS_DIG_SHA256, data, length, sum);
}

static gboolean
refuse (GError **error, EstOutboxError code, const char *why)
{
  g_set_error_literal (error, EST_OUTBOX_ERROR, code, why);
  return FALSE;
}

gboolean
est_schema_prepare (EstDatabase *database, GError **error)
{
  gint64 application, version, objects;
  if (!est_database_number (database, &application, 0, error, "PRAGMA application_id", "")
      || !est_database_number (database, &version, 0, error, "PRAGMA user_version", "")
      || !est_database_number (database, &objects, 0, error,
                               "SELECT count(*) FROM sqlite_schema", ""))
    return FALSE;

  if (objects == 0 && version == 0)
    return est_database_script (database, tables, error);
  if (application != APPLICATION_ID)
    return refuse (error, EST_OUTBOX_ERROR_FOREIGN,
                   "the file is not an outbox of Estafeta");
  if (version > EST_SCHEMA_VERSION)
    return refuse (error, EST_OUTBOX_ERROR_NEWER,
                   "the outbox was written by a newer version of Estafeta; install that "
                   "version again, nothing in it was changed");
  return TRUE;
}
