/* Hold, Release, Arrived, Discard, Move, Readdress, Pause, Resume. */
#include "desktop/outbox-methods.h"
#include "desktop/selection-values.h"
#include "interface/names.h"
#include "mail/address.h"
#include "outbox/control.h"

static gboolean
return_name (GDBusMethodInvocation *invocation, const char *name, const char *what)
{
  g_dbus_method_invocation_return_dbus_error (invocation, name, what);
  return TRUE;
}

/* The methods of wishes are all alike; only the function that answers differs. */
typedef void (*Complete) (EstBusOutbox1 *skeleton,
                          GDBusMethodInvocation *invocation,
                          guint count);

static gboolean
grant (EstOutboxObject *object,
       GDBusMethodInvocation *invocation,
       EstWish wish,
       GVariant *ids,
       GVariant *filter,
       Complete complete)
{
  guint count = 0;
  EstSelection selection;
  g_autoptr (GError) error = NULL;
  if (!est_selection_read (&selection, ids, filter, &error)
      || !est_control_grant (object->outbox, wish, &selection, &count, &error))
    return est_outbox_return_error (invocation, error);
  complete (object->skeleton, invocation, count);
  return TRUE;
}

gboolean
est_outbox_on_hold (EstBusOutbox1 *skeleton,
                    GDBusMethodInvocation *invocation,
                    GVariant *ids,
                    GVariant *filter,
                    EstOutboxObject *object)
{
  return grant (object, invocation, EST_WISH_HOLD, ids, filter,
                est_bus_outbox1_complete_hold);
}

gboolean
est_outbox_on_release (EstBusOutbox1 *skeleton,
                       GDBusMethodInvocation *invocation,
                       GVariant *ids,
                       GVariant *filter,
                       EstOutboxObject *object)
{
  return grant (object, invocation, EST_WISH_RELEASE, ids, filter,
                est_bus_outbox1_complete_release);
}

gboolean
est_outbox_on_arrived (EstBusOutbox1 *skeleton,
                       GDBusMethodInvocation *invocation,
                       GVariant *ids,
                       GVariant *filter,
                       EstOutboxObject *object)
{
  return grant (object, invocation, EST_WISH_ARRIVED, ids, filter,
                est_bus_outbox1_complete_arrived);
}

gboolean
est_outbox_on_discard (EstBusOutbox1 *skeleton,
                       GDBusMethodInvocation *invocation,
                       GVariant *ids,
                       GVariant *filter,
                       EstOutboxObject *object)
{
  return grant (object, invocation, EST_WISH_DISCARD, ids, filter,
                est_bus_outbox1_complete_discard);
}

/* It need not be the account that would be chosen: the person has chosen. */
static gboolean
may_send (const char *account, const char *sender, gpointer settings)
{
  const EstAccount *other = est_settings_find (settings, account);
  return other != NULL && est_account_claim (other, sender) != EST_CLAIM_NONE;
}

gboolean
est_outbox_on_move (EstBusOutbox1 *skeleton,
                    GDBusMethodInvocation *invocation,
                    GVariant *ids,
                    GVariant *filter,
                    const char *account,
                    EstOutboxObject *object)
{
  guint count = 0;
  EstSelection selection;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  if (est_settings_find (settings, account) == NULL)
    return return_name (invocation, EST_BUS_ERROR_NO_SUCH_ACCOUNT, account);
  if (!est_selection_read (&selection, ids, filter, &error)
      || !est_control_move (object->outbox, &selection, account, may_send, settings,
                            &count, &error))
    return est_outbox_return_error (invocation, error);
  est_bus_outbox1_complete_move (skeleton, invocation, count);
  return TRUE;
}

gboolean
est_outbox_on_readdress (EstBusOutbox1 *skeleton,
                         GDBusMethodInvocation *invocation,
                         guint64 id,
                         const char *from,
                         const char *to,
                         EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  if (!est_address_is_mailbox (to))
    return return_name (invocation, EST_BUS_ERROR_BAD_ADDRESS, to);
  if (!est_control_readdress (object->outbox, (gint64) MIN (id, G_MAXINT64), from, to,
                              &error))
    return est_outbox_return_error (invocation, error);
  est_bus_outbox1_complete_readdress (skeleton, invocation);
  return TRUE;
}

static gboolean
is_account (EstOutboxObject *object, const char *name)
{
  g_autoptr (EstSettings) settings = est_accounts_get (object->accounts);
  return *name == '\0' || est_settings_find (settings, name) != NULL;
}

gboolean
est_outbox_on_pause (EstBusOutbox1 *skeleton,
                     GDBusMethodInvocation *invocation,
                     const char *account,
                     EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  if (!is_account (object, account))
    return return_name (invocation, EST_BUS_ERROR_NO_SUCH_ACCOUNT, account);
  if (!est_control_halt (object->outbox, account, &error))
    return est_outbox_return_error (invocation, error);
  est_bus_outbox1_complete_pause (skeleton, invocation);
  return TRUE;
}

/* One that is gone from the settings can be let go on: its stop would outlive it. */
gboolean
est_outbox_on_resume (EstBusOutbox1 *skeleton,
                      GDBusMethodInvocation *invocation,
                      const char *account,
                      EstOutboxObject *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) halts = est_control_halts (object->outbox, &error);
  if (halts != NULL && !g_hash_table_contains (halts, account)
      && !is_account (object, account))
    return return_name (invocation, EST_BUS_ERROR_NO_SUCH_ACCOUNT, account);
  if (halts == NULL || !est_control_unhalt (object->outbox, account, &error))
    return est_outbox_return_error (invocation, error);
  est_bus_outbox1_complete_resume (skeleton, invocation);
  return TRUE;
}
