/* A table of relays. */
#include "account/acquaintance.h"

#include "base/clock.h"

#define REMEMBERED_USEC G_TIME_SPAN_DAY /* relays learn, too */

typedef struct
{
  EstExtensions offered;
  gint64 heard;
} Relay;

static GMutex mutex;       /* guards what is below */
static GHashTable *relays; /* "tls host:port" -> Relay */

static char *
name_relay (const EstAccount *account)
{
  return g_strdup_printf ("%s %s:%u", est_security_nick (account->security),
                          account->host, account->port);
}

void
est_acquaintance_note (const EstAccount *account, EstExtensions offered)
{
  Relay relay = {offered, est_clock_now ()};
  g_mutex_lock (&mutex);
  if (relays == NULL)
    relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (relays, name_relay (account), g_memdup2 (&relay, sizeof relay));
  g_mutex_unlock (&mutex);
}

/* A clock that was set back makes a stranger of it as well. */
static gboolean
is_remembered (const Relay *relay)
{
  gint64 age = est_clock_now () - relay->heard;
  return age >= 0 && age < REMEMBERED_USEC;
}

gboolean
est_acquaintance_lacks (const EstAccount *account, EstExtensions extension)
{
  g_autofree char *name = name_relay (account);
  g_mutex_lock (&mutex);
  const Relay *relay = relays != NULL ? g_hash_table_lookup (relays, name) : NULL;
  gboolean lacks
    = relay != NULL && is_remembered (relay) && (relay->offered & extension) == 0;
  g_mutex_unlock (&mutex);
  return lacks;
}
