/* A table of relays. */
#include "account/hold.h"

#include "account/acquaintance.h"
#include "base/clock.h"

#define REMEMBERED_USEC G_TIME_SPAN_DAY

typedef struct
{
  EstReach reach;
  gint64 heard;
} Relay;

static GMutex mutex;       /* guards what is below */
static GHashTable *relays; /* est_acquaintance_name() -> Relay */

void
est_hold_note (const EstAccount *account, const EstCapabilities *offered)
{
  gint64 now = est_clock_now ();
  Relay relay = {
    .reach = {.longest = offered->hold_longest * G_USEC_PER_SEC,
              .latest = offered->hold_latest,
              .renewed = now + REMEMBERED_USEC},
    .heard = now
  };
  g_mutex_lock (&mutex);
  if (relays == NULL)
    relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (relays, est_acquaintance_name (account),
                        g_memdup2 (&relay, sizeof relay));
  g_mutex_unlock (&mutex);
}

/* A clock that was set back makes a stranger of it as well. */
static gboolean
is_remembered (const Relay *relay)
{
  gint64 age = est_clock_now () - relay->heard;
  return age >= 0 && age < REMEMBERED_USEC;
}

EstReach
est_hold_reach (const EstAccount *account)
{
  g_autofree char *name = est_acquaintance_name (account);
  EstReach reach = {0};
  if (!account->future_release)
    return reach;
  g_mutex_lock (&mutex);
  const Relay *relay = relays != NULL ? g_hash_table_lookup (relays, name) : NULL;
  if (relay != NULL && is_remembered (relay))
    reach = relay->reach;
  else
    reach = (EstReach){.longest = G_MAXINT64, .latest = G_MAXINT64};
  g_mutex_unlock (&mutex);
  return reach;
}
