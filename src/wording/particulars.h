/* What the figures of a reason add to its sentence: when a certificate ended, how large a
   message may be. Pure. */
#pragma once

#include "outcome/reason.h"

/* A sentence of its own, with its full stop; new string. NULL if there is nothing to add,
   or @figures (may be NULL) are not what they should be. */
char *est_wording_particulars (EstReason reason, const char *figures);
