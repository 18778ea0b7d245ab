/* Moves what can be read from a damaged database into a fresh one, message by message. */
#pragma once

#include "outbox/database.h"
#include "outbox/salvage.h"

/* @fresh has its tables; @damaged is as it is. What cannot be read of it is counted,
   never an error; those are @fresh's own. */
gboolean est_rescue (EstDatabase *fresh,
                     EstDatabase *damaged,
                     EstSalvage *salvage,
                     GError **error);
