/* What the disc allows at most: the same octets appended to a file, and the same rows in
   SQLite, by the same number of producers. */
#include "samples.h"

#include "outbox/schema.h"
#include "outbox/writer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *mode, *folder;
static int producers = 1, messages = 1000, size = 4096;
static int taken; /* atomic */
static char *octets;

/* Appending: one flush for all that have written since the last one. */
static int fd;
static GMutex mutex;
static GCond flushed;
static gint64 written, safe;
static gboolean flushing;

static void
append_one (void)
{
  g_mutex_lock (&mutex);
  if (write (fd, octets, (gsize) size) != size)
    abort ();
  gint64 mine = ++written;
  while (safe < mine)
    if (flushing)
      g_cond_wait (&flushed, &mutex);
    else
      {
        flushing = TRUE;
        gint64 all = written;
        g_mutex_unlock (&mutex);
        fdatasync (fd);
        g_mutex_lock (&mutex);
        safe = all;
        flushing = FALSE;
        g_cond_broadcast (&flushed);
      }
  g_mutex_unlock (&mutex);
}

static EstWriter *writer;

/* The rows of one message with one recipient, as the outbox has them. */
static gboolean
insert_rows (EstDatabase *database, gpointer data, GError **error)
{
  gint64 id = *(const int *) data;
  guint8 sum[EST_SUM_LENGTH];
  est_schema_sum (octets, (gsize) size, sum);
  g_autoptr (GBytes) sum_octets = g_bytes_new_static (sum, sizeof sum);
  g_autoptr (GBytes) content = g_bytes_new_static (octets, (gsize) size);
  return est_database_run (database, error,
                           "INSERT INTO message (id, state, account, sender, body, size,"
                           " message_id, subject, created, not_before, stamp, seal)"
                           " VALUES (?,0,'home','alice@example.org',0,?,"
                           " '<12345.abcdef01@example.org>','bench',?,0,?,?)",
                           "iiiib", id, (gint64) size, (gint64) 1795513724533813, id,
                           sum_octets)
         && est_database_run (database, error,
                              "INSERT INTO recipient (message, number, address)"
                              " VALUES (?,0,'bob@example.net')",
                              "i", id)
         && est_database_run (database, error,
                              "INSERT INTO chunk (k, sum, data) VALUES (?,?,?)", "ibb",
                              EST_CHUNK_KEY (id, 0), sum_octets, content);
}

static gpointer
produce (gpointer data)
{
  for (;;)
    {
      int number = __atomic_add_fetch (&taken, 1, __ATOMIC_RELAXED);
      if (number > messages)
        return NULL;
      gint64 begin = samples_now ();
      if (writer == NULL)
        append_one ();
      else if (!est_writer_run (writer, insert_rows, &number, NULL))
        abort ();
      samples_add (samples_now () - begin);
    }
}

static void
prepare (void)
{
  g_autofree char *path = g_build_filename (folder, "raw.db", NULL);
  octets = g_malloc ((gsize) size);
  memset (octets, 'x', (gsize) size);
  if (g_str_equal (mode, "append"))
    {
      fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
      return;
    }
  EstDatabase *database = est_database_open (path, NULL);
  if (database == NULL || !est_schema_prepare (database, NULL))
    abort ();
  writer = est_writer_new (database, NULL, NULL);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"mode",      0, 0, G_OPTION_ARG_STRING, &mode,      NULL, NULL},
    {"folder",    0, 0, G_OPTION_ARG_STRING, &folder,    NULL, NULL},
    {"producers", 0, 0, G_OPTION_ARG_INT,    &producers, NULL, NULL},
    {"messages",  0, 0, G_OPTION_ARG_INT,    &messages,  NULL, NULL},
    {"size",      0, 0, G_OPTION_ARG_INT,    &size,      NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || mode == NULL)
    return 2;
  prepare ();
  g_autofree GThread **threads = g_new (GThread *, producers);
  gint64 begin = samples_now ();
  for (int i = 0; i < producers; i++)
    threads[i] = g_thread_new ("producer", produce, NULL);
  for (int i = 0; i < producers; i++)
    g_thread_join (threads[i]);
  samples_print ((guint64) messages, samples_now () - begin);
  est_writer_free (writer);
  return 0;
}
