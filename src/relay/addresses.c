/* A fixed list as a GSocketConnectable. */
#include "relay/addresses.h"

#define MOST_ADDRESSES 100

struct _EstAddresses
{
  GObject parent;
  GPtrArray *list;
};

#define EST_TYPE_ADDRESS_LIST (est_address_list_get_type ())
G_DECLARE_FINAL_TYPE (
  EstAddressList, est_address_list, EST, ADDRESS_LIST, GSocketAddressEnumerator)

struct _EstAddressList
{
  GSocketAddressEnumerator parent;
  GPtrArray *list;
  guint next;
};

G_DEFINE_FINAL_TYPE (EstAddressList, est_address_list, G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

static GSocketAddress *
take_next (GSocketAddressEnumerator *enumerator,
           GCancellable *cancellable,
           GError **error)
{
  EstAddressList *self = EST_ADDRESS_LIST (enumerator);
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || self->next == self->list->len)
    return NULL;
  return g_object_ref (g_ptr_array_index (self->list, self->next++));
}

static void
est_address_list_finalize (GObject *object)
{
  g_ptr_array_unref (EST_ADDRESS_LIST (object)->list);
  G_OBJECT_CLASS (est_address_list_parent_class)->finalize (object);
}

static void
est_address_list_class_init (EstAddressListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_address_list_finalize;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (class)->next = take_next;
}

static void
est_address_list_init (EstAddressList *self)
{
}

static GSocketAddressEnumerator *
enumerate (GSocketConnectable *connectable)
{
  EstAddressList *list = g_object_new (EST_TYPE_ADDRESS_LIST, NULL);
  list->list = g_ptr_array_ref (EST_ADDRESSES (connectable)->list);
  return G_SOCKET_ADDRESS_ENUMERATOR (list);
}

static void
connectable_init (GSocketConnectableIface *interface)
{
  interface->enumerate = enumerate;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (EstAddresses,
                               est_addresses,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      connectable_init))

static void
est_addresses_finalize (GObject *object)
{
  g_ptr_array_unref (EST_ADDRESSES (object)->list);
  G_OBJECT_CLASS (est_addresses_parent_class)->finalize (object);
}

static void
est_addresses_class_init (EstAddressesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_addresses_finalize;
}

static void
est_addresses_init (EstAddresses *self)
{
}

EstAddresses *
est_addresses_new (GPtrArray *list)
{
  EstAddresses *self = g_object_new (EST_TYPE_ADDRESSES, NULL);
  self->list = g_ptr_array_ref (list);
  return self;
}

/* The first from @each on that is of @family, or is not; NULL if there is none. */
static GList *
seek (GList *each, GSocketFamily family, gboolean same)
{
  while (each != NULL && (g_inet_address_get_family (each->data) == family) != same)
    each = each->next;
  return each;
}

GPtrArray *
est_addresses_take_turns (GList *found)
{
  GPtrArray *turns = g_ptr_array_new_with_free_func (g_object_unref);
  if (found == NULL)
    return turns;
  GSocketFamily family = g_inet_address_get_family (found->data);
  GList *lines[] = {seek (found, family, TRUE), seek (found, family, FALSE)};
  for (guint i = 0; lines[0] != NULL || lines[1] != NULL; i ^= 1)
    if (lines[i] != NULL && turns->len < MOST_ADDRESSES)
      {
        g_ptr_array_add (turns, g_object_ref (lines[i]->data));
        lines[i] = seek (lines[i]->next, family, i == 0);
      }
    else
      lines[i] = NULL;
  return turns;
}
