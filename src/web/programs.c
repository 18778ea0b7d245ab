#include "web/programs.h"

GPtrArray *
est_programs_new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) est_candidate_free);
}

/* Several accounts of a program may be one way out. */
static gboolean
has (GPtrArray *list, const EstCandidate *candidate)
{
  for (guint i = 0; i < list->len; i++)
    {
      const EstCandidate *other = g_ptr_array_index (list, i);
      if (g_str_equal (other->host, candidate->host) && other->port == candidate->port
          && g_strcmp0 (other->user, candidate->user) == 0)
        return TRUE;
    }
  return FALSE;
}

void
est_programs_add (GPtrArray *list, EstCandidate *candidate)
{
  g_autoptr (EstCandidate) held = candidate;
  if (held->host == NULL || held->security == EST_SECURITY_NONE || held->auth == NULL)
    return;
  if (held->port == 0)
    held->port = held->security == EST_SECURITY_TLS ? 465 : 587;
  if (!has (list, held))
    g_ptr_array_add (list, g_steal_pointer (&held));
}
