/* Answers about apps: kept in the settings, followed by the mail that waits, once and for
   the right app, whichever way they come in. */
#include "desktop/apps.h"

#include "desktop/app-values.h"
#include "folder.h"

#define PATIENCE_USEC (10 * G_USEC_PER_SEC)

typedef struct
{
  char *folder;
  char *settings;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstApps *apps;
  char *undecided;
} Fixture;

static void
on_undecided (EstApps *apps, const char *program, Fixture *fixture)
{
  g_free (fixture->undecided);
  fixture->undecided = g_strdup (program);
}

static void
write_settings (Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents_full (fixture->settings, text, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void
begin (Fixture *fixture)
{
  fixture->accounts = est_accounts_new (fixture->settings);
  fixture->apps = est_apps_new (fixture->outbox, fixture->accounts);
  g_signal_connect (fixture->apps, "undecided", G_CALLBACK (on_undecided), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("estafeta-apps-XXXXXX", NULL);
  fixture->settings = g_build_filename (fixture->folder, "estafeta.conf", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "data", "outbox.db", NULL);
  fixture->outbox = est_outbox_open (path, NULL, NULL);
  write_settings (fixture, "# mine\n");
  begin (fixture);
}

/* Tasks and news on their way hold them. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer apps = fixture->apps;
  g_object_add_weak_pointer (G_OBJECT (fixture->apps), &apps);
  g_object_unref (fixture->apps);
  while (apps != NULL)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->accounts);
  g_object_unref (fixture->outbox);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->settings);
  g_free (fixture->undecided);
}

static gint64
add (Fixture *fixture, const char *program)
{
  static const char *const recipients[] = {"b@example.net", NULL};
  gint64 id = 0;
  g_autoptr (EstEnvelope) envelope
    = est_envelope_new ("a@example.org", recipients, EST_BODY_7BIT);
  g_autoptr (EstContent) content = est_content_new (est_outbox_folder (fixture->outbox));
  EstLetter letter = {.envelope = envelope,
                      .account = "home",
                      .message_id = "<1@example.org>",
                      .program = program,
                      .held = EST_REASON_APP};
  g_assert_true (est_content_append (content, "x", 1, NULL));
  g_assert_true (est_outbox_add (fixture->outbox, &letter, content, &id, NULL));
  return id;
}

static EstState
state_of (Fixture *fixture, gint64 id)
{
  g_autoptr (EstEntry) entry = est_outbox_get (fixture->outbox, id, NULL);
  return entry->state;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Lets the main loop run until message @id is in @state. */
static void
await (Fixture *fixture, gint64 id, EstState state)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_USEC;
  guint tick = g_timeout_add (5, on_tick, NULL);
  while (state_of (fixture, id) != state && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  g_assert_cmpint (state_of (fixture, id), ==, state);
}

static EstPermission
permission_of (Fixture *fixture, const char *program)
{
  g_autoptr (EstSettings) settings = est_accounts_get (fixture->accounts);
  return est_settings_permission (settings, program);
}

static void
test_decide (Fixture *fixture, gconstpointer data)
{
  guint released = 99;
  g_autoptr (GError) error = NULL;
  gint64 a = add (fixture, "snap:a"), b = add (fixture, "snap:b");
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_REFUSE, &released, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (released, ==, 0);
  g_assert_cmpint (state_of (fixture, a), ==, EST_STATE_HELD);
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_ALLOW, &released, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (released, ==, 1);
  g_assert_cmpint (state_of (fixture, a), ==, EST_STATE_WAITING);
  g_assert_cmpint (state_of (fixture, b), ==, EST_STATE_HELD);
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_ASK, &released, &error);
  g_assert_cmpint (permission_of (fixture, "snap:a"), ==, EST_PERMISSION_ASK);
  g_assert_false (
    est_apps_decide (fixture->apps, "a", EST_PERMISSION_ALLOW, &released, &error));
  g_assert_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME);
}

/* Stored in the very moment of the yes, or allowed by hand in the file. */
static void
test_allowed_anyway (Fixture *fixture, gconstpointer data)
{
  guint released;
  gint64 other = add (fixture, "snap:b");
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_ALLOW, &released, NULL);
  await (fixture, add (fixture, "snap:a"), EST_STATE_WAITING);
  g_assert_cmpint (state_of (fixture, other), ==, EST_STATE_HELD);
  write_settings (fixture, "[apps]\nsnap:b=allow\n");
  await (fixture, other, EST_STATE_WAITING);
}

