/* Where things lie. */
#include "base/paths.h"

#include <errno.h>
#include <gio/gio.h>

#define NAME "estafeta"

char *
est_paths_settings_file (void)
{
  return g_build_filename (g_get_user_config_dir (), NAME, "estafeta.conf", NULL);
}

char *
est_paths_tokens_file (void)
{
  return g_build_filename (g_get_user_config_dir (), NAME, "tokens", NULL);
}

char *
est_paths_data_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), NAME, NULL);
}

char *
est_paths_outbox_file (void)
{
  return g_build_filename (g_get_user_data_dir (), NAME, "outbox.db", NULL);
}

char *
est_paths_identity_file (void)
{
  return g_build_filename (g_get_user_data_dir (), NAME, "localhost.pem", NULL);
}

char *
est_paths_witness_file (void)
{
  return g_build_filename (g_get_user_state_dir (), NAME, "outbox.state", NULL);
}

char *
est_paths_strength_file (void)
{
  return g_build_filename (g_get_user_state_dir (), NAME, "strength", NULL);
}

char *
est_paths_runtime_folder (void)
{
  return g_build_filename (g_get_user_runtime_dir (), NAME, NULL);
}

char *
est_paths_submission_socket (void)
{
  return g_build_filename (g_get_user_runtime_dir (), NAME, "submission", NULL);
}

char *
est_paths_bus_socket (void)
{
  return g_build_filename (g_get_user_runtime_dir (), NAME, "bus", NULL);
}

gboolean
est_paths_make_private_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "cannot make the folder %s: %s", folder, g_strerror (code));
  return FALSE;
}
