/* Send: a person's word, which tries the pause in a message's way, whatever its reason,
   but not what was stopped by hand. */
#include "desktop/outbox-methods.h"
#include "desktop/selection-values.h"
#include "interface/names.h"
#include "outbox/control.h"

/* The accounts of these messages, each once. */
static GHashTable *
accounts_of (EstOutboxObject *object, const EstSelection *selection)
{
  GHashTable *accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (selection->n_ids == 0 && selection->account != NULL)
    g_hash_table_add (accounts, g_strdup (selection->account));
  for (gsize i = 0; i < selection->n_ids; i++)
    {
      g_autoptr (EstEntry) entry
        = est_outbox_get (object->outbox, selection->ids[i], NULL);
      if (entry != NULL)
        g_hash_table_add (accounts, g_strdup (entry->account));
    }
  return accounts;
}

static gboolean
is_stopped (GHashTable *halts, const char *account)
{
  return g_hash_table_contains (halts, "") || g_hash_table_contains (halts, account);
}

/* One of them that its person has stopped, borrowed; NULL: none. */
static const char *
find_stopped (GHashTable *accounts, GHashTable *halts)
{
  GHashTableIter iterator;
  gpointer account;
  g_hash_table_iter_init (&iterator, accounts);
  while (g_hash_table_iter_next (&iterator, &account, NULL))
    if (is_stopped (halts, account))
      return account;
  return NULL;
}

/* By filter, messages of stopped accounts are left alone: account by account, for a
   selection can name one only. */
static gboolean
send_the_others (EstOutboxObject *object,
                 const EstSelection *selection,
                 GHashTable *halts,
                 guint *count,
                 GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  for (guint i = 0; i < settings->accounts->len; i++)
    {
      guint some = 0;
      EstSelection part = *selection;
      const EstAccount *account = g_ptr_array_index (settings->accounts, i);
      part.account = account->name;
      if (is_stopped (halts, part.account)
          || (selection->account && !g_str_equal (selection->account, part.account)))
        continue;
      if (!est_control_grant (object->outbox, EST_WISH_SEND, &part, &some, error))
        return FALSE;
      *count += some;
    }
  return TRUE;
}

static gboolean
send_all (EstOutboxObject *object,
          EstSelection *selection,
          GHashTable *halts,
          guint *count,
          GError **error)
{
  if (selection->n_ids == 0 && selection->states == 0)
    selection->states = EST_STATE_BIT (EST_STATE_WAITING);
  if (selection->n_ids == 0 && g_hash_table_size (halts) > 0)
    return send_the_others (object, selection, halts, count, error);
  return est_control_grant (object->outbox, EST_WISH_SEND, selection, count, error);
}

static void
wake_all (EstOutboxObject *object, GHashTable *accounts)
{
  GHashTableIter iterator;
  gpointer account;
  if (g_hash_table_size (accounts) == 0)
    est_outbox_wake (object, NULL);
  g_hash_table_iter_init (&iterator, accounts);
  while (g_hash_table_iter_next (&iterator, &account, NULL))
    est_outbox_wake (object, account);
}

/* Pauses of other accounts than those of these messages stay. */
gboolean
est_outbox_on_send (EstBusOutbox1 *skeleton,
                    GDBusMethodInvocation *invocation,
                    GVariant *ids,
                    GVariant *filter,
                    EstOutboxObject *object)
{
  guint count = 0;
  EstSelection selection;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) halts = NULL;
  if (est_selection_read (&selection, ids, filter, &error))
    halts = est_control_halts (object->outbox, &error);
  if (halts == NULL)
    return est_outbox_return_error (invocation, error);
  g_autoptr (GHashTable) accounts = accounts_of (object, &selection);
  const char *stopped = selection.n_ids > 0 ? find_stopped (accounts, halts) : NULL;
  if (stopped != NULL)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, EST_BUS_ERROR_STOPPED,
                                                  stopped);
      return TRUE;
    }
  if (!send_all (object, &selection, halts, &count, &error))
    return est_outbox_return_error (invocation, error);
  wake_all (object, accounts);
  est_bus_outbox1_complete_send (skeleton, invocation, count);
  return TRUE;
}
