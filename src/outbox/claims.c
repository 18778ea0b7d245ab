/* A table of ids. */
#include "outbox/claims.h"

typedef struct
{
  gboolean worker; /* has it */
  GCancellable *call_back;
  gboolean gone;   /* its last octet goes out: too late to call it back */
  gboolean person; /* has it */
  guint wanting;   /* persons that have it or wait for it */
} Claim;

struct EstClaims
{
  GHashTable *by_id; /* gint64 -> Claim */
};

static void
free_claim (gpointer data)
{
  Claim *claim = data;
  g_clear_object (&claim->call_back);
  g_free (claim);
}

EstClaims *
est_claims_new (void)
{
  EstClaims *claims = g_new0 (EstClaims, 1);
  claims->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_claim);
  return claims;
}

void
est_claims_free (EstClaims *claims)
{
  if (claims == NULL)
    return;
  g_hash_table_unref (claims->by_id);
  g_free (claims);
}

static Claim *
find (EstClaims *claims, gint64 id)
{
  return g_hash_table_lookup (claims->by_id, &id);
}

static Claim *
find_or_make (EstClaims *claims, gint64 id)
{
  Claim *claim = find (claims, id);
  if (claim == NULL)
    {
      claim = g_new0 (Claim, 1);
      g_hash_table_insert (claims->by_id, g_memdup2 (&id, sizeof id), claim);
    }
  return claim;
}

static void
drop_if_free (EstClaims *claims, gint64 id, const Claim *claim)
{
  if (!claim->worker && claim->wanting == 0)
    g_hash_table_remove (claims->by_id, &id);
}

void
est_claims_take (EstClaims *claims, gint64 id, GCancellable *call_back)
{
  Claim *claim = find_or_make (claims, id);
  claim->worker = TRUE;
  claim->call_back = call_back != NULL ? g_object_ref (call_back) : NULL;
}

void
est_claims_let_go (EstClaims *claims, gint64 id)
{
  Claim *claim = find (claims, id);
  if (claim == NULL)
    return;
  claim->worker = claim->gone = FALSE;
  g_clear_object (&claim->call_back);
  drop_if_free (claims, id, claim);
}

gboolean
est_claims_is_taken (EstClaims *claims, gint64 id)
{
  const Claim *claim = find (claims, id);
  return claim != NULL && claim->worker;
}

gboolean
est_claims_is_spoken_for (EstClaims *claims, gint64 id)
{
  return find (claims, id) != NULL;
}

gboolean
est_claims_may_go_on (EstClaims *claims, gint64 id, gboolean last)
{
  Claim *claim = find (claims, id);
  if (claim == NULL)
    return TRUE;
  if (claim->wanting > 0 && !claim->gone)
    return FALSE;
  claim->gone = claim->gone || last;
  return TRUE;
}

void
est_claims_want (EstClaims *claims, const gint64 *ids, gsize n_ids)
{
  for (gsize i = 0; i < n_ids; i++)
    {
      Claim *claim = find_or_make (claims, ids[i]);
      claim->wanting++;
      if (claim->call_back != NULL && !claim->gone)
        g_cancellable_cancel (claim->call_back);
    }
}

void
est_claims_unwant (EstClaims *claims, const gint64 *ids, gsize n_ids)
{
  for (gsize i = 0; i < n_ids; i++)
    {
      Claim *claim = find (claims, ids[i]);
      claim->wanting--;
      drop_if_free (claims, ids[i], claim);
    }
}

gboolean
est_claims_try_hold (EstClaims *claims, const gint64 *ids, gsize n_ids)
{
  for (gsize i = 0; i < n_ids; i++)
    {
      const Claim *claim = find (claims, ids[i]);
      if (claim->worker || claim->person)
        return FALSE;
    }
  for (gsize i = 0; i < n_ids; i++)
    find (claims, ids[i])->person = TRUE;
  return TRUE;
}

void
est_claims_finish (EstClaims *claims, const gint64 *ids, gsize n_ids)
{
  for (gsize i = 0; i < n_ids; i++)
    find (claims, ids[i])->person = FALSE;
  est_claims_unwant (claims, ids, n_ids);
}
