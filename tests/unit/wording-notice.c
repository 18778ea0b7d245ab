/* What notifications say: numbers with their plurals, and nothing a stranger could
   abuse. */
#include "wording/notice.h"

#include "wording/figure.h"

#include <string.h>

#define HOSTILE "\x1b[2J<b>\n\xff\u202e %s %n"

static const char *const one[] = {"b@example.net", NULL};
static const char *const three[] = {"b@x", "c@x", "d@x", NULL};
static const char *const five[] = {"b@x", "c@x", "d@x", "e@x", "f@x", NULL};
static const char *const hostile[] = {HOSTILE, HOSTILE, HOSTILE, HOSTILE, NULL};

static void
check (EstNotice *notice, const char *summary, const char *body)
{
  g_autoptr (EstNotice) owned = notice;
  g_assert_cmpstr (owned->summary, ==, summary);
  if (body != NULL)
    g_assert_cmpstr (owned->body, ==, body);
}

static void
test_sent (void)
{
  check (est_notice_sent (1, "Offer", one), "Sent: Offer", "To b@example.net");
  check (est_notice_sent (1, "Offer", three), "Sent: Offer", "To b@x, c@x, d@x");
  check (est_notice_sent (1, NULL, one), "Sent: (no subject)", NULL);
  check (est_notice_sent (1, " \t ", one), "Sent: (no subject)", NULL);
  check (est_notice_sent (2, "Offer", five), "2 messages sent", "To b@x, c@x and 3 more");
}

static void
test_waiting (void)
{
  check (
    est_notice_waiting (EST_REASON_UNREACHABLE, "work", 1, NULL, NULL),
    "1 message is waiting",
    "The mail server of “work” cannot be reached. The mail leaves by itself as soon as "
    "that changes.");
  check (
    est_notice_waiting (EST_REASON_OFFLINE, "work", 3, NULL, NULL),
    "3 messages are waiting",
    "There is no network connection. The mail leaves by itself as soon as that changes.");
  check (
    est_notice_waiting (EST_REASON_SECRET_MISSING, "work", 2, NULL, NULL),
    "2 messages are waiting",
    "The keyring has no password for “work”. Store it with “estafeta account password "
    "work”.");
}

static void
test_late (void)
{
  check (est_notice_late (1, "Offer", one, 0), "Too late: Offer",
         "It had to be delivered by a certain time, and that is over, so it was not sent "
         "to b@example.net.");
  check (est_notice_late (1, NULL, five, 2), "Too late: (no subject)",
         "It had to be delivered by a certain time, and that is over, so it was not sent "
         "to b@x, c@x and 3 more. 2 other recipients got it.");
  check (est_notice_late (40, NULL, NULL, 0), "40 messages were too late",
         "They had to be delivered by a certain time, and that is over. “estafeta list "
         "--reason=late” shows them.");
}

static void
test_relayed (void)
{
  check (est_notice_relayed (1, "Offer", one), "Passed on: Offer",
         "Your provider took it for b@example.net. It does not report whether it "
         "arrives, although the mail asked for that.");
  check (est_notice_relayed (9, NULL, five), "9 messages passed on",
         "Your provider took them for b@x, c@x and 3 more. It does not report whether "
         "they arrive, although the mail asked for that.");
}

static void
test_failed (void)
{
  check (est_notice_failed (EST_REASON_REFUSED, "Offer", one, 0, NULL, "550 no"),
         "Not sent: Offer",
         "It did not reach b@example.net. The mail server said: “550 no”.");
  check (est_notice_failed (EST_REASON_REFUSED, "Offer", one, 1, NULL, NULL),
         "Not sent to everybody: Offer",
         "It did not reach b@example.net. 1 other recipient got it.");
  check (est_notice_failed (EST_REASON_REFUSED, NULL, five, 7, NULL, NULL),
         "Not sent to everybody: (no subject)",
         "It did not reach b@x, c@x and 3 more. 7 other recipients got it.");
}

/* What we know ourselves nobody else has said. */
static void
test_impossible (void)
{
  check (est_notice_failed (EST_REASON_INCAPABLE, "Offer", one, 0, "require-tls", NULL),
         "Not sent: Offer",
         "It did not reach b@example.net. The mail server cannot take a message of this "
         "kind. It does not promise encryption on the whole way, which the message "
         "demands. Send it anew without what the server lacks, or by another account.");
  check (est_notice_failed (EST_REASON_TOO_LARGE, "Offer", one, 0, NULL, "552 no"),
         "Not sent: Offer",
         "It did not reach b@example.net. The message is larger than the mail server "
         "takes: “552 no”. Send what is large in another way, for instance as a link. If "
         "the server takes more by now, “estafeta send” and its number tries again.");
}

static void
test_ahead (void)
{
  g_autofree char *when = est_wording_when (100000, 0);
  g_autofree char *body
    = g_strdup_printf ("To b@example.net. Your provider keeps it and sends it on at the "
                       "time you chose: %s. It can no longer be stopped here.",
                       when);
  check (est_notice_ahead (1, "Offer", one, 100000, 0), "Handed over: Offer", body);
  check (est_notice_ahead (7, NULL, five, 100000, 0), "7 messages handed over",
         "To b@x, c@x and 3 more. Your provider keeps them and sends each on at the time "
         "you chose. They can no longer be stopped here.");
}

