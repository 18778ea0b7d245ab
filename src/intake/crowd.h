/* Which mail comes in crowds: more than ten messages in a minute from one program are
   bulk from the eleventh on, and others may overtake them. What no program can be named
   for is one program. Constant time and memory for each message; any thread. */
#pragma once

#include <glib.h>

typedef struct EstCrowd EstCrowd;

EstCrowd *est_crowd_new (void);
void est_crowd_free (EstCrowd *crowd);

/* Notes one message of @program (or NULL) at @now, microseconds on a clock that does not
   go back; whether it is one of too many. */
gboolean est_crowd_note (EstCrowd *crowd, const char *program, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstCrowd, est_crowd_free)
