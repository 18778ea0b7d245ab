/* A table of relays. */
#include "account/acquaintance.h"

#include "base/clock.h"

#define REMEMBERED_USEC G_TIME_SPAN_DAY /* relays learn, too */

typedef struct
{
  EstExtensions offered;
  EstReach reach;
  gint64 heard; /* when that was; 0: never */

  gint64 taught;      /* when what follows was; 0: never */
  EstManners manners; /* FLIGHTS, STEPS or DATA */
  guint broken;       /* flights */
  guint broken_in_a_row;
  guint most_recipients;
} Relay;

static GMutex mutex;       /* guards what is below */
static GHashTable *relays; /* by name */

char *
est_acquaintance_name (const EstAccount *account)
{
  return g_strdup_printf ("%s %s:%u", est_security_nick (account->security),
                          account->host, account->port);
}

/* A clock that was set back makes a stranger of it as well. */
static gboolean
is_remembered (gint64 time)
{
  gint64 age = est_clock_now () - time;
  return age >= 0 && age < REMEMBERED_USEC;
}

static void
forget_lessons (Relay *relay)
{
  relay->taught = 0;
  relay->manners = EST_MANNERS_FLIGHTS;
  relay->broken = relay->broken_in_a_row = relay->most_recipients = 0;
}

/* With the mutex held, as what follows. */
static Relay *
meet (const char *name)
{
  if (relays == NULL)
    relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Relay *relay = g_hash_table_lookup (relays, name);
  if (relay == NULL)
    {
      relay = g_new0 (Relay, 1);
      g_hash_table_insert (relays, g_strdup (name), relay);
    }
  if (!is_remembered (relay->taught))
    forget_lessons (relay);
  return relay;
}

static void
hear (Relay *relay, const EstCapabilities *offered, gboolean encrypted)
{
  relay->heard = est_clock_now ();
  relay->reach = (EstReach){.longest = offered->hold_longest * G_USEC_PER_SEC,
                            .latest = offered->hold_latest,
                            .renewed = relay->heard + REMEMBERED_USEC};
  relay->offered = offered->parameters;
  /* RFC 8689 4.2.1: what it promises in the clear is no such promise. */
  if (!encrypted)
    relay->offered &= ~(EstExtensions) EST_EXTENSION_REQUIRETLS;
}

void
est_acquaintance_note (const EstAccount *account,
                       const EstCapabilities *offered,
                       gboolean encrypted)
{
  g_autofree char *name = est_acquaintance_name (account);
  g_mutex_lock (&mutex);
  hear (meet (name), offered, encrypted);
  g_mutex_unlock (&mutex);
}

gboolean
est_acquaintance_lacks (const EstAccount *account, EstExtensions extension)
{
  g_autofree char *name = est_acquaintance_name (account);
  g_mutex_lock (&mutex);
  const Relay *relay = meet (name);
  gboolean lacks = is_remembered (relay->heard) && (relay->offered & extension) == 0;
  g_mutex_unlock (&mutex);
  return lacks;
}

EstReach
est_acquaintance_reach (const EstAccount *account)
{
  g_autofree char *name = est_acquaintance_name (account);
  if (!account->future_release)
    return (EstReach){0};
  g_mutex_lock (&mutex);
  const Relay *relay = meet (name);
  EstReach reach = {.longest = G_MAXINT64, .latest = G_MAXINT64};
  if (is_remembered (relay->heard))
    reach = relay->reach;
  g_mutex_unlock (&mutex);
  return reach;
}

EstManners
est_acquaintance_manners (const char *name)
{
  g_mutex_lock (&mutex);
  const Relay *relay = meet (name);
  EstManners manners = relay->manners;
  if (manners == EST_MANNERS_FLIGHTS && (relay->broken_in_a_row > 0 || relay->broken > 1))
    manners = EST_MANNERS_CAREFUL;
  g_mutex_unlock (&mutex);
  return manners;
}

void
est_acquaintance_note_out_of_step (const char *name)
{
  g_mutex_lock (&mutex);
  Relay *relay = meet (name);
  relay->manners
    = relay->manners == EST_MANNERS_FLIGHTS ? EST_MANNERS_STEPS : EST_MANNERS_DATA;
  relay->taught = est_clock_now ();
  g_mutex_unlock (&mutex);
}

/* One that goes well teaches nothing, and so makes nothing remembered any longer. */
static void
note_break (Relay *relay)
{
  relay->broken++;
  relay->broken_in_a_row++;
  if (relay->broken_in_a_row > 1 && relay->manners == EST_MANNERS_FLIGHTS)
    relay->manners = EST_MANNERS_STEPS;
  relay->taught = est_clock_now ();
}

void
est_acquaintance_note_flight (const char *name, gboolean broken)
{
  g_mutex_lock (&mutex);
  Relay *relay = meet (name);
  if (broken)
    note_break (relay);
  else
    relay->broken_in_a_row = 0;
  g_mutex_unlock (&mutex);
}

guint
est_acquaintance_most_recipients (const char *name)
{
  g_mutex_lock (&mutex);
  guint most = meet (name)->most_recipients;
  g_mutex_unlock (&mutex);
  return most;
}

void
est_acquaintance_note_most_recipients (const char *name, guint most)
{
  g_mutex_lock (&mutex);
  Relay *relay = meet (name);
  if (relay->most_recipients != most)
    relay->taught = est_clock_now ();
  relay->most_recipients = most;
  g_mutex_unlock (&mutex);
}
