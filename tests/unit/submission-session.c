/* Whole conversations with the submission server over a socket pair: what the client
   says, what it must hear, and what is in the outbox afterwards. */
#include "session-fixture.h"

#include <unistd.h>

#define SETTINGS                                                                         \
  "[submission]\nsize=2000\nrecipients=2\ncommand=2\n"                                   \
  "[account home]\naddresses=a@example.org\nhost=127.0.0.1\nsecurity=none\nauth=none\n"

static void
set_up (Fixture *fixture, gconstpointer data)
{
  open_house (fixture, SETTINGS);
}

#define BINARY "MAIL FROM:<a@example.org> BODY=BINARYMIME\r\n"

#define FIVE_HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define TWO_THOUSAND FIVE_HUNDRED FIVE_HUNDRED FIVE_HUNDRED FIVE_HUNDRED

typedef struct
{
  const char *name;
  const char *said;
  const char *codes;
  guint stored;
} Case;

static const Case cases[] = {
  {"plain",                         HELLO MAIL SAMPLE ".\r\nQUIT\r\n",                                      "220 250 250 250 354 250 221",         1},
  {"helo",                          "HELO me\r\n" MAIL SAMPLE ".\r\nQUIT\r\n",                              "220 250 250 250 354 250 221",         1},
  {"lower case",                    "ehlo me\r\nmail from:<A@Example.ORG>\r\nrcpt to:<b@c.d>\r\nquit\r\n",
   "220 250 250 250 221",                                                                                                                          0},
  {"two",                           HELLO MAIL SAMPLE ".\r\n" MAIL SAMPLE ".\r\n",
   "220 250 250 250 354 250 250 250 354 250",                                                                                                      2},
  {"cut off in the middle",         HELLO MAIL SAMPLE,                                                      "220 250 250 250 354",                 0},
  {"cut off before the last octet", HELLO MAIL SAMPLE ".\r",                                                "220 250 250 250 354",                 0},
  {"no EHLO",                       MAIL "QUIT\r\n",                                                        "220 503 503 503 221",                 0},
  {"EHLO alone",                    "EHLO\r\nQUIT\r\n",                                                     "220 501 221",                         0},
  {"RCPT first",                    HELLO TO "QUIT\r\n",                                                    "220 250 503 221",                     0},
  {"no recipient",                  HELLO FROM "DATA\r\nQUIT\r\n",                                          "220 250 250 503 221",                 0},
  {"two MAILs",                     HELLO FROM FROM "QUIT\r\n",                                             "220 250 250 503 221",                 0},
  {"RSET",                          HELLO FROM "RSET\r\n" TO "QUIT\r\n",                                    "220 250 250 250 503 221",             0},
  {"EHLO resets",                   HELLO FROM HELLO TO "QUIT\r\n",                                         "220 250 250 250 503 221",             0},
  {"unknown command stays",         HELLO "BURP\r\nNOOP\r\nQUIT\r\n",                                       "220 250 500 250 221",                 0},
  {"unknown first command stays",   "BURP\r\nQUIT\r\n",                                                     "220 500 221",                         0},
  {"VRFY and HELP",                 HELLO "VRFY b\r\nHELP\r\nQUIT\r\n",                                     "220 250 252 214 221",                 0},
  {"QUIT",                          "QUIT\r\nNOOP\r\n",                                                     "220 221",                             0},
  {"foreign sender",                HELLO "MAIL FROM:<x@example.org>\r\n" TO "QUIT\r\n",
   "220 250 550 503 221",                                                                                                                          0},
  {"bad sender",                    HELLO "MAIL FROM:x\r\nMAIL TO:<x>\r\nMAIL\r\nQUIT\r\n",
   "220 250 501 501 501 221",                                                                                                                      0},
  {"bad recipient",                 HELLO FROM "RCPT TO:<>\r\nRCPT TO:<a b>\r\nRCPT\r\nQUIT\r\n",
   "220 250 250 501 501 501 221",                                                                                                                  0},
  {"too many recipients",           HELLO FROM TO TO TO "DATA\r\n" SAMPLE ".\r\nQUIT\r\n",
   "220 250 250 250 250 452 354 250 221",                                                                                                          1},
  {"parameters",                    HELLO "MAIL FROM:<a@example.org> SIZE=99 BODY=8BITMIME\r\nQUIT\r\n",
   "220 250 250 221",                                                                                                                              0},
  {"SIZE too large",                HELLO "MAIL FROM:<a@example.org> SIZE=2001\r\nQUIT\r\n",
   "220 250 552 221",                                                                                                                              0},
  {"SIZE no number",                HELLO "MAIL FROM:<a@example.org> SIZE=-1\r\nQUIT\r\n",
   "220 250 501 221",                                                                                                                              0},
  {"BODY unknown",                  HELLO "MAIL FROM:<a@example.org> BODY=X\r\nQUIT\r\n",
   "220 250 501 221",                                                                                                                              0},
  {"parameter twice",               HELLO "MAIL FROM:<a@example.org> SIZE=1 SIZE=1\r\nQUIT\r\n",
   "220 250 501 221",                                                                                                                              0},
  {"parameter unknown",             HELLO "MAIL FROM:<a@example.org> X=1\r\nQUIT\r\n",
   "220 250 555 221",                                                                                                                              0},
  {"RCPT parameter unknown",        HELLO FROM "RCPT TO:<b@c.d> X-NOTIFY=NEVER\r\nQUIT\r\n",
   "220 250 250 555 221",                                                                                                                          0},
  {"all of DSN",
   HELLO "MAIL FROM:<a@example.org> RET=HDRS ENVID=x+2By\r\nRCPT TO:<b@c.d> "
         "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@c.d\r\nQUIT\r\n",                                             "220 250 250 250 221",                 0},
  {"DSN malformed",
   HELLO "MAIL FROM:<a@example.org> RET=ALL\r\n" FROM
         "RCPT TO:<b@c.d> NOTIFY=NEVER,DELAY\r\nRCPT TO:<b@c.d> ORCPT=b\r\nQUIT\r\n",                       "220 250 501 250 501 501 221",         0},
  {"AUTH of RFC 4954",              HELLO "MAIL FROM:<a@example.org> AUTH=<>\r\nQUIT\r\n",
   "220 250 250 221",                                                                                                                              0},
  {"DELIVERBY",
   HELLO "MAIL FROM:<a@example.org> BY=120;R\r\nRSET\r\nMAIL FROM:<a@example.org> "
         "BY=-5;NT\r\nRSET\r\nMAIL FROM:<a@example.org> BY=0;R\r\nQUIT\r\n",                                "220 250 250 250 250 250 501 221",     0},
  {"FUTURERELEASE",
   HELLO "MAIL FROM:<a@example.org> HOLDFOR=60\r\nRSET\r\nMAIL FROM:<a@example.org> "
         "HOLDUNTIL=2000-01-01T00:00:00Z\r\nRSET\r\nMAIL FROM:<a@example.org> HOLDFOR=1 "
         "HOLDUNTIL=2000-01-01T00:00:00Z\r\nMAIL FROM:<a@example.org> "
         "HOLDFOR=99999999\r\nQUIT\r\n",                                                                    "220 250 250 250 250 250 501 501 221", 0},
  {"MT-PRIORITY",
   HELLO "MAIL FROM:<a@example.org> MT-PRIORITY=-9\r\nRSET\r\nMAIL FROM:<a@example.org> "
         "MT-PRIORITY=10\r\nQUIT\r\n",                                                                      "220 250 250 250 501 221",             0},
  {"REQUIRETLS without TLS",        HELLO "MAIL FROM:<a@example.org> REQUIRETLS\r\nQUIT\r\n",
   "220 250 555 221",                                                                                                                              0},
  {"UTF-8 not announced",           HELLO FROM "RCPT TO:<\xc3\xbc@c.d>\r\nQUIT\r\n",
   "220 250 250 250 221",                                                                                                                          0},
  {"UTF-8 announced",
   HELLO "MAIL FROM:<a@example.org> SMTPUTF8\r\nRCPT TO:<\xc3\xbc@c.d>\r\nRCPT "
         "TO:<\xfc@c.d>\r\nQUIT\r\n",                                                                       "220 250 250 250 501 221",             0},
  {"SMTPUTF8 with a value",         HELLO "MAIL FROM:<a@example.org> SMTPUTF8=1\r\nQUIT\r\n",
   "220 250 501 221",                                                                                                                              0},
  {"UTF-8 where none belongs",      HELLO "DATA\xc3\xbc\r\nQUIT\r\n",                                       "220 250 500 221",                     0},
  {"RSET, VRFY, EXPN",              HELLO "RSET x\r\nVRFY\r\nEXPN l\r\nQUIT\r\n",
   "220 250 501 501 502 221",                                                                                                                      0},
  {"one chunk",                     HELLO FROM TO "BDAT 21 LAST\r\n" SAMPLE "QUIT\r\n",
   "220 250 250 250 250 221",                                                                                                                      1},
  {"chunks",
   HELLO FROM TO
   "BDAT 12\r\nSubject: s\r\nbdat 1\r\n\rBDAT 8\r\n\nhello\r\nBDAT 0 LAST\r\nQUIT\r\n",                     "220 250 250 250 250 250 250 250 221", 1},
  {"chunk with a dot",
   HELLO FROM TO "BDAT 26 LAST\r\n" SAMPLE ".\r\n.."
                 "QUIT\r\n",                                                                                "220 250 250 250 250 221",             1},
  {"chunk without recipients",      HELLO FROM "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\nQUIT\r\n",
   "220 250 250 503 250 221",                                                                                                                      0},
  {"chunk before MAIL",             HELLO "BDAT 6\r\nQUIT\r\nNOOP\r\nQUIT\r\n",                             "220 250 503 250 221",
   0                                                                                                                                                },
  {"chunk cut off",                 HELLO FROM TO "BDAT 22 LAST\r\n" SAMPLE,                                "220 250 250 250",                     0},
  {"chunks cut off",                HELLO FROM TO "BDAT 21\r\n" SAMPLE,                                     "220 250 250 250 250",                 0},
  {"chunks, then QUIT",             HELLO FROM TO "BDAT 21\r\n" SAMPLE "QUIT\r\n",
   "220 250 250 250 250 221",                                                                                                                      0},
  {"chunks, then RSET",
   HELLO FROM TO "BDAT 21\r\n" SAMPLE "RSET\r\nBDAT 0 LAST\r\nQUIT\r\n",
   "220 250 250 250 250 250 503 221",                                                                                                              0},
  {"chunks mixed with DATA",
   HELLO FROM TO "BDAT 21\r\n" SAMPLE "DATA\r\n" TO FROM "QUIT\r\n",
   "220 250 250 250 250 503 503 503 221",                                                                                                          0},
  {"chunk of unknown length",       HELLO FROM TO "BDAT x LAST\r\nNOOP\r\n",
   "220 250 250 250 501",                                                                                                                          0},
  {"chunk without a number",        HELLO FROM TO "BDAT\r\nNOOP\r\n",                                       "220 250 250 250 501",                 0},
  {"chunk of endless length",       HELLO FROM TO "BDAT 99999999999999999999 LAST\r\nNOOP\r\n",
   "220 250 250 250 501",                                                                                                                          0},
  {"chunk and other words",         HELLO FROM TO "BDAT 1 FIRST\r\nNOOP\r\n",
   "220 250 250 250 501",                                                                                                                          0},
  {"bare LF in a chunk",            HELLO FROM TO "BDAT 2 LAST\r\nx\nQUIT\r\n",
   "220 250 250 250 554 221",                                                                                                                      0},
  {"bare CR between chunks",        HELLO FROM TO "BDAT 2\r\nx\rBDAT 2 LAST\r\nx\rQUIT\r\n",
   "220 250 250 250 250 554 221",                                                                                                                  0},
  {"chunk refused, then more",
   HELLO FROM TO "BDAT 2\r\nx\nBDAT 2\r\nxyBDAT 1 LAST\r\nzQUIT\r\n",
   "220 250 250 250 554 554 554 221",                                                                                                              0},
  {"chunks too large",
   HELLO FROM TO "BDAT 21\r\n" SAMPLE "BDAT 2000 LAST\r\n" TWO_THOUSAND "QUIT\r\n",
   "220 250 250 250 250 552 221",                                                                                                                  0},
  {"BINARYMIME",                    HELLO BINARY TO "BDAT 15 LAST\r\nA: b\r\n\r\n\n.\n\r.\r\rQUIT\r\n",
   "220 250 250 250 250 221",                                                                                                                      1},
  {"BINARYMIME in chunks",
   HELLO BINARY TO "BDAT 7\r\nA: b\r\n\rBDAT 2\r\n\n\rBDAT 0 LAST\r\nQUIT\r\n",
   "220 250 250 250 250 250 250 221",                                                                                                              1},
  {"BINARYMIME cut off",            HELLO BINARY TO "BDAT 10 LAST\r\nA: b\r\n\r\nx",
   "220 250 250 250",                                                                                                                              0},
  {"BINARYMIME after DATA",         HELLO BINARY TO "DATA\r\nBDAT 8 LAST\r\nA: b\r\n\r\nQUIT\r\n",
   "220 250 250 250 503 250 221",                                                                                                                  1},
  {"BINARYMIME over, then DATA",
   HELLO BINARY TO "BDAT 9 LAST\r\nA: b\r\n\r\n\n" MAIL "a\nb\r\n.\r\nQUIT\r\n",
   "220 250 250 250 250 250 250 354 554 221",                                                                                                      1},
  {"bare LF in a binary header",    HELLO BINARY TO "BDAT 7 LAST\r\nA: b\n\r\nQUIT\r\n",
   "220 250 250 250 554 221",                                                                                                                      0},
  {"bare CR in a binary header",    HELLO BINARY TO "BDAT 9 LAST\r\nA: \rb\r\n\r\nQUIT\r\n",
   "220 250 250 250 554 221",                                                                                                                      0},
  {"bare LF below a binary header", HELLO BINARY TO "BDAT 8 LAST\r\nA: b\r\n\nxQUIT\r\n",
   "220 250 250 250 554 221",                                                                                                                      0},
  {"bare CR below a binary header", HELLO BINARY TO "BDAT 7 LAST\r\nA: b\r\n\rQUIT\r\n",
   "220 250 250 250 554 221",                                                                                                                      0},
  {"bare LF in content",            HELLO MAIL "Subject: s\r\n\r\na\nb\r\n.\r\nQUIT\r\n",
   "220 250 250 250 354 554 221",                                                                                                                  0},
  {"bare CR in content",            HELLO MAIL "Subject: s\r\n\r\na\rb\r\n.\r\nQUIT\r\n",
   "220 250 250 250 354 554 221",                                                                                                                  0},
  {"smuggled by LF.LF",             HELLO MAIL SAMPLE "\n.\n" MAIL SAMPLE ".\r\nQUIT\r\n",
   "220 250 250 250 354 554 221",                                                                                                                  0},
  {"smuggled by LF.CRLF",           HELLO MAIL SAMPLE "x\n.\r\n" MAIL SAMPLE ".\r\nQUIT\r\n",
   "220 250 250 250 354 554 221",                                                                                                                  0},
  {"bare LF in a command",          HELLO "NOOP\nQUIT\r\n",                                                 "220 250 500 221",                     0},
  {"dots",                          HELLO MAIL "Subject: s\r\n\r\n..\r\n...x\r\n.\r\nQUIT\r\n",
   "220 250 250 250 354 250 221",                                                                                                                  1},
  {"null sender by From",
   HELLO "MAIL FROM:<>\r\n" TO
         "DATA\r\nFrom: Me <a@example.org>\r\n\r\nx\r\n.\r\nQUIT\r\n",                                      "220 250 250 250 354 250 221",         1},
  {"null sender, foreign From",
   HELLO "MAIL FROM:<>\r\n" TO "DATA\r\nFrom: x@y.z\r\n\r\nx\r\n.\r\nQUIT\r\n",
   "220 250 250 250 354 550 221",                                                                                                                  0},
  {"null sender, no From",          HELLO "MAIL FROM:<>\r\n" TO "DATA\r\nx\r\n.\r\nQUIT\r\n",
   "220 250 250 250 354 550 221",                                                                                                                  0},
  {"empty message",                 HELLO MAIL ".\r\nQUIT\r\n",                                             "220 250 250 250 354 250 221",         1},
  {"DATA with words",               HELLO FROM TO "DATA now\r\nQUIT\r\n",                                   "220 250 250 250 501 221",             0},
  {"HTTP",                          "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" HELLO MAIL SAMPLE ".\r\n", "220",
   0                                                                                                                                                },
  {"HTTP of old",                   "GET /\r\n" HELLO MAIL SAMPLE ".\r\n",                                  "220",                                 0},
  {"TLS",                           "\x16\x03\x01\x02\x01\r\n" HELLO MAIL SAMPLE ".\r\n",                   "220",                                 0},
  {"Latin-1 first",                 "EHLO m\xfc\r\n" HELLO,                                                 "220",                                 0},
  {"control character later",       HELLO "NOOP \x01\r\nQUIT\r\n",                                          "220 250 500 221",                     0},
};

