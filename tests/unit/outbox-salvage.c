/* Damage of every kind to every page: what can be read comes back, what comes back whole
   is as it was, and the damaged file is kept. */
#include "outbox-fixture.h"
#include "outbox/examiner.h"
#include "outbox/salvage.h"
#include "outbox/seal.h"

#include <fcntl.h>
#include <unistd.h>

#define PAGE     4096
#define MESSAGES 12
#define GIVEN_UP 4 /* the number of the discarded one */
#define LARGE    5 /* that of the large one */

static gsize
size_of (gint64 id)
{
  return id == LARGE ? 600 * 1024 : 500 + (gsize) id;
}

static void
fill (Fixture *fixture)
{
  for (gint64 id = 1; id <= MESSAGES; id++)
    {
      g_autofree char *address = g_strdup_printf ("b%d@example.net", (int) id);
      const char *const recipients[] = {address, "c@example.net", NULL};
      g_assert_cmpint (add_for (fixture, "home", size_of (id), recipients), ==, id);
    }
  g_assert_true (wish_for (fixture, EST_WISH_HOLD, 3, NULL));
  g_assert_true (wish_for (fixture, EST_WISH_DISCARD, GIVEN_UP, NULL));
}

static gsize
file_size (const char *path)
{
  GStatBuf status;
  return g_stat (path, &status) == 0 ? (gsize) status.st_size : 0;
}

static char *
keep_copy (Fixture *fixture)
{
  gsize length;
  char *data = NULL;
  close_outbox (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &data, &length, NULL));
  return data;
}

static void
put_back (Fixture *fixture, const char *data, gsize length)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  remove_folder (folder);
  g_mkdir (folder, 0700);
  g_assert_true (g_file_set_contents (fixture->path, data, (gssize) length, NULL));
}

typedef enum
{
  ZEROS,
  NOISE,
  ONE_BIT,
  TRUNCATED,
} Damage;

static void
damage (const char *path, gsize page, Damage kind)
{
  guint8 octets[PAGE] = {0};
  int fd = open (path, O_RDWR);
  off_t at = (off_t) (page * PAGE);
  for (gsize i = 0; kind == NOISE && i < PAGE; i++)
    octets[i] = (guint8) g_random_int ();
  if (kind == ONE_BIT)
    {
      gsize place = (gsize) g_random_int_range (0, PAGE);
      g_assert_cmpint (pread (fd, octets, PAGE, at), ==, PAGE);
      octets[place] = (guint8) (octets[place] ^ (1U << g_random_int_range (0, 8)));
    }
  if (kind == TRUNCATED)
    g_assert_cmpint (ftruncate (fd, at), ==, 0);
  else
    g_assert_cmpint (pwrite (fd, octets, PAGE, at), ==, PAGE);
  close (fd);
}

/* What is not held as damaged has its envelope and all its octets. */
static void
check_message (Fixture *fixture, gint64 id)
{
  g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, id, NULL);
  if (entry == NULL || id == GIVEN_UP
      || (entry->state == EST_STATE_HELD && entry->reason == EST_REASON_DAMAGED))
    return;
  g_assert_cmpint (est_state_owner (entry->state), !=, EST_OWNER_NOBODY);
  g_autofree char *address = g_strdup_printf ("b%d@example.net", (int) id);
  g_assert_true (est_seal_is_whole (entry));
  g_assert_cmpstr (entry->recipients[0].address, ==, address);
  gsize octets = 0;
  for (guint number = 0; octets < size_of (id); number++)
    {
      g_autoptr (GBytes) piece = est_outbox_read (fixture->outbox, id, number, NULL);
      g_assert_nonnull (piece);
      g_assert_cmpuint (g_bytes_get_size (piece), >, 0);
      octets += g_bytes_get_size (piece);
    }
  g_assert_cmpuint (octets, ==, size_of (id));
}

static void
salvage_and_check (Fixture *fixture, EstSalvage *salvage)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  gsize size = file_size (fixture->path);
  est_salvage (fixture->path, salvage, &error);
  g_assert_no_error (error);
  g_autofree char *aside = g_build_filename (folder, salvage->set_aside, NULL);
  g_assert_cmpuint (file_size (aside), ==, size);
  g_auto (GStrv) names = est_salvage_find (folder);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  open_outbox (fixture);
  for (gint64 id = 1; id <= MESSAGES; id++)
    check_message (fixture, id);
  g_assert_cmpint (add (fixture), >, 0);
  close_outbox (fixture);
}

