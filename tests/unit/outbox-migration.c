/* Outboxes of older versions are brought up to date with all that is in them. */
#include "outbox-fixture.h"
#include "outbox/seal.h"

/* Version 1 as it was written by the first release. */
static const char version_1[]
  = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; BEGIN;"
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
    " since INTEGER NOT NULL, retry INTEGER NOT NULL, tries INTEGER NOT NULL,"
    " detail TEXT, reply TEXT) WITHOUT ROWID;"
    "PRAGMA application_id=1163088966; PRAGMA user_version=1;"
    /* waiting, put off, sent, failed, held, and one that was marked when it ended */
    "INSERT INTO message VALUES "
    "(1,0,'home','a@x',0,3,'<1@x>','S',7,0,0,NULL,0,0,NULL,NULL),"
    "(2,0,'home','a@x',0,3,'<2@x>',NULL,7,9,3,8,0,18,'451 later',8),"
    "(3,2,'home','a@x',0,3,'<3@x>',NULL,7,0,1,NULL,0,0,NULL,8),"
    "(4,3,'home','a@x',0,3,'<4@x>',NULL,7,0,1,NULL,0,20,'550 no',8),"
    "(5,5,'home','a@x',0,3,'<5@x>',NULL,7,0,0,NULL,2,21,NULL,8),"
    "(6,1,'home','a@x',0,3,'<6@x>',NULL,7,0,0,NULL,0,0,NULL,NULL);"
    "INSERT INTO recipient VALUES (1,0,'b@y',0,NULL),(2,0,'b@y',0,'451 later'),"
    "(3,0,'b@y',1,'250 ok'),(4,0,'b@y',2,'550 no'),(5,0,'b@y',3,NULL),(6,0,'b@y',0,NULL);"
    "INSERT INTO attempt (message, time, account, reason) VALUES (2, 8, 'home', 18);"
    "INSERT INTO pause VALUES ('home', 11, 5, 9223372036854775807, 2, 'd', '535 no');"
    "COMMIT;";

static void
make_version_1 (Fixture *fixture)
{
  close_outbox (fixture);
  g_unlink (fixture->path);
  change_file (fixture, version_1);
  for (gint64 id = 1; id <= 6; id++)
    {
      guint8 sum[EST_SUM_LENGTH];
      est_schema_sum ("abc", 3, sum);
      g_autoptr (GString) sql = g_string_new ("INSERT INTO chunk VALUES (");
      g_string_append_printf (sql, "%" G_GINT64_FORMAT ", x'", EST_CHUNK_KEY (id, 0));
      for (gsize i = 0; i < sizeof sum; i++)
        g_string_append_printf (sql, "%02x", sum[i]);
      g_string_append (sql, "', CAST('abc' AS BLOB))");
      if (id != 3)
        change_file (fixture, sql->str);
    }
}

