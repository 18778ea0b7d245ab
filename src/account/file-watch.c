/* Watches folders, never the file itself: a watch on a file follows the old inode when it
   is replaced, and GIO polls every few seconds for what does not exist. So the deepest
   folder there is gets watched, for the one name in it that leads on to the file. */
#include "account/file-watch.h"

#include <stdlib.h>

#define SETTLE_MS 100 /* editors write in several steps */

struct EstFileWatch
{
  char *path;
  void (*changed) (gpointer data);
  gpointer data;
  GMainContext *context;
  GPtrArray
    *monitors; /* GFileMonitor: of the path, and of what a symbolic link leads to */
  GSource *settle;
};

static void watch_again (EstFileWatch *watch);

static void
drop_monitor (gpointer data)
{
  GFileMonitor *monitor = data;
  g_signal_handlers_disconnect_matched (monitor, G_SIGNAL_MATCH_ID,
                                        g_signal_lookup ("changed", G_TYPE_FILE_MONITOR),
                                        0, 0, 0, 0);
  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

static void
stop_settling (EstFileWatch *watch)
{
  if (watch->settle == NULL)
    return;
  g_source_destroy (watch->settle);
  g_clear_pointer (&watch->settle, g_source_unref);
}

static gboolean
on_settled (gpointer data)
{
  EstFileWatch *watch = data;
  stop_settling (watch);
  watch_again (watch);
  watch->changed (watch->data); /* last: it may free the watch */
  return G_SOURCE_REMOVE;
}

static void
settle (EstFileWatch *watch)
{
  stop_settling (watch);
  watch->settle = g_timeout_source_new (SETTLE_MS);
  g_source_set_callback (watch->settle, on_settled, watch, NULL);
  g_source_attach (watch->settle, watch->context);
}

static gboolean
is_child (GFile *file, const char *name)
{
  g_autofree char *base = file != NULL ? g_file_get_basename (file) : NULL;
  return g_strcmp0 (base, name) == 0;
}

static void
on_event (GFileMonitor *monitor,
          GFile *file,
          GFile *other,
          GFileMonitorEvent event,
          gpointer data)
{
  const char *awaited = g_object_get_data (G_OBJECT (monitor), "awaited");
  GFile *folder = g_object_get_data (G_OBJECT (monitor), "folder");
  if (is_child (file, awaited) || is_child (other, awaited)
      || g_file_equal (file, folder))
    settle (data);
}

/* Many programs write beside the file we wait for: only the one name is of interest. */
static void
watch_folder (EstFileWatch *watch, const char *folder, const char *awaited)
{
  g_autoptr (GFile) place = g_file_new_for_path (folder);
  GFileMonitor *monitor
    = g_file_monitor_directory (place, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (monitor == NULL) /* no inotify to be had: the file is read at the next start */
    return;
  g_object_set_data_full (G_OBJECT (monitor), "awaited", g_strdup (awaited), g_free);
  g_object_set_data_full (G_OBJECT (monitor), "folder", g_steal_pointer (&place),
                          g_object_unref);
  g_signal_connect (monitor, "changed", G_CALLBACK (on_event), watch);
  g_ptr_array_add (watch->monitors, monitor);
}

static void
watch_path (EstFileWatch *watch, const char *path)
{
  g_autofree char *awaited = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  while (!g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_str_equal (folder, "/")
         && !g_str_equal (folder, "."))
    {
      g_free (awaited);
      awaited = g_path_get_basename (folder);
      char *parent = g_path_get_dirname (folder);
      g_free (folder);
      folder = parent;
    }
  watch_folder (watch, folder, awaited);
}

/* After every event, because the deepest folder or the link's goal may be another one
 * now. */
static void
watch_again (EstFileWatch *watch)
{
  g_ptr_array_set_size (watch->monitors, 0);
  watch_path (watch, watch->path);

  char *goal = realpath (watch->path, NULL);
  if (goal != NULL && !g_str_equal (goal, watch->path))
    watch_path (watch, goal);
  free (goal);
}

EstFileWatch *
est_file_watch_new (const char *path, void (*changed) (gpointer data), gpointer data)
{
  EstFileWatch *watch = g_new0 (EstFileWatch, 1);
  watch->path = g_strdup (path);
  watch->changed = changed;
  watch->data = data;
  watch->context = g_main_context_ref_thread_default ();
  watch->monitors = g_ptr_array_new_with_free_func (drop_monitor);
  watch_again (watch);
  return watch;
}

void
est_file_watch_free (EstFileWatch *watch)
{
  if (watch == NULL)
    return;
  stop_settling (watch);
  g_ptr_array_unref (watch->monitors);
  g_main_context_unref (watch->context);
  g_free (watch->path);
  g_free (watch);
}
