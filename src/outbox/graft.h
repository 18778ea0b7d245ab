/* A database whose first page is damaged tells SQLite nothing about its tables. All
   outboxes are laid out alike, so the first page of a fresh one serves to read it. */
#pragma once

#include <glib.h>

/* Puts the first page of the closed database @fresh into the damaged @path. */
gboolean est_graft (const char *path, const char *fresh, GError **error);
