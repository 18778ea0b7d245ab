/* estafeta export: a message as a file. */
#include "cli/connect.h"
#include "cli/number.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define ANSWER_SECONDS 120
#define PIECE          65536 /* octets */

static const EstUsage usage = {
  .verb = "export",
  .operands = N_ ("NUMBER [FILE]"),
  .summary
  = N_ ("Writes a message that is still kept to FILE (.eml), as it was handed in, or to\n"
        "standard output. A file that exists is not overwritten without “--force”."),
  .least = 1,
  .most = 2,
};

static EstExit
complain (const char *name)
{
  g_printerr ("estafeta: %s: %s\n", name, g_strerror (errno));
  return EST_EXIT_FAILED;
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t written = write (fd, data, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

static gboolean
copy (int from, int to)
{
  char buffer[PIECE];
  for (;;)
    {
      ssize_t got = read (from, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return got == 0;
      if (!write_all (to, buffer, (gsize) got))
        return FALSE;
    }
}

static EstExit
save (int from, const char *name, gboolean force)
{
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL);
  int to = name != NULL ? open (name, flags, 0600) : STDOUT_FILENO;
  if (to < 0)
    return complain (name);
  gboolean good = copy (from, to);
  if (name != NULL)
    good = close (to) == 0 && good;
  return good ? EST_EXIT_OK : complain (name != NULL ? name : "-");
}

/* NULL: standard output. A message is a stranger's octets, which a terminal would obey.
 */
static gboolean
find_name (char **operands, const char **name)
{
  gboolean dash = operands[1] != NULL && g_str_equal (operands[1], "-");
  *name = dash ? NULL : operands[1];
  if (operands[1] != NULL || !isatty (STDOUT_FILENO))
    return TRUE;
  est_usage_complain (usage.verb, _ ("say where to: a file, or “-” for this terminal"));
  return FALSE;
}

EstExit
est_verb_export (char **arguments)
{
  guint64 id;
  gboolean json = FALSE, force = FALSE;
  const GOptionEntry entries[] = {
    {"force", 'f', 0, G_OPTION_ARG_NONE, &force, N_ ("Overwrite a file that exists"),
     NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  const char *name = NULL;
  if (operands == NULL || !est_number_parse (usage.verb, operands[0], &id)
      || !find_name (operands, &name))
    return EST_EXIT_USAGE;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) file = NULL;
  int fd = -1;
  if (est_bus_outbox1_call_export_sync (outbox, id, NULL, &file, &fds, NULL, &error))
    fd = g_unix_fd_list_get (fds, g_variant_get_handle (file), &error);
  if (fd < 0)
    return est_trouble_report (error, NULL);
  EstExit status = save (fd, name, force);
  close (fd);
  return status;
}
