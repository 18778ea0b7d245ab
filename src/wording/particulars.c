/* One function per reason that has figures. */
#include "wording/particulars.h"

typedef char *(*Teller) (const char *figures);

static const Teller tellers[EST_N_REASONS] = {
  [EST_REASON_NONE] = NULL,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
