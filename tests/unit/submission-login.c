/* Signing in: every way AUTH can go (RFC 4954), and what the limits of a token come to.
 */
#define SETTINGS                                                                         \
  "[submission]\nsize=2000\nrecipients=2\ncommand=2\n"                                   \
  "[account home]\naddresses=a@example.org; b@example.org\n"                             \
  "host=127.0.0.1\nsecurity=none\nauth=none\n"                                           \
  "[account work]\naddresses=w@work.example\nhost=127.0.0.1\nsecurity=none\nauth=none\n"

#include "session-fixture.h"

#include "account/token-group.h"
#include "submission/commands.h"
#include "wire/sasl.h"

#define SECRET "abcd-efgh-jkmn-pqrs-tuvw-xyz2"

typedef struct
{
  Fixture base;
  char *path;
  EstTokens *tokens;
} Desk;

static char **
list (const char *words)
{
  return g_strsplit (words, " ", -1);
}

static void
open_desk (Desk *desk, gconstpointer data)
{
  open_house (&desk->base, SETTINGS);
  desk->path = g_build_filename (desk->base.folder, "tokens", NULL);
  desk->tokens = est_tokens_new (desk->path);
  est_intake_set_tokens (desk->base.intake, desk->tokens);
}

static void
put_token (char **text, const char *name, EstTokenLimits limits)
{
  g_autoptr (EstToken) token = est_token_new (name, SECRET, limits, est_clock_now ());
  char *more = est_token_group_put (*text, token, NULL);
  g_free (*text);
  *text = more;
}