static void
test_held (void)
{
  check (est_notice_held (EST_REASON_UNCERTAIN, "Offer", NULL), "Did it arrive? Offer",
         NULL);
  check (est_notice_held (EST_REASON_EXPIRED, "Offer", NULL), "On hold: Offer", NULL);
}

static void
test_app (void)
{
  g_autoptr (EstNotice) notice
    = est_notice_app ("flatpak:org.x.Y", "a@example.org", 1, "Offer", one);
  g_assert_cmpstr (notice->summary, ==,
                   "The Flatpak app org.x.Y wants to send as a@example.org");
  g_assert_cmpstr (notice->body, ==,
                   "Its message “Offer” to b@example.net waits for your answer.");
  g_assert_cmpstr (notice->buttons[0].code, ==, "allow");
  g_assert_cmpstr (notice->buttons[0].label, ==, "Allow");
  g_assert_cmpstr (notice->buttons[1].code, ==, "refuse");
  g_assert_null (notice->buttons[2].code);
  g_assert_nonnull (strstr (notice->with_buttons, "“Refuse”"));
  g_assert_nonnull (
    strstr (notice->without_buttons, "“estafeta app refuse flatpak:org.x.Y”"));
  check (est_notice_app ("snap:mailer", "", 3, NULL, five),
         "The snap mailer wants to send mail",
         "3 messages of it wait for your answer, the first being “(no subject)” to b@x, "
         "c@x and 3 more.");
}

static void
test_port (void)
{
  g_autoptr (EstNotice) known = est_notice_port_taken ("127.0.0.1:2525", "bob");
  g_autoptr (EstNotice) unknown = est_notice_port_taken ("[::1]:2525", NULL);
  g_assert_true (
    g_str_has_prefix (known->body, "A program of the user bob holds 127.0.0.1:2525,"));
  g_assert_true (g_str_has_prefix (unknown->body, "Another program holds [::1]:2525,"));
}

static void
test_settings (void)
{
  g_autoptr (EstNotice) notice
    = est_notice_settings ("In [delivery], data must be a number.");
  g_assert_true (
    g_str_has_suffix (notice->body, "In [delivery], data must be a number."));
}

static void
assert_harmless (EstNotice *notice)
{
  g_autoptr (EstNotice) owned = notice;
  g_autofree char *all = g_strconcat (
    owned->summary, owned->body, owned->with_buttons != NULL ? owned->with_buttons : "",
    owned->without_buttons, NULL);
  g_assert_true (g_utf8_validate (all, -1, NULL));
  g_assert_null (strpbrk (all, "\x1b\n\r\t"));
  g_assert_null (strstr (all, "\u202e"));
  g_assert_cmpuint (strlen (all), <, 4000);
}

static void
test_hostile (void)
{
  g_autofree char *filling = g_strnfill (100000, 'x');
  g_autofree char *endless = g_strconcat (HOSTILE, filling, NULL);
  const char *const addresses[] = {endless, endless, endless, endless, NULL};
  assert_harmless (est_notice_sent (1, HOSTILE, hostile));
  assert_harmless (est_notice_relayed (1, HOSTILE, hostile));
  assert_harmless (est_notice_relayed (2, HOSTILE, hostile));
  assert_harmless (est_notice_late (1, HOSTILE, hostile, 1));
  assert_harmless (est_notice_sent (1, endless, addresses));
  assert_harmless (est_notice_waiting (EST_REASON_BUSY, HOSTILE, 1, NULL, HOSTILE));
  assert_harmless (
    est_notice_failed (EST_REASON_REFUSED, endless, addresses, 1, NULL, endless));
  assert_harmless (est_notice_held (EST_REASON_UNCERTAIN, endless, NULL));
  assert_harmless (est_notice_app ("snap:" HOSTILE, HOSTILE, 2, endless, addresses));
  assert_harmless (est_notice_port_taken ("127.0.0.1:2525", endless));
  assert_harmless (est_notice_settings (endless));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/notice/sent", test_sent);
  g_test_add_func ("/wording/notice/waiting", test_waiting);
  g_test_add_func ("/wording/notice/late", test_late);
  g_test_add_func ("/wording/notice/relayed", test_relayed);
  g_test_add_func ("/wording/notice/failed", test_failed);
  g_test_add_func ("/wording/notice/impossible", test_impossible);
  g_test_add_func ("/wording/notice/ahead", test_ahead);
  g_test_add_func ("/wording/notice/held", test_held);
  g_test_add_func ("/wording/notice/app", test_app);
  g_test_add_func ("/wording/notice/port", test_port);
  g_test_add_func ("/wording/notice/settings", test_settings);
  g_test_add_func ("/wording/notice/hostile", test_hostile);
  return g_test_run ();
}
