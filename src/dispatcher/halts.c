/* A copy of the outbox's table. */
#include "dispatcher/halts.h"

#include "outbox/control.h"

struct EstHalts
{
  EstOutbox *outbox;
  GHashTable *accounts; /* "": everything */
};

EstHalts *
est_halts_new (EstOutbox *outbox)
{
  EstHalts *halts = g_new0 (EstHalts, 1);
  halts->outbox = g_object_ref (outbox);
  halts->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  est_halts_reload (halts);
  return halts;
}

void
est_halts_free (EstHalts *halts)
{
  g_hash_table_unref (halts->accounts);
  g_object_unref (halts->outbox);
  g_free (halts);
}

void
est_halts_reload (EstHalts *halts)
{
  g_autoptr (GError) error = NULL;
  GHashTable *accounts = est_control_halts (halts->outbox, &error);
  if (accounts == NULL)
    {
      g_warning ("what is stopped could not be read: %s", error->message);
      return;
    }
  g_hash_table_unref (halts->accounts);
  halts->accounts = accounts;
}

gboolean
est_halts_cover (EstHalts *halts, const char *account)
{
  return g_hash_table_contains (halts->accounts, "")
         || g_hash_table_contains (halts->accounts, account);
}
