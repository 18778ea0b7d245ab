/* What the journal has about one attempt, as D-Bus dictionaries. */
#pragma once

#include "outbox/attempt.h"

/* Adds the keys both Show and Journal have to the open a{sv} @builder. */
void est_attempt_values_add (const EstAttempt *attempt, GVariantBuilder *builder);

/* aa{sv}: all @attempts (EstAttempt) of @entry, with every word the relay said. */
GVariant *est_attempt_values_of (GPtrArray *attempts, const EstEntry *entry);
