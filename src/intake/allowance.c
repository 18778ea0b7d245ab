/* A list of times for each program that has a limit. */
#include "intake/allowance.h"

#include "base/clock.h"

#define DAY (24 * G_TIME_SPAN_HOUR)

typedef struct
{
  GArray *times; /* gint64, of what was stored; NULL: the outbox was not asked yet */
  guint taken;   /* places of messages that are being received */
} Ledger;

struct EstAllowance
{
  EstOutbox *outbox;
  GMutex mutex;
  GHashTable *ledgers; /* program -> Ledger */
};

static void
free_ledger (gpointer data)
{
  Ledger *ledger = data;
  g_clear_pointer (&ledger->times, g_array_unref);
  g_free (ledger);
}

EstAllowance *
est_allowance_new (EstOutbox *outbox)
{
  EstAllowance *allowance = g_new0 (EstAllowance, 1);
  allowance->outbox = g_object_ref (outbox);
  g_mutex_init (&allowance->mutex);
  allowance->ledgers
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_ledger);
  return allowance;
}

void
est_allowance_free (EstAllowance *allowance)
{
  if (allowance == NULL)
    return;
  g_hash_table_unref (allowance->ledgers);
  g_mutex_clear (&allowance->mutex);
  g_object_unref (allowance->outbox);
  g_free (allowance);
}

static Ledger *
find_ledger (EstAllowance *allowance, const char *program)
{
  Ledger *ledger = g_hash_table_lookup (allowance->ledgers, program);
  if (ledger == NULL)
    {
      ledger = g_new0 (Ledger, 1);
      g_hash_table_insert (allowance->ledgers, g_strdup (program), ledger);
    }
  return ledger;
}

/* What was stored while the clock was ahead counts from now on, not from then: else its
   program would wait for that time to come. Keeps them in order, too. */
static void
bound (GArray *times, gint64 now)
{
  for (guint i = times->len; i > 0 && g_array_index (times, gint64, i - 1) > now; i--)
    g_array_index (times, gint64, i - 1) = now;
}

static void
forget_before (GArray *times, gint64 since)
{
  guint old = 0;
  while (old < times->len && g_array_index (times, gint64, old) < since)
    old++;
  if (old > 0)
    g_array_remove_range (times, 0, old);
}

/* When the oldest of the last @per_day stored ones is a day old. */
static gint64
next_place (const Ledger *ledger, guint per_day)
{
  GArray *times = ledger->times;
  if (times->len < per_day)
    return 0;
  return g_array_index (times, gint64, times->len - per_day) + DAY;
}

static gboolean
has_place (EstAllowance *allowance,
           const char *program,
           Ledger *ledger,
           guint per_day,
           gint64 *again,
           GError **error)
{
  gint64 now = est_clock_now ();
  if (per_day == 0)
    return TRUE;
  if (ledger->times == NULL)
    ledger->times = est_outbox_times (allowance->outbox, program, now - DAY, error);
  if (ledger->times == NULL)
    return FALSE;
  bound (ledger->times, now);
  forget_before (ledger->times, now - DAY);
  *again = next_place (ledger, per_day);
  return ledger->times->len + ledger->taken < per_day;
}

gboolean
est_allowance_take (EstAllowance *allowance,
                    const char *program,
                    guint per_day,
                    gint64 *again,
                    GError **error)
{
  *again = 0;
  g_mutex_lock (&allowance->mutex);
  Ledger *ledger = find_ledger (allowance, program);
  gboolean good = has_place (allowance, program, ledger, per_day, again, error);
  if (good)
    ledger->taken++;
  g_mutex_unlock (&allowance->mutex);
  return good;
}

/* A list that was asked for while messages were being received may hold one of them
   already: it then counts twice, for a day, rather than not at all. */
void
est_allowance_return (EstAllowance *allowance, const char *program, gboolean stored)
{
  gint64 now = est_clock_now ();
  g_mutex_lock (&allowance->mutex);
  Ledger *ledger = find_ledger (allowance, program);
  ledger->taken--;
  if (stored && ledger->times != NULL)
    g_array_append_val (ledger->times, now);
  g_mutex_unlock (&allowance->mutex);
}