static void
test_conversation (Fixture *fixture, gconstpointer data)
{
  const Case *c = data;
  static const gsize pieces[] = {100000, 1, 7};
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      guint before = count_stored (fixture);
      g_autofree char *heard = converse (fixture, c->said, strlen (c->said), pieces[i]);
      g_autofree char *codes = codes_of (heard);
      g_assert_cmpstr (codes, ==, c->codes);
      g_assert_cmpuint (count_stored (fixture) - before, ==, c->stored);
    }
}

static char *
content_of (Fixture *fixture, gint64 id)
{
  g_autoptr (GBytes) bytes = est_outbox_read (fixture->outbox, id, 0, NULL);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

typedef struct
{
  const char *name, *content, *stored; /* @stored: %1 the date, %2 the Message-ID */
} ContentCase;

#define DATE "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
#define ID   "Message-ID: <1@x>\r\n"

static const ContentCase content_cases[] = {
  {"as it was",   DATE ID "\r\n..dot\r\n\xfc\r\n",                                           DATE ID "\r\n.dot\r\n\xfc\r\n"},
  {"Bcc goes",    DATE ID "Bcc: x@y.z,\r\n w@y.z\r\nTo: b\r\nbcc : q\r\n\r\nBcc: stays\r\n",
   DATE ID "To: b\r\n\r\nBcc: stays\r\n"                                                                                   },
  {"header only", DATE ID "To: b\r\n",                                                       DATE ID "To: b\r\n"           },
  {"body only",   "just text\r\n",                                                           "%1%2\r\njust text\r\n"       },
  {"nothing",     "",                                                                        "%1%2"                        },
  {"no date",     ID "\r\nx\r\n",                                                            "%1" ID "\r\nx\r\n"           },
  {"no id",       DATE "\r\nx\r\n",                                                          "%2" DATE "\r\nx\r\n"         },
};

static char *
expected_content (const ContentCase *c, const EstEntry *entry)
{
  g_autofree char *id = g_strdup_printf ("Message-ID: %s\r\n", entry->message_id);
  g_autoptr (GString) text = g_string_new (c->stored);
  g_string_replace (text, "%1", DATE, 0);
  g_string_replace (text, "%2", id, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_content (Fixture *fixture, gconstpointer data)
{
  g_setenv ("TZ", "UTC", TRUE);
  est_clock_freeze (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC);
  for (gsize i = 0; i < G_N_ELEMENTS (content_cases); i++)
    {
      const ContentCase *c = &content_cases[i];
      g_autofree char *said = g_strconcat (HELLO MAIL, c->content, ".\r\nQUIT\r\n", NULL);
      g_autofree char *heard = converse (fixture, said, strlen (said), 5);
      g_assert_nonnull (strstr (heard, "250 2.0.0 queued"));
      g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, (gint64) i + 1, NULL);
      g_autofree char *stored = content_of (fixture, (gint64) i + 1);
      g_autofree char *expected = expected_content (c, entry);
      g_assert_cmpstr (stored, ==, expected);
    }
}

static void
test_no_host_name (Fixture *fixture, gconstpointer data)
{
  char host[256];
  static const char said[] = HELLO MAIL "Subject: s\r\n\r\nx\r\n.\r\nQUIT\r\n";
  g_autofree char *heard = converse (fixture, said, strlen (said), 100);
  g_assert_nonnull (strstr (heard, "queued"));
  g_autofree char *stored = content_of (fixture, 1);
  g_assert_cmpint (gethostname (host, sizeof host), ==, 0);
  g_assert_null (strstr (stored, "Received"));
  g_assert_nonnull (strstr (stored, "@example.org>"));
  g_autofree char *at_host = g_strconcat ("@", host, NULL);
  g_assert_null (strstr (stored, at_host));
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) said = g_string_new (HELLO MAIL "Subject: s\r\n\r\n");
  for (guint i = 0; i < 100; i++)
    g_string_append (said, "0123456789012345678901234567890\r\n");
  g_string_append (said, ".\r\nQUIT\r\n");
  g_autofree char *heard = converse (fixture, said->str, said->len, 100000);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 250 250 354 552 221");
  g_assert_cmpuint (count_stored (fixture), ==, 0);
}

static void
test_nul (Fixture *fixture, gconstpointer data)
{
  static const char said[] = HELLO MAIL "Subject: s\r\n\r\na\0b\r\n.\r\nQUIT\r\n";
  g_autofree char *heard = converse (fixture, said, sizeof said - 1, 100000);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 250 250 354 554 221");
  g_assert_cmpuint (count_stored (fixture), ==, 0);
}

#define HEADER DATE ID "\r\n"

/* Any octets below a header, and none less. */
static void
test_binary (Fixture *fixture, gconstpointer data)
{
  GString *said = g_string_new (HELLO BINARY TO);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_byte_array_append (content, (const guint8 *) HEADER, sizeof HEADER - 1);
  for (guint i = 0; i < 512; i++)
    g_byte_array_append (content, &(guint8){(guint8) i}, 1);
  g_string_append_printf (said, "BDAT %u LAST\r\n", content->len);
  g_string_append_len (said, (const char *) content->data, content->len);
  g_string_append (said, "QUIT\r\n");
  g_autofree char *heard = converse (fixture, said->str, said->len, 100);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 250 250 250 221");
  g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, 1, NULL);
  g_autoptr (GBytes) stored = est_outbox_read (fixture->outbox, 1, 0, NULL);
  g_assert_cmpint (entry->body, ==, EST_BODY_BINARYMIME);
  g_assert_cmpmem (g_bytes_get_data (stored, NULL), g_bytes_get_size (stored),
                   content->data, content->len);
  g_string_free (said, TRUE);
}

