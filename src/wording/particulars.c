/* One function per reason that has figures. */
#include "wording/particulars.h"

#include "wording/budget.h"

typedef char *(*Teller) (const char *figures);

static const Teller tellers[EST_N_REASONS] = {
  [EST_REASON_BUDGET] = est_wording_budget,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
