/* Brings an outbox of an older version up to date, step by step, each step in one
   transaction: a crash leaves the version before it or the one after it. */
#pragma once

#include "outbox/database.h"

/* @version: the one the file has now, not greater than EST_SCHEMA_VERSION. */
gboolean est_migrate (EstDatabase *database, gint64 version, GError **error);
