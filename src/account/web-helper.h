/* Runs estafeta-web (src/web), where HTTP, XML, JSON and DNS of strangers are read: one
   task, one process, gone when it is done, or when the daemon is. Blocking, for a thread
   that may wait; any number at once. */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

/* One record as it comes: its first word, and its values (key -> value), both borrowed
   and wiped afterwards. FALSE: that cannot be, which ends it. */
typedef gboolean (*EstWebRecord) (const char *word, GHashTable *values, gpointer data);

typedef struct
{
  const char *const *arguments; /* the task's name first; NULL at the end */
  EstSecret *input;
  guint seconds;
  guint grace; /* seconds more that it gets when it is cancelled: what it has fetched may
                  be the only copy of something */
  EstWebRecord on_record;
  gpointer data;
} EstWebTask;

/* TRUE when it ended by itself and well. A line may have 64 KiB, all of them 256 KiB.
   G_IO_ERROR: CANCELLED, TIMED_OUT, INVALID_DATA (it said what cannot be), or another
   one if it cannot be run. */
gboolean
est_web_helper_run (const EstWebTask *task, GCancellable *cancellable, GError **error);

/* Adds "KEY=VALUE" and a line feed where there is a value; a value of several lines is
   cut at the first. */
void est_web_helper_add (GString *input, const char *key, const char *value);

/* Takes the text; the string is wiped. */
EstSecret *est_web_helper_seal (GString *input);
