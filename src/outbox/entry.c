/* Entries out of rows. */
#include "outbox/entry.h"

#include "outbox/outbox-error.h"

void
est_entry_free (EstEntry *entry)
{
  if (entry == NULL)
    return;
  for (guint i = 0; i < entry->n_recipients; i++)
    {
      g_free (entry->recipients[i].address);
      g_free (entry->recipients[i].options);
      g_free (entry->recipients[i].reply);
    }
  g_free (entry->recipients);
  g_free (entry->account);
  g_free (entry->sender);
  g_free (entry->message_id);
  g_free (entry->subject);
  g_free (entry->options);
  g_free (entry->program);
  g_free (entry->figures);
  g_free (entry->reply);
  g_clear_pointer (&entry->seal, g_bytes_unref);
  g_free (entry);
}

static gboolean
is_unsettled (const EstRecipient *recipient)
{
  return recipient->state == EST_RECIPIENT_PENDING
         || recipient->state == EST_RECIPIENT_DOUBTFUL;
}

static gboolean
is_new (const EstRecipient *recipient)
{
  return is_unsettled (recipient) && recipient->reply == NULL;
}

static gboolean
has_new_ones (const EstEntry *entry)
{
  for (guint i = 0; i < entry->n_recipients; i++)
    if (is_new (&entry->recipients[i]))
      return TRUE;
  return FALSE;
}

EstEnvelope *
est_entry_pending_envelope (const EstEntry *entry, guint **numbers)
{
  g_autofree const char **addresses = g_new0 (const char *, entry->n_recipients + 1);
  g_autofree const char **options = g_new0 (const char *, entry->n_recipients + 1);
  guint *places = g_new0 (guint, entry->n_recipients + 1);
  guint count = 0;
  gboolean only_new = entry->first_answer != 0 && has_new_ones (entry);
  for (guint i = 0; i < entry->n_recipients; i++)
    if (only_new ? is_new (&entry->recipients[i]) : is_unsettled (&entry->recipients[i]))
      {
        addresses[count] = entry->recipients[i].address;
        options[count] = entry->recipients[i].options;
        places[count++] = i;
      }
  *numbers = places;
  return est_envelope_new_with_options (entry->sender, addresses, entry->body,
                                        entry->options, options);
}

/* What is NULL although it never can be is damage: the seal will tell. */
static char *
read_text (sqlite3_stmt *row, int column)
{
  char *text = est_column_text (row, column);
  return text != NULL ? text : g_strdup ("");
}

static EstEntry *
read_message (sqlite3_stmt *row, gint64 id)
{
  EstEntry *entry = g_new0 (EstEntry, 1);
  entry->id = id;
  entry->state = (EstState) CLAMP (sqlite3_column_int (row, 0), 0, EST_N_STATES - 1);
  entry->account = read_text (row, 1);
  entry->sender = read_text (row, 2);
  entry->body = (EstBody) sqlite3_column_int (row, 3);
  entry->size = (guint64) sqlite3_column_int64 (row, 4);
  entry->message_id = read_text (row, 5);
  entry->subject = est_column_text (row, 6);
  entry->created = sqlite3_column_int64 (row, 7);
  entry->not_before = sqlite3_column_int64 (row, 8);
  entry->attempts = (guint) sqlite3_column_int (row, 9);
  entry->first_answer = sqlite3_column_int64 (row, 10);
  entry->doubts = (guint) sqlite3_column_int (row, 11);
  entry->reason = (EstReason) CLAMP (sqlite3_column_int (row, 12), 0, EST_N_REASONS - 1);
  entry->reply = est_column_text (row, 13);
  entry->wanted = sqlite3_column_int64 (row, 14);
  entry->put_off = sqlite3_column_int64 (row, 15);
  entry->asked = sqlite3_column_int (row, 16) != 0;
  entry->seal = est_column_octets (row, 17);
  entry->options = read_text (row, 18);
  entry->priority = sqlite3_column_int (row, 19);
  entry->program = est_column_text (row, 20);
  entry->late = sqlite3_column_int64 (row, 21);
  entry->figures = est_column_text (row, 22);
  entry->bulk = sqlite3_column_int (row, 23) != 0;
  entry->ahead = sqlite3_column_int64 (row, 24);
  return entry;
}

static gboolean
read_recipients (EstDatabase *database, EstEntry *entry, GError **error)
{
  sqlite3_stmt *row
    = est_database_query (database, error,
                          "SELECT address, state, reply, options, relayed FROM"
                          " recipient WHERE message=? ORDER BY number",
                          "i", entry->id);
  if (row == NULL)
    return FALSE;

  g_autoptr (GError) trouble = NULL;
  g_autoptr (GArray) recipients = g_array_new (FALSE, FALSE, sizeof (EstRecipient));
  while (est_database_next (database, row, &trouble))
    {
      EstRecipient recipient
        = {.address = read_text (row, 0),
           .state = (EstRecipientState) CLAMP (sqlite3_column_int (row, 1), 0,
                                               EST_N_RECIPIENT_STATES - 1),
           .reply = est_column_text (row, 2),
           .options = read_text (row, 3),
           .relayed = sqlite3_column_int (row, 4) != 0};
      g_array_append_val (recipients, recipient);
    }
  entry->n_recipients = recipients->len;
  entry->recipients = (EstRecipient *) g_array_steal (recipients, NULL);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

EstEntry *
est_entry_load (EstDatabase *database, gint64 id, GError **error)
{
  sqlite3_stmt *row = est_database_query (
    database, error,
    "SELECT state, account, sender, body, size, message_id, subject,"
    " created, not_before, attempts, first_answer, doubts, reason,"
    " reply, wanted, put_off, asked, seal, options, priority, program, late,"
    " figures, bulk, ahead"
    " FROM message WHERE id=?",
    "i", id);
  g_autoptr (GError) trouble = NULL;
  if (row == NULL)
    return NULL;
  if (!est_database_next (database, row, &trouble))
    {
      if (trouble == NULL)
        g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_MESSAGE,
                     "there is no message %" G_GINT64_FORMAT, id);
      else
        g_propagate_error (error, g_steal_pointer (&trouble));
      return NULL;
    }
  g_autoptr (EstEntry) entry = read_message (row, id);
  sqlite3_reset (row);
  if (!read_recipients (database, entry, error))
    return NULL;
  return g_steal_pointer (&entry);
}