static void
use_file (Desk *desk, const char *text)
{
  g_assert_true (g_file_set_contents_full (desk->path, text, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  est_tokens_unref (desk->tokens);
  desk->tokens = est_tokens_new (desk->path);
  est_intake_set_tokens (desk->base.intake, desk->tokens);
}

static void
add_all (Desk *desk)
{
  g_autofree char *text = g_strdup ("");
  put_token (&text, "git", (EstTokenLimits){0});
  put_token (&text, "a-only", (EstTokenLimits){.senders = list ("a@example.org")});
  put_token (&text, "at-work", (EstTokenLimits){.senders = list ("@WORK.example")});
  put_token (&text, "by-home", (EstTokenLimits){.accounts = list ("home")});
  put_token (&text, "two", (EstTokenLimits){.per_day = 2});
  use_file (desk, text);
}

static void
close_desk (Desk *desk, gconstpointer data)
{
  tear_down (&desk->base, data);
  est_tokens_unref (desk->tokens);
  g_free (desk->path);
}

/* A conversation with somebody nobody vouches for, whom a pair of sockets cannot be. */
static gpointer
serve_stranger (gpointer data)
{
  Server *server = data;
  g_autoptr (EstWire) wire = est_wire_new (server->socket, NULL);
  g_autoptr (EstSettings) settings = est_intake_settings (server->intake);
  g_autoptr (EstTransaction) transaction = est_transaction_new (server->intake);
  g_autoptr (GString) line = g_string_new (NULL);
  EstSession session = {
    .intake = server->intake,
    .wire = wire,
    .settings = settings,
    .transaction = transaction,
    .line = line,
    .origin = {g_strdup ("flatpak:app"), TRUE},
    .must_sign_in = TRUE
  };
  est_wire_print (wire, NULL, "220 localhost\r\n");
  est_wire_flush (wire, NULL);
  while (!session.ended)
    {
      g_autoptr (EstReply) reply = NULL;
      if (!est_session_read_line (&session, 4096, &reply))
        break;
      if (reply == NULL)
        reply = est_command_answer (&session);
      if (reply == NULL || !est_session_say (&session, reply)
          || !est_wire_flush (wire, NULL))
        break;
    }
  /* Its person gave it a token: nobody need be asked about it any more. */
  g_assert_cmpint (session.origin.sandboxed, ==, session.must_sign_in);
  g_assert_cmpint (g_str_has_prefix (session.origin.program, "token:"), ==,
                   !session.must_sign_in);
  est_origin_clear (&session.origin);
  g_clear_object (&server->socket);
  return NULL;
}

/* "[text]" becomes base64 of the text, in which "|" stands for NUL. */
static char *
expand (const char *template)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (const char *at = template; *at != '\0'; at++)
    {
      const char *end = *at == '[' ? strchr (at, ']') : NULL;
      if (end == NULL)
        {
          g_string_append_c (text, *at);
          continue;
        }
      g_autofree char *raw = g_strndup (at + 1, (gsize) (end - at - 1));
      gsize length = strlen (raw);
      g_strdelimit (raw, "|", '\0');
      g_autofree char *coded = g_base64_encode ((const guchar *) raw, length);
      g_string_append (text, coded);
      at = end;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
say (Desk *desk, const char *template, gsize piece)
{
  g_autofree char *said = expand (template);
  return converse (&desk->base, said, strlen (said), piece);
}

#define GIT     "[|git|" SECRET "]"
#define PLAIN   "AUTH PLAIN "
#define MESSAGE TO "DATA\r\n" SAMPLE ".\r\n"
#define QUIT    "QUIT\r\n"

typedef struct
{
  const char *name;
  gboolean stranger;
  const char *said;
  const char *codes;
  guint stored;
} Case;

static const Case cases[] = {
  /* Whom the kernel vouches for. */
  {"any password",                    FALSE, HELLO PLAIN "[|me|x]\r\n" MAIL SAMPLE ".\r\n" QUIT,
   "220 250 235 250 250 354 250 221",                                                                                                 1},
  {"any password by LOGIN",           FALSE, HELLO "AUTH LOGIN\r\n[me]\r\n[x]\r\n" QUIT,
   "220 250 334 334 235 221",                                                                                                         0},
  {"LOGIN with the name at once",     FALSE, HELLO "auth login [me]\r\n[x]\r\n" QUIT,
   "220 250 334 235 221",                                                                                                             0},
  {"no password at all",              FALSE, HELLO PLAIN "[|me|]\r\n" QUIT,                                "220 250 235 221",         0},
  {"a password in Latin-1",           FALSE,
   HELLO PLAIN "[|me|contrase\xf1"
               "a]\r\n" QUIT,
   "220 250 235 221",                                                                                                                 0},
  {"a name in Latin-1 by LOGIN",      FALSE,
   HELLO "AUTH LOGIN [se\xf1"
         "or]\r\n[contrase\xf1"
         "a]\r\n" QUIT,
   "220 250 334 235 221",                                                                                                             0},
  {"for somebody else",               FALSE, HELLO PLAIN "[you|me|x]\r\n" QUIT,                            "220 250 535 221",         0},
  {"PLAIN in two steps",              FALSE, HELLO "AUTH PLAIN\r\n[|me|x]\r\n" QUIT,
   "220 250 334 235 221",                                                                                                             0},
  {"a token's name, wrong",           FALSE, HELLO PLAIN "[|git|x]\r\n" FROM QUIT,
   "220 250 535 250 221",                                                                                                             0},
  {"capitals of a token, wrong",      FALSE, HELLO PLAIN "[|GIT|x]\r\n" QUIT,
   "220 250 535 221",                                                                                                                 0},
  {"a token",                         FALSE, HELLO PLAIN GIT "\r\n" MAIL SAMPLE ".\r\n" QUIT,
   "220 250 235 250 250 354 250 221",                                                                                                 1},
  {"SCRAM without a token",           FALSE,
   HELLO "AUTH SCRAM-SHA-256 [n,,n=me,r=abcd]\r\n" PLAIN "[|me|x]\r\n" QUIT,
   "220 250 504 235 221",                                                                                                             0},
 /* Whom nobody vouches for. */
  {"not signed in",                   TRUE,  HELLO FROM TO "DATA\r\n" QUIT,                                "220 250 530 503 503 221", 0},
  {"stranger with any password",      TRUE,  HELLO PLAIN "[|me|x]\r\n" FROM QUIT,
   "220 250 535 530 221",                                                                                                             0},
  {"stranger with a token",           TRUE,  HELLO PLAIN GIT "\r\n" MAIL SAMPLE ".\r\n" QUIT,
   "220 250 235 250 250 354 250 221",                                                                                                 1},
  {"stranger by LOGIN",               TRUE,  HELLO "AUTH LOGIN\r\n[git]\r\n[" SECRET "]\r\n" FROM QUIT,
   "220 250 334 334 235 250 221",                                                                                                     0},
  {"stranger by SCRAM, no such name", TRUE,
   HELLO "AUTH SCRAM-SHA-256 [n,,n=me,r=abcd]\r\n*\r\n" FROM QUIT,
   "220 250 334 501 530 221",                                                                                                         0},
  {"EHLO again keeps it",             TRUE,  HELLO PLAIN GIT "\r\n" HELLO FROM QUIT,
   "220 250 235 250 250 221",                                                                                                         0},
  {"in one flight",                   TRUE,  HELLO PLAIN GIT "\r\n" FROM TO "RSET\r\n" FROM MESSAGE QUIT,
   "220 250 235 250 250 250 250 250 354 250 221",                                                                                     1},
 /* Where AUTH may stand. */
  {"before EHLO",                     FALSE, PLAIN GIT "\r\n" HELLO QUIT,                                  "220 503 250 221",         0},
  {"after HELO",                      FALSE, "HELO me\r\n" PLAIN GIT "\r\n" QUIT,                          "220 250 503 221",         0},
  {"twice",                           FALSE, HELLO PLAIN GIT "\r\n" PLAIN GIT "\r\n" QUIT,                 "220 250 235 503 221",
   0                                                                                                                                   },
  {"in a transaction",                FALSE, HELLO FROM PLAIN GIT "\r\n" QUIT,                             "220 250 250 503 221",     0},
 /* What AUTH may say. */
  {"no mechanism",                    FALSE, HELLO "AUTH\r\n" QUIT,                                        "220 250 501 221",         0},
  {"unknown mechanism",               FALSE, HELLO "AUTH CRAM-MD5\r\n" QUIT,                               "220 250 504 221",         0},
  {"with a binding",                  FALSE, HELLO "AUTH SCRAM-SHA-256-PLUS\r\n" QUIT,                     "220 250 504 221",
   0                                                                                                                                   },
  {"endless mechanism",               FALSE, HELLO "AUTH " HUNDRED "\r\n" QUIT,                            "220 250 501 221",         0},
  {"too many words",                  FALSE, HELLO PLAIN "a b\r\n" QUIT,                                   "220 250 501 221",         0},
  {"empty response",                  FALSE, HELLO PLAIN "=\r\n" QUIT,                                     "220 250 501 221",         0},
  {"empty name",                      FALSE, HELLO "AUTH LOGIN =\r\n\r\n" QUIT,                            "220 250 334 235 221",     0},
  {"no base64",                       FALSE, HELLO PLAIN "!\r\n" QUIT,                                     "220 250 501 221",         0},
  {"no base64 later",                 FALSE, HELLO "AUTH LOGIN\r\n***\r\nNOOP\r\n" QUIT,
   "220 250 334 501 250 221",                                                                                                         0},
  {"given up",                        FALSE, HELLO "AUTH PLAIN\r\n*\r\nAUTH LOGIN\r\n[git]\r\n*\r\n" QUIT,
   "220 250 334 501 334 334 501 221",                                                                                                 0},
  {"a command in the dialogue",       TRUE,
   HELLO "AUTH LOGIN\r\nMAIL FROM:<a@example.org>\r\n" FROM QUIT,
   "220 250 334 501 530 221",                                                                                                         0},
  {"bare LF in the dialogue",         TRUE,  HELLO "AUTH PLAIN\r\n" GIT "\n" QUIT,
   "220 250 334 500 221",                                                                                                             0},
  {"cut off in the dialogue",         TRUE,  HELLO "AUTH LOGIN\r\n[git]\r\n",                              "220 250 334 334",
   0                                                                                                                                   },
 /* How often. */
  {"three failures",                  TRUE,
   HELLO PLAIN "[|git|a]\r\n" PLAIN "[|git|b]\r\n" PLAIN "[|git|c]\r\n" PLAIN GIT "\r\n",
   "220 250 535 535 421",                                                                                                             0},
  {"three kinds of failures",         FALSE,
   HELLO "AUTH NTLM\r\nAUTH PLAIN\r\n*\r\n" PLAIN "!\r\nNOOP\r\n",
   "220 250 504 334 501 421",                                                                                                         0},
 /* What a token may. */
  {"another sender",                  FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\nMAIL FROM:<b@example.org>\r\n" FROM QUIT,
   "220 250 235 550 250 221",                                                                                                         0},
  {"the author",                      FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL
               "From: A <A@example.org>\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 250 221",                                                                                                 1},
  {"another author",                  FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL
               "From: b@example.org\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"a second author",                 FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL
               "From: a@example.org, Boss <b@example.org>\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"a second From",                   FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL
               "From: a@example.org\r\nfrom : b@example.org\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"a second From in a chunk",        FALSE,
   HELLO PLAIN
   "[|a-only|" SECRET "]\r\n" FROM TO
   "BDAT 43\r\nFrom: a@example.org\r\nfrom : b@example.org\r\nBDAT 2 LAST\r\n\r\n" QUIT,
   "220 250 235 250 250 250 550 221",                                                                                                 0},
  {"a Sender",                        FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL
               "From: a@example.org\r\nSender: b@example.org\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"an author nobody can read",       FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\n" MAIL "From: \"b\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"null sender, the author",         FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\nMAIL FROM:<>\r\n" TO
               "DATA\r\nFrom: a@example.org\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 250 221",                                                                                                 1},
  {"null sender, another author",     FALSE,
   HELLO PLAIN "[|a-only|" SECRET "]\r\nMAIL FROM:<>\r\n" TO
               "DATA\r\nFrom: b@example.org\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
  {"a domain",                        FALSE,
   HELLO PLAIN "[|at-work|" SECRET "]\r\n" FROM "MAIL FROM:<w@work.example>\r\n" QUIT,
   "220 250 235 550 250 221",                                                                                                         0},
  {"an account",                      FALSE,
   HELLO PLAIN "[|by-home|" SECRET "]\r\nMAIL FROM:<w@work.example>\r\n" FROM QUIT,
   "220 250 235 550 250 221",                                                                                                         0},
  {"an account by the author",        FALSE,
   HELLO PLAIN "[|by-home|" SECRET "]\r\nMAIL FROM:<>\r\n" TO
               "DATA\r\nFrom: w@work.example\r\n\r\nx\r\n.\r\n" QUIT,
   "220 250 235 250 250 354 550 221",                                                                                                 0},
};

static void
test_case (Desk *desk, gconstpointer data)
{
  const Case *c = data;
  static const gsize pieces[] = {100000, 1, 7};
  add_all (desk);
  desk->base.serve = c->stranger ? serve_stranger : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      guint before = count_stored (&desk->base);
      g_autofree char *heard = say (desk, c->said, pieces[i]);
      g_autofree char *codes = codes_of (heard);
      g_assert_cmpstr (codes, ==, c->codes);
      g_assert_cmpuint (count_stored (&desk->base) - before, ==, c->stored);
    }
}

static void
test_offers (Desk *desk, gconstpointer data)
{
  g_autofree char *vouched = say (desk, HELLO QUIT, 100);
  g_assert_nonnull (strstr (vouched, "AUTH PLAIN LOGIN\r\n"));
  add_all (desk);
  g_autofree char *with_token = say (desk, HELLO QUIT, 100);
  g_assert_nonnull (strstr (with_token, "AUTH PLAIN LOGIN\r\n"));
  desk->base.serve = serve_stranger;
  g_autofree char *stranger = say (desk, HELLO QUIT, 100);
  g_assert_nonnull (strstr (stranger, "AUTH SCRAM-SHA-256 PLAIN LOGIN\r\n"));
  g_assert_null (strstr (stranger, "PLUS"));
}

static void
check_program (Desk *desk, gint64 id, const char *program)
{
  g_autoptr (EstEntry) entry = est_outbox_get (desk->base.outbox, id, NULL);
  g_assert_cmpstr (entry->program, ==, program);
}

static void
test_program (Desk *desk, gconstpointer data)
{
  add_all (desk);
  g_autofree char *with
    = say (desk, HELLO PLAIN "[|GIT|" SECRET "]\r\n" FROM MESSAGE QUIT, 100);
  g_assert_nonnull (strstr (with, "queued as 1"));
  check_program (desk, 1, "token:git");
  g_autofree char *without
    = say (desk, HELLO PLAIN "[|me|" SECRET "]\r\n" FROM MESSAGE QUIT, 100);
  g_assert_nonnull (strstr (without, "queued as 2"));
  check_program (desk, 2, "program:unit-submission-login");
}

static void
test_long_lines (Desk *desk, gconstpointer data)
{
  g_autofree char *fits = g_strnfill (12288, 'A');
  g_autofree char *endless = g_strnfill (100000, 'A');
  g_autofree char *said = g_strconcat (HELLO "AUTH PLAIN\r\n", fits, "\r\nAUTH PLAIN\r\n",
                                       endless, "\r\n" QUIT, NULL);
  g_autofree char *heard = say (desk, said, 4096);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 334 501 334 500 221");
}

static void
test_nul (Desk *desk, gconstpointer data)
{
  static const char said[] = HELLO "AUTH PLAIN\r\n*\0\r\nQUIT\r\n";
  g_autofree char *heard = converse (&desk->base, said, sizeof said - 1, 100);
  g_assert_nonnull (strstr (heard, "501 5.5.2"));
}

/* A file that others may read, or that is broken, lets nobody in, and shuts nobody out
   who does not sign in. */
static void
test_unbelievable (Desk *desk, gconstpointer data)
{
  static const char *const texts[] = {"[token git]\n", "nonsense", "[account x]\n"};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      use_file (desk, texts[i]);
      g_autofree char *heard = say (desk, HELLO PLAIN "[|me|x]\r\n" FROM QUIT, 100);
      g_autofree char *codes = codes_of (heard);
      g_assert_cmpstr (codes, ==, "220 250 454 250 221");
    }
}

/* One client's end of a conversation that lasts. */
typedef struct
{
  Server server;
  GThread *thread;
  int fd;
} Client;

static char *
hear (Client *client)
{
  char buffer[4096];
  ssize_t got = read (client->fd, buffer, sizeof buffer - 1);
  g_assert_cmpint (got, >=, 0);
  return g_strndup (buffer, (gsize) got);
}

static void
connect_to (Client *client, Desk *desk, GThreadFunc with)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  client->fd = fds[1];
  client->server = (Server){desk->base.intake, g_socket_new_from_fd (fds[0], NULL)};
  client->thread = g_thread_new ("serve", with, &client->server);
  g_free (hear (client));
}

static void
leave (Client *client)
{
  close (client->fd);
  g_thread_join (client->thread);
}

static char *
ask (Client *client, const char *template)
{
  g_autofree char *said = expand (template);
  g_assert_cmpint (send (client->fd, said, strlen (said), MSG_NOSIGNAL), ==,
                   (ssize_t) strlen (said));
  return hear (client);
}

static void
expect (Client *client, const char *template, const char *code)
{
  g_autofree char *heard = ask (client, template);
  if (!g_str_has_prefix (heard, code))
    g_error ("%s was answered by %s", template, heard);
}

static void
sign_in_by_scram (Client *client, const char *secret, const char *code)
{
  g_autoptr (EstSecret) password = est_secret_new (secret, -1);
  const EstSaslSelf self = {.user = "git", .secret = password};
  g_autoptr (EstSasl) sasl = est_sasl_new ("SCRAM-SHA-256", &self, NULL);
  g_autofree char *response = NULL;
  g_assert_true (est_sasl_step (sasl, NULL, &response, NULL));
  g_autofree char *line = g_strconcat ("AUTH SCRAM-SHA-256 ", response, "\r\n", NULL);
  g_autofree char *heard = ask (client, line);
  while (g_str_has_prefix (heard, "334 "))
    {
      g_clear_pointer (&response, g_free);
      g_assert_true (est_sasl_step (sasl, g_strchomp (heard + 4), &response, NULL));
      g_autofree char *next = g_strconcat (response, "\r\n", NULL);
      g_free (heard);
      heard = ask (client, next);
    }
  g_assert_true (g_str_has_prefix (heard, code));
  g_assert_true (*code != '2' || est_sasl_is_complete (sasl));
}

static void
test_scram (Desk *desk, gconstpointer data)
{
  Client client;
  add_all (desk);
  for (guint stranger = 0; stranger < 2; stranger++)
    {
      connect_to (&client, desk, stranger ? serve_stranger : serve);
      expect (&client, HELLO, "250");
      sign_in_by_scram (&client, "wrong", "535");
      sign_in_by_scram (&client, SECRET, "235");
      expect (&client, FROM, "250");
      leave (&client);
    }
}

/* Each line of the dialogue has the time of a command, here two seconds. */
static void
test_silent (Desk *desk, gconstpointer data)
{
  Client client;
  connect_to (&client, desk, serve);
  expect (&client, HELLO, "250");
  expect (&client, "AUTH LOGIN\r\n", "334");
  gint64 begin = g_get_monotonic_time ();
  g_autofree char *heard = hear (&client);
  g_assert_true (g_str_has_prefix (heard, "421 4.4.2"));
  g_assert_cmpint (g_get_monotonic_time () - begin, >, G_TIME_SPAN_SECOND);
  leave (&client);
}

static void
test_removed (Desk *desk, gconstpointer data)
{
  Client client;
  add_all (desk);
  connect_to (&client, desk, serve_stranger);
  expect (&client, HELLO, "250");
  expect (&client, PLAIN GIT "\r\n", "235");
  expect (&client, FROM, "250");
  g_assert_true (est_tokens_remove (desk->tokens, "git", NULL));
  expect (&client, "RSET\r\n", "250");
  expect (&client, FROM, "421 4.7.0");
  leave (&client);
}

static void
test_limits_change (Desk *desk, gconstpointer data)
{
  Client client;
  add_all (desk);
  connect_to (&client, desk, serve);
  expect (&client, HELLO, "250");
  expect (&client, PLAIN GIT "\r\n", "235");
  EstTokenLimits limits = {.senders = list ("b@example.org")};
  g_assert_true (est_tokens_change (desk->tokens, "git", limits, NULL));
  expect (&client, FROM, "550 5.7.1");
  leave (&client);
}

#define TWO PLAIN "[|two|" SECRET "]\r\n"

/* What is being received counts, what was given up does not. */
static void
test_per_day (Desk *desk, gconstpointer data)
{
  Client first, second;
  gint64 begin = est_clock_now ();
  add_all (desk);
  connect_to (&first, desk, serve);
  connect_to (&second, desk, serve);
  expect (&first, HELLO, "250");
  expect (&second, HELLO, "250");
  expect (&first, TWO, "235");
  expect (&second, TWO, "235");
  expect (&first, FROM, "250");
  expect (&second, FROM, "250");
  expect (&first, "RSET\r\n", "250");
  expect (&first, FROM, "250");
  expect (&first, TO, "250");
  expect (&first, "DATA\r\n", "354");
  expect (&second, "RSET\r\n", "250");
  expect (&second, FROM, "250");
  expect (&first, SAMPLE ".\r\n", "250");
  expect (&first, FROM, "450 4.7.1");
  expect (&second, "RSET\r\n", "250");
  expect (&first, FROM, "250");
  leave (&first);
  expect (&second, FROM MESSAGE, "250");
  leave (&second);
  g_assert_cmpuint (count_stored (&desk->base), ==, 2);

  for (guint again = 0; again < 2; again++)
    {
      g_autofree char *heard = say (desk, HELLO TWO FROM QUIT, 100);
      g_autofree char *codes = codes_of (heard);
      g_assert_cmpstr (codes, ==, "220 250 235 450 221");
      est_intake_free (desk->base.intake); /* as after another start */
      desk->base.intake = est_intake_new (desk->base.outbox, desk->base.accounts);
      est_intake_set_tokens (desk->base.intake, desk->tokens);
    }
  est_clock_freeze (begin + 24 * G_TIME_SPAN_HOUR + G_TIME_SPAN_MINUTE);
  g_autofree char *heard = say (desk, HELLO TWO FROM QUIT, 100);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 235 250 221");
}

static void
add_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/submission/login/said/%s", cases[i].name);
      g_test_add (path, Desk, &cases[i], open_desk, test_case, close_desk);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Desk *desk, gconstpointer data);
  } tests[] = {
    {"/submission/login/offers",       test_offers       },
    {"/submission/login/program",      test_program      },
    {"/submission/login/long-lines",   test_long_lines   },
    {"/submission/login/nul",          test_nul          },
    {"/submission/login/unbelievable", test_unbelievable },
    {"/submission/login/scram",        test_scram        },
    {"/submission/login/silent",       test_silent       },
    {"/submission/login/removed",      test_removed      },
    {"/submission/login/change",       test_limits_change},
    {"/submission/login/per-day",      test_per_day      },
  };
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* warnings are expected here */
  add_cases ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Desk, NULL, open_desk, tests[i].run, close_desk);
  return g_test_run ();
}
