/* Text, and what it leads to. */
#include "account/listening.h"

#include "base/own-sockets.h"

GSocketAddress *
est_listening_parse (const char *text)
{
  const char *colon = strrchr (text, ':');
  guint64 port;
  if (colon == NULL
      || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;

  gboolean bracketed = *text == '[' && colon[-1] == ']';
  g_autofree char *host
    = bracketed ? g_strndup (text + 1, colon - text - 2) : g_strndup (text, colon - text);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  if (address == NULL || !g_inet_address_get_is_loopback (address)
      || bracketed != (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6))
    return NULL;
  return g_inet_socket_address_new (address, (guint16) port);
}

gboolean
est_listening_is_same (const char *a, const char *b)
{
  g_autoptr (GSocketAddress) first = est_listening_parse (a);
  g_autoptr (GSocketAddress) second = est_listening_parse (b);
  return est_own_socket_answers (first, second);
}

static const char *
find_answering (char **places, GSocketAddress *target)
{
  for (char **place = places; *place != NULL; place++)
    {
      g_autoptr (GSocketAddress) listening = est_listening_parse (*place);
      if (est_own_socket_answers (listening, target))
        return *place;
    }
  return NULL;
}

static const char *
find_at (const EstSubmissionSettings *submission, const char *host, guint16 port)
{
  g_autoptr (GSocketAddress) target = g_inet_socket_address_new_from_string (host, port);
  if (target == NULL)
    return NULL; /* a name: what it leads to is looked at when it is connected to */
  const char *plain = find_answering (submission->listen, target);
  return plain != NULL ? plain : find_answering (submission->listen_tls, target);
}

const char *
est_listening_find_loop (const EstSubmissionSettings *submission,
                         const EstAccount *account)
{
  if (g_ascii_strcasecmp (account->host, "localhost") != 0)
    return find_at (submission, account->host, account->port);
  const char *four = find_at (submission, "127.0.0.1", account->port);
  return four != NULL ? four : find_at (submission, "::1", account->port);
}
