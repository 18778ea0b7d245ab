/* Says when a file may have changed, whether it is written in place, replaced by rename,
   reached by a symbolic link, or made later together with its folder; without polling. */
#pragma once

#include <gio/gio.h>

typedef struct EstFileWatch EstFileWatch;

/* Calls @changed in the thread-default main context, once for a burst of events. */
EstFileWatch *
est_file_watch_new (const char *path, void (*changed) (gpointer data), gpointer data);
void est_file_watch_free (EstFileWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstFileWatch, est_file_watch_free)
