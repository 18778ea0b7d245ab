/* A copy is read, a fresh file is filled, and then two renames change the one for the
   other. */
#include "outbox/salvage.h"

#include "base/clock.h"
#include "outbox/graft.h"
#include "outbox/outbox-error.h"
#include "outbox/rescue.h"
#include "outbox/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX    "outbox-damaged-"
#define MOST_DAYS 1000 /* of one day's damaged outboxes */

/* What belongs to a database file; its shared memory is made anew. */
static const char *const parts[] = {"", "-wal", "-journal"};

/* The names of the files at work, beside the outbox. */
typedef struct
{
  char *copy;     /* of the damaged one */
  char *fresh;    /* being filled */
  char *salvaged; /* finished, but not in place yet */
} Bench;

static void
clear_bench (Bench *bench)
{
  g_free (bench->copy);
  g_free (bench->fresh);
  g_free (bench->salvaged);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, clear_bench)

static Bench
prepare_bench (const char *path)
{
  return (Bench){.copy = g_strconcat (path, ".copy", NULL),
                 .fresh = g_strconcat (path, ".fresh", NULL),
                 .salvaged = g_strconcat (path, ".salvaged", NULL)};
}

static void
remove_database (const char *path)
{
  static const char *const all[] = {"", "-wal", "-shm", "-journal"};
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *name = g_strconcat (path, all[i], NULL);
      g_unlink (name);
    }
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  return g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
}

static gboolean
copy_database (const char *from, const char *to, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *source = g_strconcat (from, parts[i], NULL);
      g_autofree char *target = g_strconcat (to, parts[i], NULL);
      if (g_file_test (source, G_FILE_TEST_EXISTS) && !copy_file (source, target, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether its tables can be found, and are those of this version then. */
static gboolean
is_readable (const char *copy)
{
  gint64 count;
  g_autoptr (EstDatabase) database = est_database_open_as_is (copy, NULL);
  return database != NULL && est_schema_prepare (database, NULL)
         && est_database_number (database, &count, 0, NULL,
                                 "SELECT count(*) FROM sqlite_schema"
                                 " WHERE name='message'",
                                 "")
         && count == 1;
}

/* Its first page may be all that is wrong. The log is then of no use: nothing says that
   it belongs to what stands there now. */
static gboolean
make_readable (const Bench *bench)
{
  g_autoptr (EstDatabase) fresh = est_database_open (bench->fresh, NULL);
  gboolean good = fresh != NULL && est_schema_prepare (fresh, NULL);
  g_clear_pointer (&fresh, est_database_close);
  good = good && est_graft (bench->copy, bench->fresh, NULL);
  remove_database (bench->fresh);
  return good && is_readable (bench->copy);
}

static gboolean
fill_fresh (const Bench *bench, EstSalvage *salvage, GError **error)
{
  gboolean readable = is_readable (bench->copy) || make_readable (bench);
  g_autoptr (EstDatabase) fresh = est_database_open (bench->fresh, error);
  if (fresh == NULL || !est_schema_prepare (fresh, error))
    return FALSE;
  g_autoptr (EstDatabase) old
    = readable ? est_database_open_as_is (bench->copy, NULL) : NULL;
  return old == NULL || est_rescue (fresh, old, salvage, error);
}

static void
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
}

static gboolean
move_file (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE, "cannot rename %s: %s",
               from, g_strerror (errno));
  return FALSE;
}

/* "outbox-damaged-2026-11-24.db", or with "-2" and so on. */
static char *
choose_name (const char *folder)
{
  g_autoptr (GDateTime) now
    = g_date_time_new_from_unix_local (est_clock_now () / 1000000);
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  for (guint i = 1; i < MOST_DAYS; i++)
    {
      g_autofree char *name = i == 1 ? g_strconcat (PREFIX, date, ".db", NULL)
                                     : g_strdup_printf (PREFIX "%s-%u.db", date, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&name);
    }
  return g_strconcat (PREFIX, date, "-more.db", NULL);
}

/* The log goes first: a damaged outbox without it still opens as what it is, a log
   without its outbox would be taken for that of the next one. */
static gboolean
set_aside (const char *path, const char *to, GError **error)
{
  for (gsize i = G_N_ELEMENTS (parts); i-- > 0;)
    {
      g_autofree char *source = g_strconcat (path, parts[i], NULL);
      g_autofree char *target = g_strconcat (to, parts[i], NULL);
      if (g_file_test (source, G_FILE_TEST_EXISTS) && !move_file (source, target, error))
        return FALSE;
    }
  g_autofree char *shared = g_strconcat (path, "-shm", NULL);
  g_unlink (shared);
  return TRUE;
}

static gboolean
exchange (const char *path, const Bench *bench, EstSalvage *salvage, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  salvage->set_aside = choose_name (folder);
  g_autofree char *aside = g_build_filename (folder, salvage->set_aside, NULL);
  sync_path (bench->fresh);
  if (!move_file (bench->fresh, bench->salvaged, error))
    return FALSE;
  sync_path (folder);
  if (!set_aside (path, aside, error) || !move_file (bench->salvaged, path, error))
    return FALSE;
  sync_path (folder);
  return TRUE;
}

static gboolean
recover (const char *path, const Bench *bench, EstSalvage *salvage, GError **error)
{
  return copy_database (path, bench->copy, error) && fill_fresh (bench, salvage, error)
         && exchange (path, bench, salvage, error);
}

gboolean
est_salvage (const char *path, EstSalvage *salvage, GError **error)
{
  g_auto (Bench) bench = prepare_bench (path);
  remove_database (bench.copy);
  remove_database (bench.fresh);
  gboolean good = recover (path, &bench, salvage, error);
  remove_database (bench.copy);
  remove_database (bench.fresh);
  if (good)
    g_warning (
      "recovered the outbox: %u messages whole, %u incomplete, traces of %u more; "
      "the damaged file is kept as %s",
      salvage->whole, salvage->incomplete, salvage->lost, salvage->set_aside);
  return good;
}

void
est_salvage_resume (const char *path)
{
  g_auto (Bench) bench = prepare_bench (path);
  if (!g_file_test (bench.salvaged, G_FILE_TEST_EXISTS))
    return;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_unlink (bench.salvaged); /* nothing was set aside yet: it is done again */
  else
    move_file (bench.salvaged, path, NULL);
}

void
est_salvage_clear (EstSalvage *salvage)
{
  g_clear_pointer (&salvage->set_aside, g_free);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
est_salvage_find (const char *folder)
{
  const char *name;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, PREFIX) && g_str_has_suffix (name, ".db"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}
