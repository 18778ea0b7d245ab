/* A whole conversation from octets: whatever is said, no more messages are stored than
   ends of content were said, and every answer is a line of printable ASCII. */
#include "submission/session.h"
#include "intake/intake.h"

#include "target.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST 16384 /* octets: so much fits between two sockets without waiting */

#define SETTINGS                                                                         \
  "[submission]\nsize=5000\nrecipients=3\ncommand=2\n"                                   \
  "[account home]\naddresses=a@example.org\nhost=127.0.0.1\nsecurity=none\nauth=none\n"

/* The token "git", whose secret is "pencil" (RFC 7677 3). */
#define TOKENS                                                                           \
  "[token git]\nsalt=W22ZaJ0SNY7soEsUEjb6gQ==\nrounds=4096\nper-day=1000000\n"           \
  "stored-key=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=\n"                            \
  "server-key=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=\nsenders=a@example.org\n"

static char *folder;
static EstOutbox *outbox;
static EstAccounts *accounts;
static EstTokens *tokens;
static EstIntake *intake;

static GLogWriterOutput
keep_quiet (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  return G_LOG_WRITER_HANDLED;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_all (child);
    }
  g_remove (path);
}

static void
close_house (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  est_intake_free (intake);
  est_tokens_unref (tokens);
  g_object_unref (accounts);
  g_object_unref (outbox);
  remove_all (folder);
  g_free (folder);
}

static void
open_house (void)
{
  if (folder != NULL)
    return;
  g_log_set_writer_func (keep_quiet, NULL, NULL);
  folder = g_dir_make_tmp ("estafeta-fuzz-XXXXXX", NULL);
  g_autofree char *settings = g_build_filename (folder, "estafeta.conf", NULL);
  g_autofree char *path = g_build_filename (folder, "data", "outbox.db", NULL);
  g_assert_true (g_file_set_contents_full (settings, SETTINGS, -1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autofree char *tokens_path = g_build_filename (folder, "tokens", NULL);
  g_assert_true (g_file_set_contents_full (tokens_path, TOKENS, -1,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  tokens = est_tokens_new (tokens_path);
  outbox = est_outbox_open (path, NULL, NULL);
  accounts = est_accounts_new (settings);
  intake = est_intake_new (outbox, accounts);
  est_intake_set_tokens (intake, tokens);
  atexit (close_house);
}

static gint64
count_stored (void)
{
  EstCounts counts;
  g_assert_true (est_outbox_count (outbox, &counts, NULL));
  return counts.by_state[EST_STATE_WAITING];
}

/* Ends of content, generously: every "CRLF.CRLF", a dot line right behind DATA, and every
   LAST. */
static gint64
count_ends (const char *text, size_t size)
{
  gint64 ends = 0;
  for (size_t i = 0; i < size; i++)
    {
      ends += size - i >= 3 && memcmp (text + i, ".\r\n", 3) == 0
              && (i == 0 || text[i - 1] == '\n');
      ends += size - i >= 4 && g_ascii_strncasecmp (text + i, "LAST", 4) == 0;
    }
  return ends;
}

typedef struct
{
  int fd;
  const char *text;
  size_t size;
} Client;

static void
check_heard (const char *heard, ssize_t length)
{
  for (ssize_t i = 0; i < length; i++)
    g_assert_true (heard[i] == '\r' || heard[i] == '\n'
                   || (heard[i] >= ' ' && heard[i] <= '~'));
}

/* Waits for the greeting, says everything and listens to the end. */
static gpointer
speak (gpointer data)
{
  Client *client = data;
  char heard[4096];
  ssize_t got = read (client->fd, heard, sizeof heard);
  check_heard (heard, got);
  if (send (client->fd, client->text, client->size, MSG_NOSIGNAL) >= 0)
    shutdown (client->fd, SHUT_WR);
  while ((got = read (client->fd, heard, sizeof heard)) > 0)
    check_heard (heard, got);
  close (client->fd);
  return NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int fds[2];
  if (size > LONGEST)
    return 0;
  open_house ();
  gint64 before = count_stored ();
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  Client client = {fds[1], (const char *) data, size};
  GSocket *socket = g_socket_new_from_fd (fds[0], NULL);
  GThread *thread = g_thread_new ("client", speak, &client);
  est_session_run (intake, socket, NULL);
  g_object_unref (socket);
  g_thread_join (thread);
  g_assert_cmpint (count_stored () - before, <=, count_ends ((const char *) data, size));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
