/* The one thread that writes to the outbox. It takes every job that waits, runs them in
   one transaction and wakes their callers after the commit: with many callers many
   messages share one flush. No artificial delay: batches form while the previous one is
   flushed. */
#pragma once

#include "outbox/database.h"

typedef struct EstWriter EstWriter;

/* A job may run statements, but no transaction of its own; if it fails, only its own
   changes are undone. */
typedef gboolean (*EstWriterJob) (EstDatabase *database, gpointer data, GError **error);

/* Takes @database over. */
EstWriter *est_writer_new (EstDatabase *database);

/* Runs what still waits, then closes the database. */
void est_writer_free (EstWriter *writer);

/* Blocks until the job's changes are on stable storage. Any thread. */
gboolean
est_writer_run (EstWriter *writer, EstWriterJob job, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstWriter, est_writer_free)
