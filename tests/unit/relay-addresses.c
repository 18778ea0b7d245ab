/* In which order addresses are tried, and that the first to answer is taken. */
#include "relay/addresses.h"
#include "relay/dial.h"

#include <string.h>

typedef struct
{
  const char *found, *turns;
} Case;

static const Case cases[] = {
  {"192.0.2.1",                                     "192.0.2.1"            },
  {"192.0.2.1 192.0.2.2",                           "192.0.2.1 192.0.2.2"  },
  {"2001:db8::1 192.0.2.1",                         "2001:db8::1 192.0.2.1"},
  {"192.0.2.1 2001:db8::1",                         "192.0.2.1 2001:db8::1"},
  {"2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1",
   "2001:db8::1 192.0.2.1 2001:db8::2 2001:db8::3"                         },
  {"2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3",
   "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3"                             },
  {"192.0.2.1 192.0.2.2 2001:db8::1 2001:db8::2",
   "192.0.2.1 2001:db8::1 192.0.2.2 2001:db8::2"                           },
};

static GList *
read_addresses (const char *text)
{
  GList *list = NULL;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  for (char **word = words; *word != NULL; word++)
    list = g_list_append (list, g_inet_address_new_from_string (*word));
  return list;
}

static char *
write_addresses (GPtrArray *addresses)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *word = g_inet_address_to_string (g_ptr_array_index (addresses, i));
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
    }
  return g_string_free (text, FALSE);
}

static void
test_turns (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autolist (GInetAddress) found = read_addresses (cases[i].found);
      g_autoptr (GPtrArray) turns = est_addresses_take_turns (found);
      g_autofree char *text = write_addresses (turns);
      g_assert_cmpstr (text, ==, cases[i].turns);
    }
}

/* Of a flood some of both families are left. */
static void
test_flood (void)
{
  g_autolist (GInetAddress) found = NULL;
  for (guint i = 0; i < 1000; i++)
    found = g_list_prepend (found, g_inet_address_new_from_string ("2001:db8::1"));
  found = g_list_append (found, g_inet_address_new_from_string ("192.0.2.1"));
  g_autoptr (GPtrArray) turns = est_addresses_take_turns (found);
  g_assert_cmpuint (turns->len, ==, 100);
  g_assert_cmpint (g_inet_address_get_family (g_ptr_array_index (turns, 1)), ==,
                   G_SOCKET_FAMILY_IPV4);
}

static GSocket *
listen_at_loopback (int backlog)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  GSocket *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                    G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (listener, any, FALSE, NULL));
  g_socket_set_listen_backlog (listener, backlog);
  g_assert_true (g_socket_listen (listener, NULL));
  return listener;
}

/* Nothing there accepts any more: the kernel drops what knocks. */
static GPtrArray *
fill (GSocketAddress *address)
{
  GPtrArray *knocking = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 8; i++)
    {
      GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL);
      g_socket_set_blocking (socket, FALSE);
      g_socket_connect (socket, address, NULL, NULL);
      g_ptr_array_add (knocking, socket);
    }
  return knocking;
}

typedef struct
{
  GSocket *dead_listener, *listener;
  GPtrArray *knocking;
  GSocketAddress *dead, *live, *closed;
} Place;

static Place
make_place (void)
{
  Place place = {listen_at_loopback (0), listen_at_loopback (10), NULL, NULL, NULL, NULL};
  g_autoptr (GSocket) gone = listen_at_loopback (10);
  place.dead = g_socket_get_local_address (place.dead_listener, NULL);
  place.live = g_socket_get_local_address (place.listener, NULL);
  place.closed = g_socket_get_local_address (gone, NULL);
  place.knocking = fill (place.dead);
  return place;
}

static void
clear_place (Place *place)
{
  g_ptr_array_unref (place->knocking);
  g_object_unref (place->dead_listener);
  g_object_unref (place->listener);
  g_object_unref (place->dead);
  g_object_unref (place->live);
  g_object_unref (place->closed);
}

static GSocket *
dial (const Place *place, const char *which, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (; *which != '\0'; which++)
    g_ptr_array_add (list, *which == 'd'   ? place->dead
                           : *which == 'l' ? place->live
                                           : place->closed);
  return est_dial (list, cancellable, NULL, error);
}

/* Dead, live, or closed ones in front change nothing about what is found. */
static void
test_first_to_answer (void)
{
  static const char *const lists[]
    = {"l", "dl", "cl", "ccccl", "dcl", "cdl", "ddddl", "ld"};
  Place place = make_place ();
  g_autofree char *live
    = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (place.live));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = dial (&place, lists[i], NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
      g_autofree char *text
        = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (remote));
      g_assert_cmpstr (text, ==, live);
    }
  clear_place (&place);
}

static void
test_nobody_answers (void)
{
  Place place = make_place ();
  g_autoptr (GError) error = NULL;
  g_assert_null (dial (&place, "ccc", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  clear_place (&place);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (400000); /* with more than one attempt under way */
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* All that was begun is over when the call is. */
static void
test_cancel (void)
{
  Place place = make_place ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  guint before = G_OBJECT (place.dead)->ref_count;
  g_assert_null (dial (&place, "ddddd", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_cmpuint (G_OBJECT (place.dead)->ref_count, ==, before);
  g_clear_error (&error);
  g_assert_null (dial (&place, "l", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_place (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/addresses/turns", test_turns);
  g_test_add_func ("/relay/addresses/flood", test_flood);
  g_test_add_func ("/relay/dial/first-to-answer", test_first_to_answer);
  g_test_add_func ("/relay/dial/nobody-answers", test_nobody_answers);
  g_test_add_func ("/relay/dial/cancel", test_cancel);
  return g_test_run ();
}
