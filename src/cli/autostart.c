/* $XDG_CONFIG_HOME/autostart, as the Desktop Application Autostart Specification has it.
 */
#include "cli/autostart.h"

#include "interface/names.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#define TEXT                                                                             \
  "[Desktop Entry]\nType=Application\nName=Estafeta\n"                                   \
  "Exec=\"" LIBEXECDIR "/estafetad\"\nIcon=" EST_BUS_NAME "\nNoDisplay=true\n"

struct EstAutostart
{
  char *path;
  char *before; /* NULL: there was no file */
  gboolean changed;
};

static gboolean
write_text (EstAutostart *autostart, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (autostart->path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  autostart->changed = TRUE;
  return g_file_set_contents (autostart->path, TEXT, -1, error);
}

EstAutostart *
est_autostart_write (GError **error)
{
  g_autoptr (EstAutostart) autostart = g_new0 (EstAutostart, 1);
  autostart->path = g_build_filename (g_get_user_config_dir (), "autostart",
                                      EST_BUS_NAME ".desktop", NULL);
  g_file_get_contents (autostart->path, &autostart->before, NULL, NULL);
  if (g_strcmp0 (autostart->before, TEXT) == 0 || write_text (autostart, error))
    return g_steal_pointer (&autostart);
  return NULL;
}

const char *
est_autostart_path (const EstAutostart *autostart)
{
  return autostart->path;
}

void
est_autostart_undo (EstAutostart *autostart)
{
  if (!autostart->changed)
    return;
  if (autostart->before == NULL)
    g_unlink (autostart->path);
  else
    g_file_set_contents (autostart->path, autostart->before, -1, NULL);
}

void
est_autostart_free (EstAutostart *autostart)
{
  g_free (autostart->path);
  g_free (autostart->before);
  g_free (autostart);
}
