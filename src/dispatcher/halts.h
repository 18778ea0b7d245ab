/* What its person has stopped by hand: single accounts, or everything. Main loop only. */
#pragma once

#include "outbox/outbox.h"

typedef struct EstHalts EstHalts;

/* As the outbox has it now. */
EstHalts *est_halts_new (EstOutbox *outbox);
void est_halts_free (EstHalts *halts);

/* Reads it anew; what cannot be read stays as it was. */
void est_halts_reload (EstHalts *halts);

gboolean est_halts_cover (EstHalts *halts, const char *account);
