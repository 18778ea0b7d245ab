/* The outbox's tables. */
#include "outbox/schema.h"

#include "outbox/migration.h"
#include "outbox/outbox-error.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define APPLICATION_ID "1163088966" /* "ESTF" */

static const char tables[]
  = "CREATE TABLE message (id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " account TEXT NOT NULL, sender TEXT NOT NULL, body INTEGER NOT NULL,"
    " size INTEGER NOT NULL, message_id TEXT NOT NULL, subject TEXT,"
    " created INTEGER NOT NULL, not_before INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0, first_answer INTEGER,"
    " doubts INTEGER NOT NULL DEFAULT 0, reason INTEGER NOT NULL DEFAULT 0, reply TEXT,"
    " settled INTEGER, wanted INTEGER NOT NULL DEFAULT 0,"
    " put_off INTEGER NOT NULL DEFAULT 0, asked INTEGER NOT NULL DEFAULT 0,"
    " stamp INTEGER NOT NULL DEFAULT 0, seal BLOB, options TEXT NOT NULL DEFAULT '',"
    " priority INTEGER NOT NULL DEFAULT 0, program TEXT,"
    " late INTEGER NOT NULL DEFAULT 0, figures TEXT,"
    " bulk INTEGER NOT NULL DEFAULT 0, ahead INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX message_due ON message (state, account, priority, bulk, not_before);"
    "CREATE INDEX message_late ON message (state, late) WHERE late>0;"
    "CREATE INDEX message_wanted ON message (state, account, wanted) WHERE wanted>0;"
    "CREATE TABLE recipient (message INTEGER NOT NULL, number INTEGER NOT NULL,"
    " address TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, reply TEXT,"
    " options TEXT NOT NULL DEFAULT '', relayed INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (message, number)) WITHOUT ROWID;"
    "CREATE TABLE chunk (k INTEGER PRIMARY KEY, sum BLOB NOT NULL, data BLOB NOT NULL);"
    "CREATE TABLE attempt (id INTEGER PRIMARY KEY, message INTEGER NOT NULL,"
    " time INTEGER NOT NULL, account TEXT NOT NULL, reason INTEGER NOT NULL, detail TEXT,"
    " reply TEXT, peer TEXT, tls TEXT, mechanism TEXT, answers TEXT, queue_id TEXT,"
    " renamed TEXT);"
    "CREATE INDEX attempt_message ON attempt (message);"
    "CREATE TABLE pause (account TEXT PRIMARY KEY, reason INTEGER NOT NULL,"
    " since INTEGER NOT NULL, retry INTEGER NOT NULL, tries INTEGER NOT NULL,"
    " detail TEXT, reply TEXT, figures TEXT) WITHOUT ROWID;"
    "CREATE TABLE spent (id INTEGER PRIMARY KEY, account TEXT NOT NULL,"
    " time INTEGER NOT NULL, messages INTEGER NOT NULL, recipients INTEGER NOT NULL);"
    "CREATE INDEX spent_account ON spent (account, time);"
    "CREATE TABLE learnt (account TEXT NOT NULL, what TEXT NOT NULL,"
    " value INTEGER NOT NULL, time INTEGER NOT NULL,"
    " PRIMARY KEY (account, what)) WITHOUT ROWID;"
    "CREATE TABLE halt (account TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE clock (account TEXT PRIMARY KEY, counted INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('identity', lower(hex(randomblob(16))));"
    "PRAGMA application_id=" APPLICATION_ID ";"
    "PRAGMA user_version=" G_STRINGIFY (EST_SCHEMA_VERSION) ";";

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

/* One transaction: a crash in the middle leaves an empty file, not half an outbox. */
static gboolean
make_tables (EstDatabase *database, GError **error)
{
  if (est_database_script (database, "BEGIN IMMEDIATE", error)
      && est_database_script (database, tables, error)
      && est_database_script (database, "COMMIT", error))
    return TRUE;
  est_database_script (database, "ROLLBACK", NULL);
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
    return make_tables (database, error);
  if (application != g_ascii_strtoll (APPLICATION_ID, NULL, 10))
    return refuse (error, EST_OUTBOX_ERROR_FOREIGN,
                   "the file is not an outbox of Estafeta");
  if (version > EST_SCHEMA_VERSION)
    return refuse (error, EST_OUTBOX_ERROR_NEWER,
                   "the outbox was written by a newer version of Estafeta; install that "
                   "version again, nothing in it was changed");
  return est_migrate (database, version, error);
}