static void
test_long_line (Fixture *fixture, gconstpointer data)
{
  g_autofree char *padding = g_strnfill (70000, 'x');
  g_autofree char *said
    = g_strconcat (HELLO "NOOP ", padding, "\r\nNOOP\r\nQUIT\r\n", NULL);
  g_autofree char *heard = converse (fixture, said, strlen (said), 4096);
  g_autofree char *codes = codes_of (heard);
  g_assert_cmpstr (codes, ==, "220 250 500 250 221");
}

/* The first octets of TURN over TCP (an Allocate request) and of TLS hold no line end,
   and whoever sends them waits for an answer: it is not waited for. */
static void
test_handshakes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *octets;
    gsize length;
  } first[] = {
    {"\0\3\0\10!\x12\xa4"
     "BS3wFVunfov3R\0\x19\0\4\x11\0\0\0", 28},
    {"\x16\3\1\7\xab\1",                       6 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (first); i++)
    {
      int fds[2];
      char buffer[256];
      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
      Server server = {fixture->intake, g_socket_new_from_fd (fds[0], NULL)};
      GThread *thread = g_thread_new ("serve", serve, &server);
      g_assert_cmpint (read (fds[1], buffer, sizeof buffer), >, 0);
      gint64 begun = g_get_monotonic_time ();
      g_assert_cmpint (send (fds[1], first[i].octets, first[i].length, MSG_NOSIGNAL), >,
                       0);
      g_assert_cmpint (read (fds[1], buffer, sizeof buffer), <=, 0);
      g_assert_cmpint (g_get_monotonic_time () - begun, <, G_USEC_PER_SEC);
      g_thread_join (thread);
      close (fds[1]);
    }
}

