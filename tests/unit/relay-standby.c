/* A connection between two messages: what ends its wait, and what a failure says after
   it. */
#include "base/clock.h"
#include "relay/handover.h"

#include "script.h"

#include <sys/eventfd.h>
#include <unistd.h>

#define GREET   "> 220 relay\n< EHLO [127.0.0.1]\n> 250 relay\n"
#define MESSAGE "<\n> 250 ok\n<\n> 250 ok\n< DATA\n> 354 go\n.\n> 250 taken\n"
#define BYE     "< QUIT\n> 221 bye\n"

#define LONG_MS 20000

static EstRelay *
open_relay (Script *script, guint command_seconds, GCancellable *cancellable)
{
  EstAccount account = {.name = (char *) "test",
                        .host = (char *) "127.0.0.1",
                        .port = script->port,
                        .security = EST_SECURITY_NONE,
                        .auth = (char *) "none"};
  EstDeliverySettings limits = SCRIPT_LIMITS;
  g_autoptr (GError) error = NULL;
  limits.connect_seconds = 1;
  limits.command_seconds = command_seconds;
  EstRelay *relay = est_relay_open (&account, &limits, NULL, cancellable, NULL, &error);
  g_assert_no_error (error);
  return relay;
}

static GBytes *
read_nothing (gpointer data, GError **error)
{
  return g_bytes_new_static ("", 0);
}

static void
rewind_nothing (gpointer data)
{
}

static gboolean
mark (gpointer data, GError **error)
{
  (*(guint *) data)++;
  return TRUE;
}

static EstReason
hand_over (EstRelay *relay, guint *marks)
{
  static const char *const recipients[] = {"b@x", NULL};
  g_autoptr (EstEnvelope) envelope = est_envelope_new ("a@x", recipients, EST_BODY_7BIT);
  EstHandoverSource source = {
    .read = read_nothing, .rewind = rewind_nothing, .before_last = mark, .data = marks};
  g_autoptr (EstOutcome) outcome = est_handover (relay, envelope, &source);
  return outcome->reason;
}

typedef struct
{
  const char *name;
  const char *steps; /* after the first message */
  gboolean called;   /* somebody rings */
  gboolean good;     /* it can be used */
} Wait;

static const Wait waits[] = {
  {"called",         BYE,                         TRUE,  TRUE },
  {"time-over",      BYE,                         FALSE, FALSE},
  {"farewell",       "> 421 4.4.2 too long\n;\n", FALSE, FALSE},
  {"speaks-for-fun", "> 250 hello\n;\n",          FALSE, FALSE},
  {"hangs-up",       "x",                         FALSE, FALSE},
};

static void
test_wait (gconstpointer data)
{
  const Wait *w = data;
  g_autofree char *steps = g_strconcat (GREET, MESSAGE, w->steps, NULL);
  Script *script = script_start (steps);
  guint marks = 0;
  int wake = eventfd (w->called ? 1 : 0, EFD_CLOEXEC);
  EstRelay *relay = open_relay (script, 1, NULL);
  g_assert_cmpint (hand_over (relay, &marks), ==, EST_REASON_NONE);
  gint64 limit = g_str_equal (w->name, "time-over") ? 50 : LONG_MS;
  gint64 begin = est_clock_steady ();
  g_assert_cmpint (est_relay_stand_by (relay, wake, limit), ==, w->good);
  g_assert_cmpint (est_clock_steady () - begin, <, LONG_MS * 1000);
  g_assert_cmpint (est_relay_is_usable (relay), ==, strstr (w->steps, "QUIT") != NULL);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
  close (wake);
}

typedef struct
{
  const char *name;
  const char *steps; /* from the second MAIL on */
  EstReason reason;
  gboolean stale;
} Failure;

