/* How an outbox is opened: brought up to date, recovered if it is damaged, put right
   after a crash, and compared with what its witness remembers. */
#include "outbox/outbox.h"

#include "base/clock.h"
#include "base/paths.h"
#include "outbox/door.h"
#include "outbox/read.h"
#include "outbox/salvage.h"
#include "outbox/schema.h"
#include "outbox/upkeep.h"

#define FORGET_EVERY G_TIME_SPAN_HOUR

static EstDatabase *
open_prepared (const char *path, GError **error)
{
  g_autoptr (EstDatabase) database = est_database_open (path, error);
  if (database == NULL || !est_schema_prepare (database, error))
    return NULL;
  return g_steal_pointer (&database);
}

gboolean
est_outbox_repair (const char *path, GError **error)
{
  g_auto (EstSalvage) salvage = {0};
  return est_salvage (path, &salvage, error);
}

/* The wall clock makes stamps grow over the loss of everything that knows the last one.
 */
static gboolean
begin_stamps (EstOutbox *outbox, EstDatabase *database, GError **error)
{
  gint64 newest = 0;
  if (!est_database_number (database, &newest, 0, error,
                            "SELECT stamp FROM message ORDER BY id DESC LIMIT 1", ""))
    return FALSE;
  outbox->stamp = MAX (newest, g_get_real_time ());
  return TRUE;
}

/* An outbox that is not as this machine left it: what waits in it may have left since. */
static gboolean
hear_witness (EstOutbox *outbox,
              EstDatabase *database,
              const char *path,
              gboolean fresh,
              GError **error)
{
  g_autoptr (GError) trouble = NULL;
  outbox->witness = est_witness_open (path, &trouble);
  if (outbox->witness == NULL)
    {
      g_warning ("nothing outside of the outbox remembers it: %s", trouble->message);
      return TRUE;
    }
  EstTestimony testimony
    = est_witness_compare (outbox->witness, database, fresh, &trouble);
  if (trouble != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  gint64 now = est_clock_now ();
  outbox->bereft = testimony == EST_WITNESS_GONE;
  if ((testimony == EST_WITNESS_OLDER || testimony == EST_WITNESS_STRANGE)
      && !est_upkeep_hold_restored (database, now, error))
    return FALSE;
  return est_witness_adopt (outbox->witness, database, testimony, error);
}

/* Now and then, after work: what is too old for the journal is forgotten. */
static gboolean
do_chore (EstDatabase *database, gpointer data)
{
  EstOutbox *outbox = data;
  guint days = __atomic_load_n (&outbox->journal_days, __ATOMIC_RELAXED);
  gint64 now = est_clock_now ();
  if (days == 0 || ABS (now - outbox->looked) < FORGET_EVERY)
    return FALSE;
  gboolean more = est_upkeep_forget (database, now - days * G_TIME_SPAN_DAY);
  if (!more)
    outbox->looked = now;
  return more;
}

static gboolean
open_files (EstOutbox *outbox, const char *path, const char *witness, GError **error)
{
  est_salvage_resume (path);
  gboolean fresh = !g_file_test (path, G_FILE_TEST_EXISTS);
  gint64 now = est_clock_now ();
  g_autoptr (EstDatabase) database = open_prepared (path, error);
  if (database == NULL || !est_write_recovery (database, &now, error)
      || !begin_stamps (outbox, database, error)
      || (witness != NULL && !hear_witness (outbox, database, witness, fresh, error))
      || !est_read_last_id (database, &outbox->last_id, error))
    return FALSE;
  outbox->reader = est_database_open (path, error);
  if (outbox->reader == NULL || !est_database_keep_little (outbox->reader, error))
    return FALSE;
  est_database_on_damage (database, est_door_on_damage, outbox);
  est_database_on_damage (outbox->reader, est_door_on_damage, outbox);
  outbox->writer = est_writer_new (g_steal_pointer (&database), do_chore, outbox);
  return TRUE;
}

static EstOutbox *
open_once (const char *path, const char *witness, GError **error)
{
  g_autoptr (EstOutbox) outbox = g_object_new (EST_TYPE_OUTBOX, NULL);
  outbox->path = g_strdup (path);
  outbox->folder = g_path_get_dirname (path);
  if (!est_paths_make_private_folder (outbox->folder, error)
      || !open_files (outbox, path, witness, error))
    return NULL;
  return g_steal_pointer (&outbox);
}

/* What turns out to be damaged already while it is opened is recovered at once. */
EstOutbox *
est_outbox_open (const char *path, const char *witness, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  EstOutbox *outbox = open_once (path, witness, &trouble);
  if (outbox != NULL)
    return outbox;
  if (!g_error_matches (trouble, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return NULL;
    }
  g_warning ("the outbox is damaged: %s", trouble->message);
  return est_outbox_repair (path, error) ? open_once (path, witness, error) : NULL;
}

void
est_outbox_examine (EstOutbox *outbox)
{
  if (outbox->examiner == NULL)
    outbox->examiner = est_examiner_start (outbox->path, est_door_on_damage, outbox);
}

gboolean
est_outbox_is_bereft (EstOutbox *outbox)
{
  return outbox->bereft;
}

char **
est_outbox_set_aside (EstOutbox *outbox)
{
  return est_salvage_find (outbox->folder);
}