static void
test_too_many_mistakes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) said = g_string_new (HELLO);
  for (guint i = 0; i < 100; i++)
    g_string_append (said, "BURP\r\n");
  g_autofree char *heard = converse (fixture, said->str, said->len, 100000);
  g_auto (GStrv) lines = g_strsplit (heard, "500 ", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 21);
}

static void
add_conversations (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/submission/session/said/%s", cases[i].name);
      g_test_add (path, Fixture, &cases[i], set_up, test_conversation, tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_conversations ();
  g_test_add ("/submission/session/content", Fixture, NULL, set_up, test_content,
              tear_down);
  g_test_add ("/submission/session/no-host-name", Fixture, NULL, set_up,
              test_no_host_name, tear_down);
  g_test_add ("/submission/session/too-large", Fixture, NULL, set_up, test_too_large,
              tear_down);
  g_test_add ("/submission/session/nul", Fixture, NULL, set_up, test_nul, tear_down);
  g_test_add ("/submission/session/binary", Fixture, NULL, set_up, test_binary,
              tear_down);
  g_test_add ("/submission/session/long-line", Fixture, NULL, set_up, test_long_line,
              tear_down);
  g_test_add ("/submission/session/handshakes", Fixture, NULL, set_up, test_handshakes,
              tear_down);
  g_test_add ("/submission/session/too-many-mistakes", Fixture, NULL, set_up,
              test_too_many_mistakes, tear_down);
  return g_test_run ();
}
