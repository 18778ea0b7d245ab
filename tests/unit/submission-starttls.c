/* STARTTLS and TLS from the start: what is offered when, and that nothing which was said
   in the clear counts inside. */
#include "base/paths.h"
#include "session-fixture.h"
#include "wire/wire.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define COMMON                                                                           \
  "command=2\n"                                                                          \
  "[account home]\naddresses=a@example.org\nhost=127.0.0.1\nsecurity=none\nauth=none\n"
#define OFFERED "[submission]\nstarttls=yes\n" COMMON
#define SILENT  "[submission]\n" COMMON

static char *data_home;
static char *ca_file;

typedef struct
{
  Fixture house;
  Server server;
  GThread *thread;
  EstWire *wire; /* the client's end */
} Talk;

/* The greeting is left to be read. */
static void
begin (Talk *talk, const char *settings, gboolean tls)
{
  int fds[2];
  open_house (&talk->house, settings);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fds[1], NULL);
  talk->server = (Server){talk->house.intake, g_socket_new_from_fd (fds[0], NULL), tls};
  talk->wire = est_wire_new (socket, NULL);
  talk->thread = g_thread_new ("serve", serve, &talk->server);
  est_wire_set_deadline (talk->wire, 10000);
}

static void
set_up (Talk *talk, gconstpointer settings)
{
  begin (talk, settings, FALSE);
}

static void
set_up_tls (Talk *talk, gconstpointer settings)
{
  begin (talk, settings, TRUE);
}

static void
end (Talk *talk, gconstpointer data)
{
  est_wire_free (talk->wire);
  g_thread_join (talk->thread);
  tear_down (&talk->house, NULL);
}

static void
say (Talk *talk, const char *text)
{
  g_assert_true (est_wire_write (talk->wire, text, strlen (text), NULL));
  g_assert_true (est_wire_flush (talk->wire, NULL));
}

/* One reply with all its lines; NULL when there is nothing but the end. */
static char *
hear (Talk *talk)
{
  g_autoptr (GString) reply = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  do
    {
      if (!est_wire_read_line (talk->wire, line, 2000, NULL, NULL))
        return NULL;
      g_string_append_printf (reply, "%s\n", line->str);
    }
  while (line->len > 3 && line->str[3] == '-');
  return g_string_free (g_steal_pointer (&reply), FALSE);
}

static void
expect (Talk *talk, const char *text, const char *code)
{
  say (talk, text);
  g_autofree char *reply = hear (talk);
  g_assert_nonnull (reply);
  reply[3] = '\0';
  g_assert_cmpstr (reply, ==, code);
}

static void
expect_offer (Talk *talk, const char *offer, gboolean wanted)
{
  g_autofree char *line = g_strconcat (offer, "\n", NULL);
  say (talk, HELLO);
  g_autofree char *reply = hear (talk);
  g_assert_cmpint (strstr (reply, line) != NULL, ==, wanted);
}

static void
expect_end (Talk *talk)
{
  g_autofree char *reply = hear (talk);
  g_assert_cmpstr (reply, ==, NULL);
}

static void
shake_hands (Talk *talk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstTrust) trust = est_trust_get (ca_file, &error);
  g_assert_no_error (error);
  est_wire_start_tls (talk->wire, trust, "localhost", &error);
  g_assert_no_error (error);
}

/* Inside, the client is a stranger again. */
static void
test_whole (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect_offer (talk, "250-STARTTLS", TRUE);
  expect_offer (talk, "250-REQUIRETLS", FALSE);
  expect (talk, "STARTTLS\r\n", "220");
  shake_hands (talk);
  expect (talk, FROM, "503");
  expect (talk, "STARTTLS\r\n", "503");
  expect_offer (talk, "250-STARTTLS", FALSE);
  expect_offer (talk, "250-REQUIRETLS", TRUE);
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, "MAIL FROM:<a@example.org> REQUIRETLS\r\n", "250");
  expect (talk, TO, "250");
  expect (talk, "DATA\r\n", "354");
  expect (talk, SAMPLE ".\r\n", "250");
  expect (talk, "QUIT\r\n", "221");
  expect_end (talk);
  g_assert_cmpuint (count_stored (&talk->house), ==, 1);
}

#define AUTH "AUTH PLAIN AG1lAHg=\r\n"

/* Who signed in outside would have to do it again inside: it comes too late. */
static void
test_signed_in (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect (talk, HELLO, "250");
  expect (talk, AUTH, "235");
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, FROM, "250");
}

/* In order, in one conversation: what is refused changes nothing. */
static void
test_phases (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, HELLO, "250");
  expect (talk, "STARTTLS now\r\n", "501");
  expect (talk, FROM, "250");
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, TO, "250");
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, "BDAT 3\r\nx\r\n", "250");
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, "RSET\r\n", "250");
  expect (talk, "starttls\r\n", "220");
  shake_hands (talk);
  expect (talk, AUTH, "503");
  expect (talk, TO, "503");
  expect (talk, "BDAT 0 LAST\r\n", "503");
  g_assert_cmpuint (count_stored (&talk->house), ==, 0);
}

static void
test_not_offered (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect_offer (talk, "250-STARTTLS", FALSE);
  expect (talk, "STARTTLS\r\n", "502");
  expect (talk, FROM, "250");
}

