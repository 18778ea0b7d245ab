/* What all verbs have in common that print what the method List of an interface answers:
   an array of dictionaries, as a table or as JSON. */
#pragma once

#include "cli/table.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <gio/gio.h>

typedef struct
{
  EstUsage usage;
  GDBusProxy *(*connect) (void); /* as those of cli/connect.h */
  void (*print) (GVariant *records);
} EstListing;

EstExit est_listing_run (const EstListing *listing, char **arguments);

/* Prints @records, a line each by @add; @none where there are none. */
void est_listing_print (GVariant *records,
                        const EstColumn *columns,
                        guint n_columns,
                        void (*add) (EstTable *table, GVariant *record),
                        const char *none);