static const Failure failures[] = {
  {"none",               MESSAGE BYE,                                   EST_REASON_NONE,         FALSE},
  {"gone-at-mail",       "<\nx",                                        EST_REASON_DISCONNECTED, TRUE },
  {"421-at-mail",        "<\n> 421 4.4.2 too long\n;\n",                EST_REASON_BUSY,         TRUE },
  {"silent-at-mail",     "<\n;\n",                                      EST_REASON_TIMED_OUT,    TRUE },
  {"nonsense-at-mail",   "<\n> what?\n;\n",                             EST_REASON_PROTOCOL,     TRUE },
  {"refused",            "<\n> 550 no\n" BYE,                           EST_REASON_REFUSED,      FALSE},
  {"gone-at-rcpt",       "<\n> 250 ok\n<\nx",                           EST_REASON_DISCONNECTED, FALSE},
  {"421-at-rcpt",        "<\n> 250 ok\n<\n> 421 going\n;\n",            EST_REASON_BUSY,         FALSE},
  {"gone-after-the-dot", "<\n> 250 ok\n<\n> 250 ok\n<\n> 354 go\n.\nx",
   EST_REASON_UNCERTAIN,                                                                         FALSE},
};

/* Whether it stood by in between or not. */
static void
fail (const Failure *f, gboolean stands_by)
{
  g_autofree char *steps = g_strconcat (GREET, MESSAGE, f->steps, NULL);
  Script *script = script_start (steps);
  guint marks = 0;
  int wake = eventfd (1, EFD_CLOEXEC);
  EstRelay *relay = open_relay (script, 2, NULL);
  g_assert_cmpint (hand_over (relay, &marks), ==, EST_REASON_NONE);
  g_assert_false (est_relay_is_stale (relay));
  g_assert_true (!stands_by || est_relay_stand_by (relay, wake, LONG_MS));
  g_assert_false (est_relay_is_stale (relay));
  g_assert_cmpint (hand_over (relay, &marks), ==, f->reason);
  g_assert_cmpint (est_relay_is_stale (relay), ==, f->stale);
  g_assert_true (!f->stale || marks == 1);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
  close (wake);
}

static void
test_failure (gconstpointer data)
{
  fail (data, TRUE);
  fail (data, FALSE);
}

/* One that has carried nothing is never stale, however it fails. */
static void
test_fresh (void)
{
  Script *script = script_start (GREET "<\nx");
  guint marks = 0;
  EstRelay *relay = open_relay (script, 1, NULL);
  g_assert_cmpint (hand_over (relay, &marks), ==, EST_REASON_DISCONNECTED);
  g_assert_false (est_relay_is_stale (relay));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* A kept connection that stays silent gets the patience of connecting, not that of a
   command. */
static void
test_patience (void)
{
  const guint command_seconds = 15;
  Script *script = script_start (GREET MESSAGE "<\n;\n");
  guint marks = 0;
  int wake = eventfd (1, EFD_CLOEXEC);
  EstRelay *relay = open_relay (script, command_seconds, NULL);
  hand_over (relay, &marks);
  g_assert_true (est_relay_stand_by (relay, wake, LONG_MS));
  gint64 begin = est_clock_steady ();
  g_assert_cmpint (hand_over (relay, &marks), ==, EST_REASON_TIMED_OUT);
  g_assert_cmpint (est_clock_steady () - begin, <, command_seconds * G_USEC_PER_SEC / 2);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
  close (wake);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (50000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled (void)
{
  Script *script = script_start (GREET MESSAGE ";\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint marks = 0;
  int wake = eventfd (0, EFD_CLOEXEC);
  EstRelay *relay = open_relay (script, 1, cancellable);
  hand_over (relay, &marks);
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 begin = est_clock_steady ();
  g_assert_false (est_relay_stand_by (relay, wake, LONG_MS));
  g_assert_cmpint (est_clock_steady () - begin, <, LONG_MS * 1000);
  g_thread_join (thread);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
  close (wake);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/relay/standby/%s", waits[i].name);
      g_test_add_data_func (path, &waits[i], test_wait);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/relay/stale/%s", failures[i].name);
      g_test_add_data_func (path, &failures[i], test_failure);
    }
  g_test_add_func ("/relay/stale/fresh", test_fresh);
  g_test_add_func ("/relay/standby/patience", test_patience);
  g_test_add_func ("/relay/standby/cancelled", test_cancelled);
  return g_test_run ();
}
