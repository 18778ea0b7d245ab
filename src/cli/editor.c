#include "cli/editor.h"

#include <gio/gio.h>

/* As a command line: EDITOR="emacsclient -t" is usual. */
static char **
find_editor (void)
{
  static const char *const variables[] = {"VISUAL", "EDITOR"};
  static const char *const programs[] = {"sensible-editor", "editor", "nano", "vi"};
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      char **argv = NULL;
      const char *command = g_getenv (variables[i]);
      if (command != NULL && g_shell_parse_argv (command, NULL, &argv, NULL))
        return argv;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *found = g_find_program_in_path (programs[i]);
      const char *argv[] = {found, NULL};
      if (found != NULL)
        return g_strdupv ((char **) argv);
    }
  return NULL;
}

/* "+7 FILE" is what nearly every editor of terminals understands. */
static char **
make_command (char **editor, const char *path, guint line)
{
  g_autoptr (GStrvBuilder) command = g_strv_builder_new ();
  g_autofree char *place = g_strdup_printf ("+%u", line);
  g_strv_builder_addv (command, (const char **) editor);
  if (line > 0)
    g_strv_builder_add (command, place);
  g_strv_builder_add (command, path);
  return g_strv_builder_end (command);
}

gboolean
est_editor_open (const char *path, guint line, GError **error)
{
  int status;
  g_auto (GStrv) editor = find_editor ();
  if (editor == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "$EDITOR is not set, and there is no editor");
      return FALSE;
    }
  g_auto (GStrv) command = make_command (editor, path, line);
  return g_spawn_sync (NULL, command, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL,
                       NULL, NULL, &status, error)
         && g_spawn_check_wait_status (status, error);
}
