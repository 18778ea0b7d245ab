/* estafeta import: hands a message in that stands in a file. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "cli/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANSWER_SECONDS 120
#define PIECE          65536 /* octets */

static const EstUsage usage = {
  .verb = "import",
  .operands = N_ ("FILE"),
  .summary
  = N_ ("Hands in a message that stands in a file (.eml), or on standard input if FILE\n"
        "is “-”. It goes from the address in its From field to those in To, Cc and Bcc,\n"
        "unless “--from” and “--to” say otherwise."),
  .least = 1,
  .most = 1,
};

typedef struct
{
  char *sender;
  char **recipients;
  gboolean hold;
} Wish;

static void
clear_wish (Wish *wish)
{
  g_free (wish->sender);
  g_strfreev (wish->recipients);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

/* The daemon takes only a regular file, which cannot keep it waiting: what comes from a
   pipe is collected first. */
static int
collect (int from)
{
  char buffer[PIECE];
  int to = memfd_create ("message", MFD_CLOEXEC);
  while (to >= 0)
    {
      ssize_t got = read (from, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR)
        continue;
      if (got == 0)
        return to;
      if (got < 0 || write (to, buffer, (gsize) got) != got)
        break;
    }
  if (to >= 0)
    close (to);
  return -1;
}

static int
open_message (const char *name)
{
  struct stat status;
  if (g_str_equal (name, "-"))
    return collect (STDIN_FILENO);
  int fd = open (name, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || (fstat (fd, &status) == 0 && S_ISREG (status.st_mode)))
    return fd;
  int collected = collect (fd);
  int code = errno;
  close (fd);
  errno = code;
  return collected;
}

static GVariant *
make_options (const Wish *wish)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  if (wish->sender != NULL)
    g_variant_dict_insert (&options, "sender", "s", wish->sender);
  if (wish->recipients != NULL)
    g_variant_dict_insert_value (
      &options, "recipients",
      g_variant_new_strv ((const char *const *) wish->recipients, -1));
  g_variant_dict_insert (&options, "hold", "b", wish->hold);
  return g_variant_dict_end (&options);
}

static EstExit
hand_in (int fd, const Wish *wish, gboolean json)
{
  guint64 id = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  if (!est_bus_outbox1_call_import_sync (outbox, g_variant_new_handle (0),
                                         make_options (wish), fds, &id, NULL, NULL,
                                         &error))
    return est_trouble_report (error, NULL);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, id);
  if (json)
    est_json_print (g_variant_new_parsed ("{'id': <%t>}", id));
  else
    g_print (_ ("Taken as message %s.\n"), number);
  return EST_EXIT_OK;
}

EstExit
est_verb_import (char **arguments)
{
  gboolean json = FALSE;
  g_auto (Wish) wish = {0};
  const GOptionEntry entries[] = {
    {"from", 'f', 0, G_OPTION_ARG_STRING,       &wish.sender,
     N_ ("The sender, an address of yours"),                                                           N_ ("ADDRESS")},
    {"to",   't', 0, G_OPTION_ARG_STRING_ARRAY, &wish.recipients,
     N_ ("A recipient; may be given several times"),                                                   N_ ("ADDRESS")},
    {"hold", 0,   0, G_OPTION_ARG_NONE,         &wish.hold,       N_ ("Keep it until it is released"),
     NULL                                                                                                            },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  int fd = open_message (operands[0]);
  if (fd < 0)
    {
      g_printerr ("estafeta: %s: %s\n", operands[0], g_strerror (errno));
      return EST_EXIT_FAILED;
    }
  return hand_in (fd, &wish, json);
}
