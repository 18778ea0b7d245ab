#include "cli/check.h"

#include "cli/connect.h"
#include "cli/trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>

#define ANSWER_SECONDS 20

void
est_check_clear (EstCheck *check)
{
  g_clear_pointer (&check->complaint, g_free);
}

static EstExit
ask (EstCheck *check, GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *complaint = NULL;
  g_autoptr (EstBusSetup1) bus = est_connect_setup (ANSWER_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_setup1_call_check_settings_sync (
        bus, g_variant_new_handle (0), fds, &check->line, &complaint, NULL, NULL, &error))
    return est_trouble_report (error, NULL);
  if (*complaint != '\0')
    check->complaint = g_steal_pointer (&complaint);
  return EST_EXIT_OK;
}

EstExit
est_check_file (EstCheck *check, const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 && errno == ENOENT)
    return EST_EXIT_OK;
  if (fd < 0)
    {
      g_printerr ("estafeta: %s: %s\n", path, g_strerror (errno));
      return EST_EXIT_FAILED;
    }
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  return ask (check, fds);
}

void
est_check_tell (const EstCheck *check, const char *path)
{
  if (check->line > 0)
    g_printerr ("%s:%u: %s\n", path, check->line, check->complaint);
  else
    g_printerr ("%s: %s\n", path, check->complaint);
}
