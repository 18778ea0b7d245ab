/* The one way to write to the outbox: jobs in a queue. One caller at a time leads: it
   takes every job that is there, runs them in one transaction and wakes their callers
   after the commit. With many callers many messages share one flush, with one caller no
   thread has to be waked. No artificial delay: batches form while the previous one is
   flushed. A thread of its own runs what nobody waits for yet, and tidies. */
#pragma once

#include "outbox/database.h"

typedef struct EstWriter EstWriter;

/* A job may run statements, but no transaction of its own; if it fails, only its own
   changes are undone. */
typedef gboolean (*EstWriterJob) (EstDatabase *database, gpointer data, GError **error);

/* What is done after some seconds without work, before the file is tidied; TRUE while
   more of it is left. */
typedef gboolean (*EstWriterChore) (EstDatabase *database, gpointer data);

/* Takes @database over. @chore may be NULL. */
EstWriter *est_writer_new (EstDatabase *database, EstWriterChore chore, gpointer data);

/* Runs what still waits, then closes the database. */
void est_writer_free (EstWriter *writer);

/* Blocks until the job's changes are on stable storage. Any thread. */
gboolean
est_writer_run (EstWriter *writer, EstWriterJob job, gpointer data, GError **error);

/* The same in two halves, so that the caller can go on meanwhile. Jobs run in the order
   in which they were begun: one that waits for a later job has waited for this one too.
   est_writer_end() must be called once; @data must stay as it is until then. */
typedef struct EstTicket EstTicket;

EstTicket *est_writer_begin (EstWriter *writer, EstWriterJob job, gpointer data);
gboolean est_writer_end (EstWriter *writer, EstTicket *ticket, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstWriter, est_writer_free)
