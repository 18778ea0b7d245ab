/* Recovery: what can be read of a damaged outbox goes into a fresh file in its place, the
   damaged one is set aside beside it, as outbox-damaged-2026-11-24.db (with "-2" and so
   on if that name is taken), untouched. Nothing that could be read is lost, nothing that
   could not is made up. */
#pragma once

#include <glib.h>

typedef struct
{
  guint whole;      /* messages recovered as they were */
  guint incomplete; /* recovered, but parts are missing or do not match: HELD, DAMAGED */
  guint lost;       /* only traces of them were found */
  char *set_aside;  /* the name of the damaged file, without its folder */
} EstSalvage;

/* Nobody may have the outbox open. On an error nothing has changed. */
gboolean est_salvage (const char *path, EstSalvage *salvage, GError **error);

/* After a crash in the very moment between setting aside and putting in place. */
void est_salvage_resume (const char *path);

void est_salvage_clear (EstSalvage *salvage);

/* Names (without folder) of what was set aside in @folder; new vector, sorted. */
char **est_salvage_find (const char *folder);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstSalvage, est_salvage_clear)