/* A crash between the answer and what it lets go. */
static void
test_left_over (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture, "snap:a");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->apps);
  g_object_unref (fixture->accounts);
  write_settings (fixture, "[apps]\nsnap:a=allow\n");
  begin (fixture);
  await (fixture, id, EST_STATE_WAITING);
}

static void
test_button (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture, "snap:a");
  est_apps_answer (fixture->apps, "snap:a", EST_PERMISSION_ALLOW);
  est_apps_answer (fixture->apps, "snap:a", EST_PERMISSION_ALLOW); /* clicked twice */
  await (fixture, id, EST_STATE_WAITING);
  g_assert_cmpint (permission_of (fixture, "snap:a"), ==, EST_PERMISSION_ALLOW);
}

/* What was decided meanwhile is not changed by an old button. */
static void
test_button_too_late (Fixture *fixture, gconstpointer data)
{
  guint released;
  gint64 id = add (fixture, "snap:a"), other = add (fixture, "snap:b");
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_REFUSE, &released, NULL);
  est_apps_answer (fixture->apps, "snap:a", EST_PERMISSION_ALLOW);
  est_apps_answer (fixture->apps, "snap:b", EST_PERMISSION_ALLOW);
  await (fixture, other, EST_STATE_WAITING);
  g_assert_cmpint (permission_of (fixture, "snap:a"), ==, EST_PERMISSION_REFUSE);
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
}

static void
test_undecided (Fixture *fixture, gconstpointer data)
{
  gint64 id = add (fixture, "snap:a");
  write_settings (fixture, "nonsense\n");
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK); /* it warns */
  est_apps_answer (fixture->apps, "snap:a", EST_PERMISSION_ALLOW);
  while (fixture->undecided == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_log_set_always_fatal (fatal);
  g_assert_cmpstr (fixture->undecided, ==, "snap:a");
  g_assert_cmpint (state_of (fixture, id), ==, EST_STATE_HELD);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  guint released;
  add (fixture, "snap:b");
  add (fixture, "snap:b");
  est_apps_decide (fixture->apps, "snap:c", EST_PERMISSION_ALLOW, &released, NULL);
  est_apps_decide (fixture->apps, "snap:a", EST_PERMISSION_REFUSE, &released, NULL);
  g_autoptr (GPtrArray) list = est_apps_list (fixture->apps, NULL);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    {
      EstApp *app = g_ptr_array_index (list, i);
      app->since = app->since > 0 ? 7 * G_USEC_PER_SEC : 0;
      est_app_values_add (app, &builder);
    }
  g_autoptr (GVariant) values = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *text = g_variant_print (values, FALSE);
  g_assert_cmpstr (
    text, ==,
    "[{'name': <'snap:a'>, 'decision': <'refuse'>, 'waiting': <uint32 0>},"
    " {'name': <'snap:b'>, 'decision': <'ask'>, 'waiting': <uint32 2>, 'since': <int64 "
    "7>,"
    " 'senders': <['a@example.org']>},"
    " {'name': <'snap:c'>, 'decision': <'allow'>, 'waiting': <uint32 0>}]");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    {"/desktop/apps/decide",         test_decide         },
    {"/desktop/apps/allowed-anyway", test_allowed_anyway },
    {"/desktop/apps/left-over",      test_left_over      },
    {"/desktop/apps/button",         test_button         },
    {"/desktop/apps/too-late",       test_button_too_late},
    {"/desktop/apps/undecided",      test_undecided      },
    {"/desktop/apps/list",           test_list           },
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
