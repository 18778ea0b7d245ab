/* An outbox to throw away, and what a worker does with it. */
#pragma once

#include "base/clock.h"
#include "outbox/control.h"
#include "outbox/schema.h"

#include "folder.h"

#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  EstOutbox *outbox;
  gint64 lane_time; /* of every settlement */
} Fixture;

static inline void
open_outbox (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  fixture->outbox = est_outbox_open (fixture->path, NULL, &error);
  g_assert_no_error (error);
}

static inline void
close_outbox (Fixture *fixture)
{
  while (g_main_context_iteration (NULL, FALSE))
    ; /* news on its way holds references */
  g_assert_finalize_object (g_steal_pointer (&fixture->outbox));
}

static inline void
reopen (Fixture *fixture)
{
  close_outbox (fixture);
  open_outbox (fixture);
}

static inline void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->lane_time = 1;
  fixture->folder = g_dir_make_tmp ("estafeta-outbox-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "data", "outbox.db", NULL);
  open_outbox (fixture);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->outbox);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  est_clock_freeze (0);
}

/* @letter: but for its envelope, which is made of @recipients and @options. */
static inline gint64
add_with_options (Fixture *fixture,
                  gsize size,
                  const char *const *recipients,
                  const char *options,
                  EstLetter letter)
{
  gint64 id = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@example.org", recipients, EST_BODY_7BIT);
  g_free (envelope->options);
  envelope->options = g_strdup (options);
  g_autoptr (EstContent) content = est_content_new (est_outbox_folder (fixture->outbox));
  g_autofree char *data = g_malloc (size + 1);
  memset (data, 'x', size);
  g_assert_true (est_content_append (content, data, size, NULL));
  letter.envelope = envelope;
  letter.message_id = "<1@example.org>";
  letter.subject = "Hello";
  est_outbox_add (fixture->outbox, &letter, content, &id, &error);
  g_assert_no_error (error);
  return id;
}

static inline gint64
add_letter (Fixture *fixture,
            const char *account,
            gsize size,
            const char *const *recipients,
            gint64 not_before,
            EstReason held)
{
  return add_with_options (
    fixture, size, recipients, "",
    (EstLetter){.account = account, .not_before = not_before, .held = held});
}

static inline gint64
add_for (Fixture *fixture, const char *account, gsize size, const char *const *recipients)
{
  return add_letter (fixture, account, size, recipients, 0, EST_REASON_NONE);
}

static inline gint64
add (Fixture *fixture)
{
  static const char *const recipients[] = {"b@example.net", "c@example.net", NULL};
  return add_for (fixture, "home", 1000, recipients);
}

static inline EstEntry *
claim_of (Fixture *fixture, const char *account, GCancellable *call_back)
{
  const EstClaimTerms terms = {.account = account, .largest = G_MAXUINT64, .bulk = TRUE};
  g_autoptr (GError) error = NULL;
  EstEntry *entry = est_outbox_claim (fixture->outbox, &terms, call_back, &error);
  g_assert_no_error (error);
  return entry;
}

static inline EstEntry *
claim (Fixture *fixture)
{
  return claim_of (fixture, "home", NULL);
}

static inline void
settle (Fixture *fixture, const EstEntry *entry, EstOutcome *outcome, gint64 not_before)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint *numbers = NULL;
  g_autoptr (EstEnvelope) envelope = est_entry_pending_envelope (entry, &numbers);
  EstSettlement settlement
    = {entry, outcome, numbers, not_before, TRUE, fixture->lane_time};
  g_assert_cmpuint (g_strv_length (envelope->recipients), ==, outcome->n_verdicts);
  est_outbox_settle (fixture->outbox, &settlement, &error);
  g_assert_no_error (error);
}

static inline EstEntry *
get (Fixture *fixture, gint64 id)
{
  EstEntry *entry = est_outbox_get (fixture->outbox, id, NULL);
  g_assert_nonnull (entry);
  return entry;
}

static inline EstState
state_of (Fixture *fixture, gint64 id)
{
  g_autoptr (EstEntry) entry = get (fixture, id);
  return entry->state;
}

static inline gboolean
wish_for (Fixture *fixture, EstWish wish, gint64 id, GError **error)
{
  guint count = 0;
  const EstSelection selection = {.ids = &id, .n_ids = 1};
  gboolean good = est_control_grant (fixture->outbox, wish, &selection, &count, error);
  g_assert_cmpuint (count, ==, good ? 1 : 0);
  return good;
}

static inline void
change_file (Fixture *fixture, const char *sql)
{
  sqlite3 *database;
  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}
