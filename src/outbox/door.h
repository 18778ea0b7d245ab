/* What the files behind the outbox's door share. Internal to outbox/. */
#pragma once

#include "outbox/claims.h"
#include "outbox/examiner.h"
#include "outbox/outbox.h"
#include "outbox/witness.h"
#include "outbox/writer.h"

struct _EstOutbox
{
  GObject parent;
  GMainContext *context; /* where "changed" is emitted */
  char *path;
  char *folder;
  EstWriter *writer;
  EstExaminer *examiner; /* NULL: not asked for */
  EstWitness *witness;   /* NULL: none */
  gint64 stamp;          /* the last one given out; atomic */
  gboolean damaged;      /* has been told; atomic */
  gboolean bereft;       /* the one that was here is gone */
  guint journal_days;    /* 0: for ever; atomic */
  gint64 looked; /* when old mail was looked for to be forgotten; writer's thread */

  GMutex mutex; /* guards everything below */
  GCond let_go; /* somebody has let go of a message */
  EstDatabase *reader;
  EstClaims *claims;
  GHashTable *reaches; /* account -> EstReach */
  gint64 last_id;
};

/* A stamp greater than all before, for a change that is about to be written. */
gint64 est_door_stamp (EstOutbox *outbox);

/* After its commit: the witness remembers that message @id bears @stamp. */
void est_door_remember (EstOutbox *outbox, gint64 stamp, gint64 id);

/* Ends what keeps workers from messages that were held by est_claims_try_hold(). */
void est_door_let_go (EstOutbox *outbox, const GArray *ids);

/* Emits "changed" on the outbox's context. */
void est_door_tell (EstOutbox *outbox, gint64 id, int from, int to);

/* The same for many, in one go. @changes: EstChange. */
void est_door_tell_all (EstOutbox *outbox, const GArray *changes);

/* Emits "rearranged" there. */
void est_door_tell_rearranged (EstOutbox *outbox);

/* The file is damaged; emits "damaged" there, once. Any thread. */
void est_door_on_damage (gpointer outbox, const char *what);
