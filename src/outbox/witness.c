/* One line of text beside the outbox, rewritten in place. */
#include "outbox/witness.h"

#include "base/paths.h"
#include "outbox/outbox-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_NAME "estafeta-outbox-1"

/* "NAME IDENTITY MACHINE STAMP ID", filled up with blanks so that no rewriting leaves a
   rest of the old line. */
#define LINE_LENGTH 160

struct EstWitness
{
  int fd;
  char *machine; /* "-": this machine has no id */

  GMutex mutex; /* guards what is below */
  char *identity;
  gint64 stamp;
  gint64 id;
};

/* An id of this machine for this purpose alone: the real one is nobody's business. */
static char *
name_machine (void)
{
  static const char purpose[] = "org.estafeta.Estafeta outbox";
  static const char *const files[] = {"/etc/machine-id", "/var/lib/dbus/machine-id"};
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gsize length = 0;
      g_autofree char *id = NULL;
      if (g_file_get_contents (files[i], &id, &length, NULL) && length >= 32)
        {
          g_autofree char *sum
            = g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guint8 *) id, 32,
                                       (const guint8 *) purpose, sizeof purpose - 1);
          return g_strndup (sum, 32);
        }
    }
  return g_strdup ("-");
}

static gboolean
parse_number (const char *text, gint64 *number)
{
  guint64 value;
  gboolean good
    = text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, NULL);
  *number = good ? (gint64) value : 0;
  return good;
}

/* What cannot be read is as good as nothing: a power cut may have torn it. */
static void
read_line (EstWitness *witness)
{
  char line[LINE_LENGTH + 1] = {0};
  if (pread (witness->fd, line, LINE_LENGTH, 0) <= 0)
    return;
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);
  if (g_strv_length (words) == 5 && g_str_equal (words[0], FORMAT_NAME)
      && g_str_equal (words[2], witness->machine)
      && parse_number (words[3], &witness->stamp)
      && parse_number (words[4], &witness->id))
    witness->identity = g_strdup (words[1]);
}

/* Not flushed: lagging behind is what a witness may do. With the mutex held. */
static gboolean
write_line (EstWitness *witness)
{
  char line[LINE_LENGTH + 1];
  g_snprintf (line, sizeof line,
              FORMAT_NAME " %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
              witness->identity, witness->machine, witness->stamp, witness->id);
  gsize used = strlen (line);
  memset (line + used, ' ', LINE_LENGTH - used);
  line[LINE_LENGTH - 1] = '\n';
  return pwrite (witness->fd, line, LINE_LENGTH, 0) == LINE_LENGTH;
}

EstWitness *
est_witness_open (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (!est_paths_make_private_folder (folder, error))
    return NULL;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_STORE, "cannot open %s: %s",
                   path, g_strerror (errno));
      return NULL;
    }
  EstWitness *witness = g_new0 (EstWitness, 1);
  witness->fd = fd;
  witness->machine = name_machine ();
  g_mutex_init (&witness->mutex);
  read_line (witness);
  return witness;
}

void
est_witness_free (EstWitness *witness)
{
  if (witness == NULL)
    return;
  close (witness->fd);
  g_mutex_clear (&witness->mutex);
  g_free (witness->identity);
  g_free (witness->machine);
  g_free (witness);
}

/* A text of the table meta; NULL without an error if there is none. */
static char *
read_meta (EstDatabase *database, const char *key, GError **error)
{
  char *value = NULL;
  g_autoptr (GError) trouble = NULL;
  sqlite3_stmt *row = est_database_query (database, error,
                                          "SELECT value FROM meta WHERE key=?", "s", key);
  if (row == NULL)
    return NULL;
  if (est_database_next (database, row, &trouble))
    value = est_column_text (row, 0);
  sqlite3_reset (row);
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return value;
}

/* Whether @database has what was written last. */
static gboolean
is_as_new (EstWitness *witness, EstDatabase *database, gboolean *as_new, GError **error)
{
  gint64 stamp = -1;
  if (!est_database_number (database, &stamp, -1, error,
                            "SELECT stamp FROM message WHERE id=?", "i", witness->id))
    return FALSE;
  *as_new = witness->id == 0 || stamp >= witness->stamp;
  return TRUE;
}

static EstTestimony
compare (EstWitness *witness,
         EstDatabase *database,
         const char *identity,
         const char *machine,
         GError **error)
{
  gboolean as_new = FALSE;
  if (machine != NULL && !g_str_equal (machine, witness->machine))
    return EST_WITNESS_STRANGE;
  if (witness->identity == NULL)
    return machine != NULL ? EST_WITNESS_SAME : EST_WITNESS_NEW;
  if (!g_str_equal (identity, witness->identity))
    return EST_WITNESS_STRANGE;
  return is_as_new (witness, database, &as_new, error) && as_new ? EST_WITNESS_SAME
                                                                 : EST_WITNESS_OLDER;
}

EstTestimony
est_witness_compare (EstWitness *witness,
                     EstDatabase *database,
                     gboolean fresh,
                     GError **error)
{
  if (fresh)
    return witness->identity != NULL ? EST_WITNESS_GONE : EST_WITNESS_NEW;
  g_autofree char *identity = read_meta (database, "identity", error);
  g_autofree char *machine = read_meta (database, "machine", error);
  if (identity == NULL)
    return EST_WITNESS_STRANGE;
  return compare (witness, database, identity, machine, error);
}

static gboolean
store_meta (EstDatabase *database, const char *key, const char *value, GError **error)
{
  return est_database_run (database, error,
                           "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", "ss",
                           key, value);
}

/* A copy that is taken up gets an identity of its own: what the other one does from now
   on says nothing about this one. */
gboolean
est_witness_adopt (EstWitness *witness,
                   EstDatabase *database,
                   EstTestimony testimony,
                   GError **error)
{
  gboolean ours = testimony == EST_WITNESS_SAME || testimony == EST_WITNESS_NEW;
  g_autofree char *machine = read_meta (database, "machine", error);
  g_autofree char *identity
    = ours ? read_meta (database, "identity", error) : g_uuid_string_random ();
  gint64 id = 0, stamp = 0;
  if (identity == NULL || (!ours && !store_meta (database, "identity", identity, error))
      || (g_strcmp0 (machine, witness->machine) != 0
          && !store_meta (database, "machine", witness->machine, error))
      || !est_database_number (database, &id, 0, error, "SELECT max(id) FROM message", "")
      || !est_database_number (database, &stamp, 0, error,
                               "SELECT stamp FROM message WHERE id=?", "i", id))
    return FALSE;
  g_mutex_lock (&witness->mutex);
  g_free (witness->identity);
  witness->identity = g_steal_pointer (&identity);
  if (!ours || stamp > witness->stamp)
    {
      witness->id = id;
      witness->stamp = stamp;
    }
  if (!write_line (witness))
    g_warning ("what the outbox is cannot be remembered: %s", g_strerror (errno));
  g_mutex_unlock (&witness->mutex);
  return TRUE;
}

void
est_witness_remember (EstWitness *witness, gint64 stamp, gint64 id)
{
  g_mutex_lock (&witness->mutex);
  if (stamp > witness->stamp)
    {
      witness->stamp = stamp;
      witness->id = id;
      write_line (witness);
    }
  g_mutex_unlock (&witness->mutex);
}
