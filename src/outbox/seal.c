/* Sums over envelopes. */
#include "outbox/seal.h"

#include "outbox/schema.h"

#include <string.h>

/* With its NUL, so that no two fields can be read as one. */
static void
add (GByteArray *text, const char *field)
{
  g_byte_array_append (text, (const guint8 *) field, (guint) strlen (field) + 1);
}

static void
add_number (GByteArray *text, guint64 number)
{
  char digits[24];
  g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
  add (text, digits);
}

/* Options begin with a blank, which no address does. Without any the sum is that of
   versions that knew none. */
static void
add_options (GByteArray *text, const char *options)
{
  if (options != NULL && *options != '\0')
    add (text, options);
}

GBytes *
est_seal_of (const EstEntry *entry)
{
  guint8 sum[EST_SUM_LENGTH];
  g_autoptr (GByteArray) text = g_byte_array_new ();
  add (text, entry->account);
  add (text, entry->sender);
  add_number (text, entry->body);
  add_number (text, entry->size);
  add (text, entry->message_id);
  add_options (text, entry->options);
  for (guint i = 0; i < entry->n_recipients; i++)
    {
      add (text, entry->recipients[i].address);
      add_options (text, entry->recipients[i].options);
    }
  est_schema_sum (text->data, text->len, sum);
  return g_bytes_new (sum, sizeof sum);
}

gboolean
est_seal_is_whole (const EstEntry *entry)
{
  g_autoptr (GBytes) seal = est_seal_of (entry);
  return entry->seal != NULL && g_bytes_equal (seal, entry->seal);
}

gboolean
est_seal_set (EstDatabase *database, gint64 id, GError **error)
{
  g_autoptr (EstEntry) entry = est_entry_load (database, id, error);
  if (entry == NULL)
    return FALSE;
  g_autoptr (GBytes) seal = est_seal_of (entry);
  return est_database_run (database, error, "UPDATE message SET seal=? WHERE id=?", "bi",
                           seal, id);
}

static gboolean
find_unsealed (EstDatabase *database, gint64 after, gint64 *id, GError **error)
{
  return est_database_number (
    database, id, 0, error,
    "SELECT id FROM message WHERE id>? AND state NOT IN (?, ?) AND seal IS NULL"
    " ORDER BY id LIMIT 1",
    "iii", after, (gint64) EST_STATE_SENT, (gint64) EST_STATE_DISCARDED);
}

gboolean
est_seal_all (EstDatabase *database, GError **error)
{
  gint64 id = 0;
  for (;;)
    {
      if (!find_unsealed (database, id, &id, error))
        return FALSE;
      if (id == 0)
        return TRUE;
      if (!est_seal_set (database, id, error))
        return FALSE;
    }
}
