/* Who may hand mail in, whose mail its person is asked about, and how much of that there
   may be. */
#include "intake/vet.h"

#include "intake-fixture.h"
#include "intake/incoming.h"

#define SETTINGS                                                                         \
  "[account home]\naddresses=a@example.org\nhost=h.example\n"                            \
  "[apps]\nflatpak:good=allow\nflatpak:bad=refuse\n"

static void
set_up (Fixture *fixture, gconstpointer data)
{
  open_house (fixture, SETTINGS);
}

typedef struct
{
  const char *program;
  gboolean sandboxed;
  EstReason held;
  int error; /* -1: none */
} Case;

static const Case cases[] = {
  {NULL,           FALSE, EST_REASON_NONE, -1                      },
  {"program:mutt", FALSE, EST_REASON_NONE, -1                      },
  {"flatpak:bad",  FALSE, EST_REASON_NONE, -1                      },
  {"flatpak:good", TRUE,  EST_REASON_NONE, -1                      },
  {"flatpak:bad",  TRUE,  EST_REASON_NONE, EST_INTAKE_ERROR_REFUSED},
  {"flatpak:new",  TRUE,  EST_REASON_APP,  -1                      },
  {"snap:good",    TRUE,  EST_REASON_APP,  -1                      },
  {NULL,           TRUE,  EST_REASON_NONE, EST_INTAKE_ERROR_REFUSED},
  {"flatpak:a=b",  TRUE,  EST_REASON_NONE, EST_INTAKE_ERROR_REFUSED},
  {"snap:unknown", TRUE,  EST_REASON_NONE, EST_INTAKE_ERROR_REFUSED},
  {"app:mutt",     TRUE,  EST_REASON_NONE, EST_INTAKE_ERROR_REFUSED},
};

static void
test_cases (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      EstReason held = EST_REASON_LATE;
      g_autoptr (GError) error = NULL;
      gboolean may
        = est_intake_vet (fixture->intake, c->program, c->sandboxed, &held, &error);
      g_assert_cmpint (may, ==, c->error < 0);
      g_assert_cmpint (held, ==, c->held);
      if (!may)
        g_assert_error (error, EST_INTAKE_ERROR, c->error);
    }
}

/* How it was stored; NULL: it was not. */
static EstEntry *
hand_in (Fixture *fixture, const EstTerms *terms, GError **error)
{
  static const char mail[] = "From: a@example.org\r\n\r\nHi\r\n";
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 id;
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@example.org", recipients, EST_BODY_7BIT);
  g_autoptr (EstIncoming) incoming = est_incoming_new (fixture->intake, envelope);
  est_incoming_set_terms (incoming, terms);
  g_assert_true (est_incoming_append (incoming, mail, sizeof mail - 1, NULL));
  return est_incoming_store (incoming, &id, error)
           ? est_outbox_get (fixture->outbox, id, NULL)
           : NULL;
}

/* Whatever was said at MAIL, it counts what holds when the message is stored. */
static void
test_stored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  EstTerms terms
    = {.program = "flatpak:new", .sandboxed = TRUE, .held = EST_REASON_BY_HAND};
  g_autoptr (EstEntry) asked = hand_in (fixture, &terms, NULL);
  g_assert_cmpint (asked->state, ==, EST_STATE_HELD);
  g_assert_cmpint (asked->reason, ==, EST_REASON_APP);
  g_assert_cmpstr (asked->program, ==, "flatpak:new");
  terms.program = "flatpak:good";
  g_autoptr (EstEntry) good = hand_in (fixture, &terms, NULL);
  g_assert_cmpint (good->reason, ==, EST_REASON_BY_HAND);
  terms.held = EST_REASON_NONE;
  g_autoptr (EstEntry) next = hand_in (fixture, &terms, NULL);
  g_assert_cmpint (next->state, ==, EST_STATE_WAITING);
  terms.program = "flatpak:bad";
  g_assert_null (hand_in (fixture, &terms, &error));
  g_assert_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_REFUSED);
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  const EstTerms terms = {.program = "flatpak:new", .sandboxed = TRUE};
  const EstTerms other = {.program = "flatpak:other", .sandboxed = TRUE};
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < EST_VET_LIMIT; i++)
    {
      g_autoptr (EstEntry) entry = hand_in (fixture, &terms, NULL);
      g_assert_nonnull (entry);
    }
  g_assert_null (hand_in (fixture, &terms, &error));
  g_assert_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_UNDECIDED);
  g_autoptr (EstEntry) others = hand_in (fixture, &other, NULL);
  g_assert_nonnull (others);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/vet/cases", Fixture, NULL, set_up, test_cases, tear_down);
  g_test_add ("/intake/vet/stored", Fixture, NULL, set_up, test_stored, tear_down);
  g_test_add ("/intake/vet/limit", Fixture, NULL, set_up, test_limit, tear_down);
  return g_test_run ();
}