/* In one packet with STARTTLS: not taken in the clear, not read inside. */
static void
test_injected (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect (talk, HELLO, "250");
  expect (talk, "STARTTLS\r\n" HELLO MAIL SAMPLE ".\r\n", "554");
  expect_end (talk);
  g_assert_cmpuint (count_stored (&talk->house), ==, 0);
}

/* In the clear, where the handshake belongs: not one reply. */
static void
test_in_the_clear (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect (talk, HELLO, "250");
  expect (talk, "STARTTLS\r\n", "220");
  say (talk, HELLO MAIL SAMPLE ".\r\n");
  gsize length = 0;
  const char *heard = est_wire_peek (talk->wire, &length, NULL);
  g_assert_true (heard == NULL || heard[0] == 0x15); /* an alert of TLS */
  g_assert_null (heard != NULL ? g_strstr_len (heard, (gssize) length, "250") : NULL);
  est_wire_consume (talk->wire, length);
  expect_end (talk);
  g_assert_cmpuint (count_stored (&talk->house), ==, 0);
}

static void
test_gone (Talk *talk, gconstpointer data)
{
  expect (talk, "", "220");
  expect (talk, HELLO, "250");
  expect (talk, "STARTTLS\r\n", "220");
}

/* Silence meets the deadline of a command. */
static void
test_mute (Talk *talk, gconstpointer data)
{
  gint64 begun = g_get_monotonic_time ();
  test_gone (talk, NULL);
  expect_end (talk);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 5 * G_USEC_PER_SEC);
}

/* Who cannot have TLS may go on without, and decides that by itself. */
static void
test_no_certificate (Talk *talk, gconstpointer data)
{
  g_autofree char *file = est_paths_identity_file ();
  g_chmod (file, 0644);
  expect (talk, "", "220");
  expect (talk, HELLO, "250");
  g_autoptr (EstIdentity) other = est_identity_get (ca_file, NULL); /* none is kept */
  g_assert_null (other);
  expect (talk, "STARTTLS\r\n", "454");
  expect (talk, FROM, "250");
  g_chmod (file, 0600);
}

static void
test_at_once (Talk *talk, gconstpointer data)
{
  shake_hands (talk);
  expect (talk, "", "220");
  expect_offer (talk, "250-STARTTLS", FALSE);
  expect_offer (talk, "250-REQUIRETLS", TRUE);
  expect (talk, "STARTTLS\r\n", "503");
  expect (talk, FROM, "250");
  expect (talk, TO, "250");
  expect (talk, "DATA\r\n", "354");
  expect (talk, SAMPLE ".\r\n", "250");
  g_assert_cmpuint (count_stored (&talk->house), ==, 1);
}

/* A web page behind https:// speaks first, or says what is no SMTP: either is its end. */
static void
test_web_page (Talk *talk, gconstpointer data)
{
  shake_hands (talk);
  say (talk, "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" HELLO MAIL SAMPLE ".\r\n");
  g_autofree char *first = hear (talk);
  g_assert_true (first == NULL || g_str_has_prefix (first, "220 ")
                 || g_str_has_prefix (first, "554 "));
  expect_end (talk);
  g_assert_cmpuint (count_stored (&talk->house), ==, 0);
}

static void
test_plain (Talk *talk, gconstpointer data)
{
  say (talk, HELLO MAIL SAMPLE ".\r\n");
  gsize length = 0;
  const char *heard = est_wire_peek (talk->wire, &length, NULL);
  g_assert_true (heard == NULL || heard[0] == 0x15);
  est_wire_consume (talk->wire, length);
  expect_end (talk);
}

/* Who waits for a greeting in the clear is told, and does not wait for minutes. */
static void
test_waiting (Talk *talk, gconstpointer data)
{
  expect (talk, "", "421");
  expect_end (talk);
}

static void
make_certificate (void)
{
  g_autoptr (GError) error = NULL;
  data_home = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  ca_file = g_build_filename (data_home, "ca.pem", NULL);
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_autofree char *path = est_paths_identity_file ();
  g_autoptr (EstIdentity) identity = est_identity_get (path, &error);
  g_assert_no_error (error);
  g_assert_true (
    g_file_set_contents (ca_file, est_identity_certificate (identity), -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* a warning is part of the tests */
  make_certificate ();
#define ADD(name, settings, up, function)                                                \
  g_test_add ("/submission/starttls/" name, Talk, settings, up, function, end)
  ADD ("whole", OFFERED, set_up, test_whole);
  ADD ("signed-in", OFFERED, set_up, test_signed_in);
  ADD ("phases", OFFERED, set_up, test_phases);
  ADD ("not-offered", SILENT, set_up, test_not_offered);
  ADD ("injected", OFFERED, set_up, test_injected);
  ADD ("in-the-clear", OFFERED, set_up, test_in_the_clear);
  ADD ("gone", OFFERED, set_up, test_gone);
  ADD ("mute", OFFERED, set_up, test_mute);
  ADD ("no-certificate", OFFERED, set_up, test_no_certificate);
  ADD ("at-once", SILENT, set_up_tls, test_at_once);
  ADD ("at-once-web-page", SILENT, set_up_tls, test_web_page);
  ADD ("at-once-plain", SILENT, set_up_tls, test_plain);
  ADD ("at-once-waiting", SILENT, set_up_tls, test_waiting);
  int result = g_test_run ();
  remove_folder (data_home);
  g_free (data_home);
  g_free (ca_file);
  return result;
}
