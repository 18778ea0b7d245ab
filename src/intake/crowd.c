/* The last ten times of each program, in a ring. */
#include "intake/crowd.h"

#define SINGLE   10 /* messages */
#define SPAN     G_TIME_SPAN_MINUTE
#define PROGRAMS 200 /* that are kept apart; names are made up easily */

typedef struct
{
  gint64 times[SINGLE];
  guint next;  /* place of the oldest, once all are taken */
  guint taken; /* places */
} Ring;

struct EstCrowd
{
  GMutex mutex;
  GHashTable *rings; /* program ("": unknown) -> Ring */
};

EstCrowd *
est_crowd_new (void)
{
  EstCrowd *crowd = g_new0 (EstCrowd, 1);
  g_mutex_init (&crowd->mutex);
  crowd->rings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return crowd;
}

void
est_crowd_free (EstCrowd *crowd)
{
  if (crowd == NULL)
    return;
  g_hash_table_unref (crowd->rings);
  g_mutex_clear (&crowd->mutex);
  g_free (crowd);
}

static gint64
newest_of (const Ring *ring)
{
  return ring->times[(ring->next + SINGLE - 1) % SINGLE];
}

static gboolean
is_quiet (gpointer program, gpointer ring, gpointer now)
{
  return newest_of (ring) + SPAN <= *(const gint64 *) now;
}

/* Who has been quiet for a minute is as good as new. When everybody is loud, newcomers
   share the place of the unknown. */
static Ring *
find_ring (EstCrowd *crowd, const char *program, gint64 now)
{
  const char *name = program != NULL ? program : "";
  Ring *ring = g_hash_table_lookup (crowd->rings, name);
  if (ring != NULL)
    return ring;
  if (g_hash_table_size (crowd->rings) >= PROGRAMS)
    g_hash_table_foreach_remove (crowd->rings, is_quiet, &now);
  if (g_hash_table_size (crowd->rings) >= PROGRAMS && *name != '\0')
    return find_ring (crowd, NULL, now);
  ring = g_new0 (Ring, 1);
  g_hash_table_insert (crowd->rings, g_strdup (name), ring);
  return ring;
}

gboolean
est_crowd_note (EstCrowd *crowd, const char *program, gint64 now)
{
  g_mutex_lock (&crowd->mutex);
  Ring *ring = find_ring (crowd, program, now);
  gboolean too_many = ring->taken == SINGLE && ring->times[ring->next] + SPAN > now;
  ring->times[ring->next] = now;
  ring->next = (ring->next + 1) % SINGLE;
  ring->taken = MIN (ring->taken + 1, SINGLE);
  g_mutex_unlock (&crowd->mutex);
  return too_many;
}