/* The columns of a table or index, whatever words made it. */
static char *
describe_schema (const char *path)
{
  g_autoptr (EstDatabase) database = est_database_open_as_is (path, NULL);
  GString *text = g_string_new (NULL);
  sqlite3_stmt *row = est_database_query (
    database, NULL,
    "SELECT s.type, s.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk"
    " FROM sqlite_schema AS s LEFT JOIN pragma_table_info(s.name) AS c"
    " ORDER BY s.name, c.name",
    "");
  while (est_database_next (database, row, NULL))
    {
      for (int i = 0; i < 7; i++)
        {
          g_autofree char *cell = est_column_text (row, i);
          g_string_append_printf (text, "%s ", cell != NULL ? cell : "-");
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
test_from_1 (Fixture *fixture, gconstpointer data)
{
  static const EstState states[]
    = {EST_STATE_WAITING, EST_STATE_WAITING, EST_STATE_SENT,
       EST_STATE_FAILED,  EST_STATE_HELD,    EST_STATE_WAITING};
  g_autofree char *fresh = describe_schema (fixture->path);
  make_version_1 (fixture);
  open_outbox (fixture);
  g_autofree char *migrated = describe_schema (fixture->path);
  g_assert_cmpstr (migrated, ==, fresh);
  for (gint64 id = 1; id <= 6; id++)
    {
      g_autoptr (EstEntry) entry = get (fixture, id);
      g_assert_cmpint (entry->state, ==, states[id - 1]);
      g_assert_cmpint (entry->wanted, ==, 0);
      g_assert_cmpint (est_seal_is_whole (entry), ==, id != 3);
    }
  g_autoptr (EstEntry) put_off = get (fixture, 2);
  g_assert_cmpuint (put_off->attempts, ==, 3);
  g_assert_cmpint (put_off->first_answer, ==, 0);
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (fixture->outbox, NULL);
  g_assert_cmpuint (pauses->len, ==, 1);
  g_autoptr (EstEntry) due = claim (fixture);
  g_autoptr (GBytes) content = est_outbox_read (fixture->outbox, due->id, 0, NULL);
  g_assert_cmpuint (g_bytes_get_size (content), ==, 3);
  est_outbox_release (fixture->outbox, due->id);
}

/* A step that fails in the middle, as in a crash, leaves version 1. */
static void
test_failing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  make_version_1 (fixture);
  change_file (fixture, "CREATE TABLE clock (in_the_way)");
  g_assert_null (est_outbox_open (fixture->path, NULL, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE);
  change_file (fixture, "DROP TABLE clock");
  g_autoptr (EstDatabase) database = est_database_open_as_is (fixture->path, NULL);
  gint64 version = 0, columns = 0;
  est_database_number (database, &version, 0, NULL, "PRAGMA user_version", "");
  est_database_number (database, &columns, 0, NULL,
                       "SELECT count(*) FROM pragma_table_info('message')", "");
  g_assert_cmpint (version, ==, 1);
  g_assert_cmpint (columns, ==, 16);
  open_outbox (fixture);
  g_assert_cmpint (state_of (fixture, 1), ==, EST_STATE_WAITING);
}

/* What version 5 has brought. */
#define SINCE_4                                                                          \
  "DROP INDEX message_due;"                                                              \
  "CREATE INDEX message_due ON message (state, account, priority, not_before);"          \
  "ALTER TABLE message DROP COLUMN figures;"                                             \
  "ALTER TABLE message DROP COLUMN bulk;"                                                \
  "DROP INDEX message_wanted;"                                                           \
  "ALTER TABLE message DROP COLUMN ahead;"                                               \
  "ALTER TABLE attempt DROP COLUMN answers;"                                             \
  "ALTER TABLE attempt DROP COLUMN queue_id;"                                            \
  "ALTER TABLE attempt DROP COLUMN renamed;"                                             \
  "ALTER TABLE pause DROP COLUMN figures;"                                               \
  "DROP TABLE spent; DROP TABLE learnt;"

/* What came with version 3 and is to come back when it is late does so from now on. */
static void
test_from_3 (Fixture *fixture, gconstpointer data)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  const EstLetter letter = {.account = "home"};
  g_autofree char *fresh = describe_schema (fixture->path);
  add_with_options (fixture, 3, recipients, " BY=9999999999;R", letter);
  add_with_options (fixture, 3, recipients, " BY=9999999999;N", letter);
  add (fixture);
  gint64 held = add_with_options (fixture, 3, recipients, " BY=8888888888;RT", letter);
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, held, NULL));
  close_outbox (fixture);
  change_file (fixture, "DROP INDEX message_late;"
                        "ALTER TABLE message DROP COLUMN late;"
                        "ALTER TABLE recipient DROP COLUMN relayed;" SINCE_4
                        "PRAGMA user_version=3;");
  open_outbox (fixture);
  g_autofree char *migrated = describe_schema (fixture->path);
  g_assert_cmpstr (migrated, ==, fresh);
  static const gint64 hours[] = {9999999999, 0, 0, 8888888888};
  for (gint64 id = 1; id <= 4; id++)
    {
      g_autoptr (EstEntry) entry = get (fixture, id);
      g_assert_cmpint (entry->late, ==, hours[id - 1] * G_USEC_PER_SEC);
      g_assert_true (est_seal_is_whole (entry));
    }
}

static void
test_from_4 (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fresh = describe_schema (fixture->path);
  gint64 id = add (fixture);
  close_outbox (fixture);
  change_file (fixture, SINCE_4 "UPDATE message SET created=7, state=2;"
                                "INSERT INTO message SELECT 2, 0, 'work', sender, body,"
                                " size, message_id, subject, 8, 0, 0, NULL, 0, 0, NULL,"
                                " NULL, 0, 0, 0, 0, seal, '', 0, NULL, 0 FROM message;"
                                "PRAGMA user_version=4;");
  open_outbox (fixture);
  g_autofree char *migrated = describe_schema (fixture->path);
  g_assert_cmpstr (migrated, ==, fresh);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_true (est_seal_is_whole (entry));
  g_assert_false (entry->bulk);
  g_autoptr (GPtrArray) lessons = est_outbox_lessons (fixture->outbox, NULL);
  g_assert_cmpuint (lessons->len, ==, 1); /* nothing has left by "work" yet */
  const EstLesson *since = g_ptr_array_index (lessons, 0);
  g_assert_cmpstr (since->account, ==, "home");
  g_assert_cmpstr (since->what, ==, "since");
  g_assert_cmpint (since->value, ==, 7);
}

static void
test_version_0 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  make_version_1 (fixture);
  change_file (fixture, "PRAGMA user_version=0");
  g_assert_null (est_outbox_open (fixture->path, NULL, &error));
  g_assert_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_FOREIGN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/migration/from-1", Fixture, NULL, set_up, test_from_1, tear_down);
  g_test_add ("/outbox/migration/from-4", Fixture, NULL, set_up, test_from_4, tear_down);
  g_test_add ("/outbox/migration/from-3", Fixture, NULL, set_up, test_from_3, tear_down);
  g_test_add ("/outbox/migration/failing", Fixture, NULL, set_up, test_failing,
              tear_down);
  g_test_add ("/outbox/migration/version-0", Fixture, NULL, set_up, test_version_0,
              tear_down);
  return g_test_run ();
}