/* Every page of the small tables, and a few of the content. */
static gboolean
is_tried (gsize page)
{
  return page < 24 || page % 29 == 0;
}

static void
test_every_page (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  g_autofree char *original = keep_copy (fixture);
  gsize length = file_size (fixture->path);
  guint whole = 0, cases_with_all = 0, cases = 0;
  for (gsize page = 0; page < length / PAGE; page++)
    for (Damage kind = ZEROS; is_tried (page) && kind <= TRUNCATED; kind++)
      {
        g_auto (EstSalvage) salvage = {0};
        put_back (fixture, original, length);
        damage (fixture->path, page, kind);
        salvage_and_check (fixture, &salvage);
        g_test_message ("page %u, damage %u: %u whole, %u incomplete, %u lost",
                        (guint) page, kind, salvage.whole, salvage.incomplete,
                        salvage.lost);
        whole += salvage.whole;
        cases++;
        cases_with_all += salvage.whole + salvage.incomplete + salvage.lost >= MESSAGES;
      }
  /* Most damage concerns few messages. */
  g_assert_cmpuint (whole, >, cases * MESSAGES / 2);
  g_assert_cmpuint (cases_with_all, >, cases * 2 / 3);
  open_outbox (fixture);
}

/* Nothing but the first page is wrong: everything comes back. */
static void
test_first_page (Fixture *fixture, gconstpointer data)
{
  g_auto (EstSalvage) salvage = {0};
  fill (fixture);
  close_outbox (fixture);
  damage (fixture->path, 0, NOISE);
  salvage_and_check (fixture, &salvage);
  g_assert_cmpuint (salvage.whole, ==, MESSAGES);
  open_outbox (fixture);
}

/* est_outbox_open() salvages by itself what SQLite cannot open. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  close_outbox (fixture);
  g_assert_true (
    g_file_set_contents (fixture->path, "no outbox at all, and yet something", -1, NULL));
  open_outbox (fixture);
  g_auto (GStrv) names = est_outbox_set_aside (fixture->outbox);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (g_str_has_prefix (names[0], "outbox-damaged-"));
  g_assert_cmpint (add (fixture), ==, 1);
}

/* A crash between the two renames: the finished file takes its place at the next start.
 */
static void
test_resumed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *salvaged = g_strconcat (fixture->path, ".salvaged", NULL);
  add (fixture);
  close_outbox (fixture);
  g_assert_cmpint (g_rename (fixture->path, salvaged), ==, 0);
  open_outbox (fixture);
  g_assert_cmpint (state_of (fixture, 1), ==, EST_STATE_WAITING);
  close_outbox (fixture);

  g_assert_true (g_file_set_contents (salvaged, "a leftover", -1, NULL));
  open_outbox (fixture);
  g_assert_false (g_file_test (salvaged, G_FILE_TEST_EXISTS));
  g_assert_cmpint (state_of (fixture, 1), ==, EST_STATE_WAITING);
}

static void
assert_held_as_damaged (Fixture *fixture, gint64 id)
{
  open_outbox (fixture);
  g_autoptr (EstEntry) entry = get (fixture, id);
  g_assert_cmpint (entry->state, ==, EST_STATE_HELD);
  g_assert_cmpint (entry->reason, ==, EST_REASON_DAMAGED);
}

/* Content that sums do not fit: held, with what there is. */
static void
test_bit_in_content (Fixture *fixture, gconstpointer data)
{
  g_auto (EstSalvage) salvage = {0};
  fill (fixture);
  change_file (fixture,
               "UPDATE chunk SET data=replace(data, 'xxxxx', 'xxyxx') WHERE k/65536=7");
  close_outbox (fixture);
  salvage_and_check (fixture, &salvage);
  g_assert_cmpuint (salvage.whole, ==, MESSAGES - 1);
  g_assert_cmpuint (salvage.incomplete, ==, 1);
  assert_held_as_damaged (fixture, 7);
}

/* No seal is over the state. What says that it is over, and has its content still, was
   never sent. */
