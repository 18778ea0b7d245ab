/* Lists that come over D-Bus, as tables. */
#pragma once

#include "cli/table.h"

/* Prints @records (an array of dictionaries), a line each by @add; @none where there are
   none. */
void est_listing_print (GVariant *records,
                        const EstColumn *columns,
                        guint n_columns,
                        void (*add) (EstTable *table, GVariant *record),
                        const char *none);
