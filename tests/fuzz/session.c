/* A whole conversation from octets: whatever is said, no more messages are stored than
   ends of content were said, and every answer is a line of printable ASCII. What stands
   behind STARTTLS is said where the handshake belongs. */
#include "submission/session.h"
#include "intake/intake.h"

#include "target.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST  16384 /* octets: so much fits between two sockets without waiting */
#define PAUSE_MS 20

#define SETTINGS                                                                         \
  "[submission]\nsize=5000\nrecipients=3\ncommand=2\nstarttls=yes\n"                     \
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
  g_setenv ("XDG_DATA_HOME", folder, TRUE); /* where the key for TLS is */
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
check_heard (const char *heard, gsize length)
{
  for (gsize i = 0; i < length; i++)
    g_assert_true (heard[i] == '\r' || heard[i] == '\n'
                   || (heard[i] >= ' ' && heard[i] <= '~'));
}

/* Behind this nothing but records of TLS comes. */
static const char granted[] = "220 2.0.0 ";

static void
check_records (const guint8 *at, const guint8 *end)
{
  for (; at < end; at += 5 + at[3] * 256 + at[4])
    {
      g_assert_cmpint (end - at, >=, 5);
      g_assert_cmpuint (at[0], >=, 20);
      g_assert_cmpuint (at[0], <=, 23);
      g_assert_cmpuint (at[1], ==, 3);
    }
}

static void
check_all (const GString *heard)
{
  const char *grant = g_strstr_len (heard->str, (gssize) heard->len, granted);
  const char *end = heard->str + heard->len;
  const char *records = grant != NULL ? strchr (grant, '\n') + 1 : end;
  check_heard (heard->str, (gsize) (records - heard->str));
  check_records ((const guint8 *) records, (const guint8 *) end);
}

/* Up to and including the first line that may begin TLS; all of it where there is none.
 */
static gsize
find_pause (const Client *client)
{
  static const char verb[] = "STARTTLS\r\n";
  gsize length = sizeof verb - 1;
  for (gsize i = 0; i + length <= client->size; i++)
    if (g_ascii_strncasecmp (client->text + i, verb, length) == 0)
      return i + length;
  return client->size;
}

static gboolean
hear (Client *client, GString *heard)
{
  char buffer[4096];
  ssize_t got = read (client->fd, buffer, sizeof buffer);
  if (got > 0)
    g_string_append_len (heard, buffer, got);
  return got > 0;
}

/* Until TLS is granted, or not soon. */
static void
hear_grant (Client *client, GString *heard)
{
  struct pollfd wait = {client->fd, POLLIN, 0};
  while (g_strstr_len (heard->str, (gssize) heard->len, granted) == NULL
         && poll (&wait, 1, PAUSE_MS) > 0 && hear (client, heard))
    ;
}

/* Waits for the greeting, says everything and listens to the end. */
static gpointer
speak (gpointer data)
{
  Client *client = data;
  gsize pause = find_pause (client);
  g_autoptr (GString) heard = g_string_new (NULL);
  hear (client, heard);
  gboolean going = send (client->fd, client->text, pause, MSG_NOSIGNAL) >= 0;
  if (pause < client->size)
    hear_grant (client, heard);
  if (going
      && send (client->fd, client->text + pause, client->size - pause, MSG_NOSIGNAL) >= 0)
    shutdown (client->fd, SHUT_WR);
  while (hear (client, heard))
    ;
  check_all (heard);
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