static void
test_bit_in_state (Fixture *fixture, gconstpointer data)
{
  g_auto (EstSalvage) salvage = {0};
  fill (fixture);
  change_file (fixture, "UPDATE message SET state=2 /* sent */ WHERE id=7");
  close_outbox (fixture);
  salvage_and_check (fixture, &salvage);
  g_assert_cmpuint (salvage.whole, ==, MESSAGES - 1);
  g_assert_cmpuint (salvage.incomplete, ==, 1);
  assert_held_as_damaged (fixture, 7);
}

/* One bit made the key of a recipient that of the next message to come: 9 became 13. */
static void
test_bit_in_key (Fixture *fixture, gconstpointer data)
{
  static const char recipient[] = "\tb9@example.net";
  g_auto (EstSalvage) salvage = {0};
  fill (fixture);
  g_autofree char *file = keep_copy (fixture);
  gsize length = file_size (fixture->path);
  char *found = memmem (file, length, recipient, strlen (recipient));
  g_assert_nonnull (found);
  *found = MESSAGES + 1;
  put_back (fixture, file, length);
  salvage_and_check (fixture, &salvage);
  g_assert_cmpuint (salvage.whole + salvage.incomplete, ==, MESSAGES);
  open_outbox (fixture);
}

/* Writes what no outbox would: @column of the last message is NULL. */
static void
empty_column (Fixture *fixture, const char *column)
{
  g_autofree char *loosen = g_strdup_printf (
    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql=replace(replace(sql,"
    " ' %1$s INTEGER NOT NULL', ' %1$s INTEGER'), ' %1$s TEXT NOT NULL', ' %1$s TEXT')",
    column);
  g_autofree char *empty
    = g_strdup_printf ("UPDATE message SET %s=NULL WHERE id=%d", column, MESSAGES);
  change_file (fixture, loosen);
  change_file (fixture, empty);
}

/* One bit is enough for that. It is recovered like anything else that is incomplete, and
   stands in nobody's way. */
static void
test_empty_column (Fixture *fixture, gconstpointer data)
{
  static const char *const columns[]
    = {"state",      "account",  "sender",   "body",   "size",   "message_id", "created",
       "not_before", "attempts", "doubts",   "reason", "wanted", "put_off",    "asked",
       "stamp",      "options",  "priority", "late",   "bulk",   "ahead"};
  fill (fixture);
  g_autofree char *original = keep_copy (fixture);
  gsize length = file_size (fixture->path);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_auto (EstSalvage) salvage = {0};
      put_back (fixture, original, length);
      empty_column (fixture, columns[i]);
      salvage_and_check (fixture, &salvage);
      g_assert_cmpuint (salvage.whole + salvage.incomplete, ==, MESSAGES);
      open_outbox (fixture);
      g_autoptr (EstEntry) entry = get (fixture, MESSAGES);
      g_assert_cmpuint (entry->n_recipients, ==, 2);
      g_assert_cmpint (add (fixture), ==, MESSAGES + 2);
      close_outbox (fixture);
    }
  open_outbox (fixture);
}

static void
note_finding (gpointer data, const char *what)
{
  char **place = data;
  *place = g_strdup (what);
}

static char *
examine (Fixture *fixture)
{
  char *finding = NULL;
  EstExaminer *examiner = est_examiner_start (fixture->path, note_finding, &finding);
  g_usleep (300 * 1000);
  est_examiner_free (examiner);
  return finding;
}

static void
test_examined (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  g_autofree char *nothing = examine (fixture);
  g_assert_null (nothing);
  change_file (fixture, "PRAGMA writable_schema=ON;"
                        "UPDATE sqlite_schema SET rootpage=(SELECT rootpage FROM"
                        " sqlite_schema WHERE name='attempt_message')"
                        " WHERE name='message_due'");
  g_autofree char *finding = examine (fixture);
  g_assert_nonnull (finding);
}

typedef struct
{
  const char *name;
  void (*run) (Fixture *, gconstpointer);
} Case;

static const Case cases[] = {
  {"every-page",     test_every_page    },
  {"first-page",     test_first_page    },
  {"garbage",        test_garbage       },
  {"resumed",        test_resumed       },
  {"bit-in-content", test_bit_in_content},
  {"bit-in-state",   test_bit_in_state  },
  {"bit-in-key",     test_bit_in_key    },
  {"empty-column",   test_empty_column  },
  {"examined",       test_examined      },
};

int
main (int argc, char **argv)
{
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", TRUE); /* some hundred files, and no power cut */
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/salvage/", cases[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up, cases[i].run, tear_down);
    }
  return g_test_run ();
}
