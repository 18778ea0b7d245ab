/* The steps from each version to the next one. */
#include "outbox/migration.h"

#include "outbox/late.h"
#include "outbox/outbox-error.h"
#include "outbox/schema.h"
#include "outbox/seal.h"

/* Patience counted on the wall clock before: it starts anew, which gives mail that is put
   off more time, never less. */
static const char to_2[]
  = "ALTER TABLE message ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE message ADD COLUMN put_off INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE message ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE message ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE message ADD COLUMN seal BLOB;"
    "UPDATE message SET first_answer=NULL;"
    "CREATE TABLE halt (account TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE clock (account TEXT PRIMARY KEY, counted INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('identity', lower(hex(randomblob(16))));"
    "PRAGMA user_version=2;";

/* What clients ask for in MAIL and RCPT is kept. */
static const char to_3[]
  = "ALTER TABLE message ADD COLUMN options TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE message ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE message ADD COLUMN program TEXT;"
    "ALTER TABLE recipient ADD COLUMN options TEXT NOT NULL DEFAULT '';"
    "DROP INDEX message_due;"
    "CREATE INDEX message_due ON message (state, account, priority, not_before);"
    "PRAGMA user_version=3;";

/* Mail that is to come back when it is late does so at its hour, and it is known which
   recipients no report will come about. */
static const char to_4[]
  = "ALTER TABLE message ADD COLUMN late INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE recipient ADD COLUMN relayed INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX message_late ON message (state, late) WHERE late>0;"
    "PRAGMA user_version=4;";

/* The account has a budget, the journal holds what the relay said, and reasons have
   figures. */
static const char to_5[]
  = "ALTER TABLE message ADD COLUMN figures TEXT;"
    "ALTER TABLE message ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX message_due;"
    "CREATE INDEX message_due ON message (state, account, priority, bulk, not_before);"
    "ALTER TABLE message ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX message_wanted ON message (state, account, wanted) WHERE wanted>0;"
    "ALTER TABLE attempt ADD COLUMN answers TEXT;"
    "ALTER TABLE attempt ADD COLUMN queue_id TEXT;"
    "ALTER TABLE attempt ADD COLUMN renamed TEXT;"
    "ALTER TABLE pause ADD COLUMN figures TEXT;"
    "CREATE TABLE spent (id INTEGER PRIMARY KEY, account TEXT NOT NULL,"
    " time INTEGER NOT NULL, messages INTEGER NOT NULL, recipients INTEGER NOT NULL);"
    "CREATE INDEX spent_account ON spent (account, time);"
    "CREATE TABLE learnt (account TEXT NOT NULL, what TEXT NOT NULL,"
    " value INTEGER NOT NULL, time INTEGER NOT NULL,"
    " PRIMARY KEY (account, what)) WITHOUT ROWID;"
    "INSERT INTO learnt SELECT account, 'since', min(created), min(created) FROM message"
    " WHERE state=2 GROUP BY account;"
    "PRAGMA user_version=5;";

/* steps[n] leads from version n to n + 1; there never was a version 0. */
static const char *const steps[EST_SCHEMA_VERSION] = {
  [1] = to_2,
  [2] = to_3,
  [3] = to_4,
  [4] = to_5,
};

/* What reads whole messages needs the tables of the present version, so it comes last;
   and only what could not have it yet gets a seal, for one that is missing otherwise is
   damage. */
static gboolean
finish (EstDatabase *database, gint64 from, GError **error)
{
  return (from > 1 || est_seal_all (database, error))
         && (from > 3 || est_late_fill (database, error));
}

/* @from: the version it all began with. */
static gboolean
take_step (EstDatabase *database, gint64 version, gint64 from, GError **error)
{
  gboolean last = version + 1 == EST_SCHEMA_VERSION;
  if (est_database_script (database, "BEGIN IMMEDIATE", error)
      && est_database_script (database, steps[version], error)
      && (!last || finish (database, from, error))
      && est_database_script (database, "COMMIT", error))
    return TRUE;
  est_database_script (database, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
est_migrate (EstDatabase *database, gint64 version, GError **error)
{
  if (version < 1)
    {
      g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_FOREIGN,
                   "the outbox says it has version %d, which never was", (int) version);
      return FALSE;
    }
  gint64 from = version;
  for (; version < EST_SCHEMA_VERSION; version++)
    {
      g_message ("bringing the outbox from version %d to %d", (int) version,
                 (int) version + 1);
      if (!take_step (database, version, from, error))
        return FALSE;
    }
  return TRUE;
}
