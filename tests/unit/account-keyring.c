/* The credential store against a real gnome-keyring on a session bus of its own: every
   situation that has a name, the signal, the time limit, and that neither a secret nor
   the opening of a prompt is ever seen on the bus. The program starts itself again inside
   dbus-run-session, with a bus that starts no service by itself and a home folder of its
   own. */
#include "account/credentials.h"
#include "account/keyring.h"
#include "base/clock.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

#define SERVICE    "org.freedesktop.secrets"
#define ROOT_PATH  "/org/freedesktop/secrets"
#define COLLECTION "/org/freedesktop/secrets/collection/login"
#define MASTER     "testpw"
#define SECRET     "correct-horse-battery"
#define OTHER      "staple-correct-horse"
#define OLDER      "stored-by-an-older-version"

typedef struct
{
  GDBusConnection *bus;
  GDBusConnection *monitor;
  GSubprocess *daemon;
  EstCredentials *credentials;
  EstAccount *account;
  guint available;
  int seen;     /* atomic: messages of others */
  int leaked;   /* atomic: messages with a secret in them */
  int prompted; /* atomic: calls that open a prompt */
} Fixture;

static gboolean
on_time_up (gpointer up)
{
  *(gboolean *) up = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @counter is above 0 (NULL: never), for @milliseconds at
   most. */
static gboolean
spin (const guint *counter, guint milliseconds)
{
  gboolean up = FALSE;
  guint timer = g_timeout_add (milliseconds, on_time_up, &up);
  while (!up && (counter == NULL || *counter == 0))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  return counter != NULL && *counter > 0;
}

static GVariant *
call_full (Fixture *f,
           const char *name,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *arguments)
{
  return g_dbus_connection_call_sync (f->bus, name, path, interface, method, arguments,
                                      NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
}

static GVariant *
call (Fixture *f, const char *interface, const char *method, GVariant *arguments)
{
  GVariant *answer = call_full (f, SERVICE, ROOT_PATH, interface, method, arguments);
  g_assert_nonnull (answer);
  return answer;
}

static gboolean
is_owned (Fixture *f)
{
  g_autoptr (GVariant) answer
    = call_full (f, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                 "org.freedesktop.DBus", "NameHasOwner", g_variant_new ("(s)", SERVICE));
  gboolean owned = FALSE;
  g_variant_get (answer, "(b)", &owned);
  return owned;
}

static void
await_owned (Fixture *f, gboolean owned)
{
  for (guint i = 0; i < 500 && is_owned (f) != owned; i++)
    g_usleep (10000);
  g_assert_cmpint (is_owned (f), ==, owned);
}

static void
start_daemon (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  f->daemon
    = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                          | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        &error, "gnome-keyring-daemon", "--foreground", "--unlock",
                        "--components=secrets", NULL);
  g_assert_no_error (error);
  GOutputStream *input = g_subprocess_get_stdin_pipe (f->daemon);
  g_output_stream_write_all (input, MASTER, strlen (MASTER), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, NULL);
  await_owned (f, TRUE);
}

static void
kill_daemon (Fixture *f)
{
  g_subprocess_force_exit (f->daemon);
  g_subprocess_wait (f->daemon, NULL, NULL);
  g_clear_object (&f->daemon);
  await_owned (f, FALSE);
}

static void
lock (Fixture *f)
{
  const char *collections[] = {COLLECTION, NULL};
  g_variant_unref (call (f, "org.freedesktop.Secret.Service", "Lock",
                         g_variant_new ("(^ao)", collections)));
}

static void
unlock (Fixture *f)
{
  g_autoptr (GVariant) opened
    = call (f, "org.freedesktop.Secret.Service", "OpenSession",
            g_variant_new ("(sv)", "plain", g_variant_new_string ("")));
  const char *session;
  g_variant_get (opened, "(v&o)", NULL, &session);
  GVariant *none = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "", 0, 1);
  GVariant *master
    = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, MASTER, strlen (MASTER), 1);
  GVariant *secret = g_variant_new ("(o@ay@ays)", session, none, master, "text/plain");
  g_variant_unref (call (f, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                         "UnlockWithMasterPassword",
                         g_variant_new ("(o@(oayays))", COLLECTION, secret)));
}

/* In the bus connection's own thread. */
static GDBusMessage *
on_seen (GDBusConnection *monitor,
         GDBusMessage *message,
         gboolean incoming,
         gpointer data)
{
  Fixture *f = data;
  g_atomic_int_inc (&f->seen);
  gsize size;
  g_autofree guchar *blob
    = g_dbus_message_to_blob (message, &size, G_DBUS_CAPABILITY_FLAGS_NONE, NULL);
  if (blob != NULL
      && (memmem (blob, size, SECRET, strlen (SECRET)) != NULL
          || memmem (blob, size, OTHER, strlen (OTHER)) != NULL))
    g_atomic_int_inc (&f->leaked);

  const char *member = g_dbus_message_get_member (message);
  if (incoming
      && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL
      && (g_strcmp0 (member, "Unlock") == 0 || g_strcmp0 (member, "Prompt") == 0))
    g_atomic_int_inc (&f->prompted);
  /* A monitor must not answer what it overhears. */
  if (incoming
      && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    g_clear_object (&message);
  return message;
}

static void
start_monitor (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  f->monitor = g_dbus_connection_new_for_address_sync (
    g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
      | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  GVariant *answer = g_dbus_connection_call_sync (
    f->monitor, "org.freedesktop.DBus", "/org/freedesktop/DBus",
    "org.freedesktop.DBus.Monitoring", "BecomeMonitor",
    g_variant_new ("(@asu)", g_variant_new_strv (NULL, 0), 0), NULL,
    G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);
  g_variant_unref (answer);
  g_dbus_connection_add_filter (f->monitor, on_seen, f, NULL);
}

static void
on_available (EstCredentials *credentials, Fixture *f)
{
  f->available++;
}

/* The signal counts from when the store listens; until then it may have missed one. */
static void
set_up (Fixture *f, gconstpointer unused)
{
  f->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_assert_nonnull (f->bus);
  start_monitor (f);
  f->credentials = est_credentials_new ();
  g_signal_connect (f->credentials, "available", G_CALLBACK (on_available), f);
  f->account = g_atomic_rc_box_new0 (EstAccount);
  f->account->name = g_strdup ("home");
  spin (NULL, 100);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  if (f->daemon != NULL)
    kill_daemon (f);
  g_autofree char *keyrings = g_build_filename (g_get_user_data_dir (), "keyrings", NULL);
  remove_tree (keyrings);

  spin (NULL, 100); /* the monitor hears the last of it */
  g_assert_cmpint (g_atomic_int_get (&f->seen), >, 10);
  g_assert_cmpint (g_atomic_int_get (&f->leaked), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&f->prompted), ==, 0);
  g_dbus_connection_close_sync (f->monitor, NULL, NULL);
  g_clear_object (&f->monitor);
  g_clear_object (&f->credentials);
  est_account_unref (f->account);
  g_clear_object (&f->bus);
}

/* One question to the store, asked as the daemon does: in a worker, while the loop
   runs. */
typedef struct
{
  Fixture *f;
  const char *store; /* NULL: none */
  gboolean remove;
  gboolean fetch; /* past the cache */
  EstCredentialKind kind;
  guint limit;
  guint done;
  char *found;
  GError *error;
} Question;

static gboolean
on_done (gpointer question)
{
  ((Question *) question)->done = 1;
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  Question *q = data;
  EstCredentials *credentials = q->f->credentials;
  const char *name = q->f->account->name;
  if (q->store != NULL)
    {
      const EstCredential credential = {name, q->kind, "relay.example.org", NULL};
      g_autoptr (EstSecret) secret = est_secret_new (q->store, -1);
      est_credentials_store (credentials, &credential, secret, q->limit, &q->error);
    }
  else if (q->remove)
    est_credentials_remove (credentials, name, q->kind, q->limit, &q->error);
  else
    {
      g_autoptr (EstSecret) secret
        = q->fetch ? est_keyring_lookup (name, q->kind, NULL, &q->error)
                   : est_credentials_lookup (credentials, q->f->account, q->limit, NULL,
                                             &q->error);
      q->found = secret != NULL ? g_strdup (est_secret_peek (secret)) : NULL;
    }
  g_idle_add (on_done, q);
  return NULL;
}

/* @code -1: it must go well, with @found. */
static void
check (Question *q, int code, const char *found)
{
  GThread *thread = g_thread_new ("work", work, q);
  g_assert_true (spin (&q->done, 30000));
  g_thread_join (thread);
  if (code < 0)
    g_assert_no_error (q->error);
  else
    g_assert_error (q->error, EST_CREDENTIALS_ERROR, code);
  g_assert_cmpstr (q->found, ==, found);
  g_clear_error (&q->error);
  g_clear_pointer (&q->found, g_free);
}

static void
assert_lookup (Fixture *f, int code, const char *found)
{
  check (&(Question){.f = f, .limit = 20}, code, found);
}

static void
assert_store (Fixture *f, int code, const char *secret)
{
  check (&(Question){.f = f, .limit = 20, .store = secret}, code, NULL);
}

static void
assert_remove (Fixture *f, int code)
{
  check (&(Question){.f = f, .limit = 20, .remove = TRUE}, code, NULL);
}

static void
name_account (Fixture *f, const char *name)
{
  g_free (f->account->name);
  f->account->name = g_strdup (name);
}

static void
assert_fetch (Fixture *f, EstCredentialKind kind, int code, const char *found)
{
  check (&(Question){.f = f, .limit = 20, .fetch = TRUE, .kind = kind}, code, found);
}

#define GOOD        (-1)
#define MISSING     EST_CREDENTIALS_ERROR_MISSING
#define LOCKED      EST_CREDENTIALS_ERROR_LOCKED
#define UNAVAILABLE EST_CREDENTIALS_ERROR_UNAVAILABLE
#define TIMED_OUT   EST_CREDENTIALS_ERROR_TIMED_OUT

static void
test_stored (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  assert_lookup (f, MISSING, NULL);
  assert_store (f, GOOD, SECRET);
  assert_lookup (f, GOOD, SECRET);
  assert_store (f, GOOD, OTHER);
  assert_lookup (f, GOOD, OTHER);
  name_account (f, "work");
  assert_lookup (f, MISSING, NULL);
  name_account (f, "home");
  assert_remove (f, GOOD);
  assert_lookup (f, MISSING, NULL);
  assert_remove (f, GOOD);
}

#define TOKEN "1//refresh-me"

/* As older versions did, or a person by hand: without "kind". */
static void
store_older_form (const char *account, const char *secret)
{
  static const SecretSchema older = {
    "org.estafeta.Account",
    SECRET_SCHEMA_DONT_MATCH_NAME,
    {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
      {"account", SECRET_SCHEMA_ATTRIBUTE_STRING},
      {NULL, 0}}
  };
  g_autoptr (GError) error = NULL;
  secret_password_store_sync (&older, SECRET_COLLECTION_DEFAULT, "by hand", secret, NULL,
                              &error, "application", "estafeta", "account", account,
                              NULL);
  g_assert_no_error (error);
}

static guint
count_items (const char *account, const char *kind)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (attributes, (gpointer) "account", (gpointer) account);
  if (kind != NULL)
    g_hash_table_insert (attributes, (gpointer) "kind", (gpointer) kind);
  GList *items
    = secret_service_search_sync (NULL, NULL, attributes, SECRET_SEARCH_ALL, NULL, NULL);
  guint count = g_list_length (items);
  g_list_free_full (items, g_object_unref);
  return count;
}

static void
test_kinds (Fixture *f, gconstpointer unused)
{
  const EstCredentialKind token = EST_CREDENTIAL_REFRESH_TOKEN;
  start_daemon (f);
  assert_store (f, GOOD, SECRET);
  assert_fetch (f, token, MISSING, NULL);
  check (&(Question){.f = f, .limit = 20, .store = TOKEN, .kind = token}, GOOD, NULL);
  assert_fetch (f, token, GOOD, TOKEN);
  assert_lookup (f, GOOD, SECRET);
  g_assert_cmpuint (count_items ("home", NULL), ==, 2);
  g_assert_cmpuint (count_items ("home", "refresh-token"), ==, 1);

  check (&(Question){.f = f, .limit = 20, .remove = TRUE, .kind = token}, GOOD, NULL);
  assert_fetch (f, token, MISSING, NULL);
  assert_lookup (f, GOOD, SECRET);
  check (&(Question){.f = f, .limit = 20, .store = TOKEN, .kind = token}, GOOD, NULL);
  check (&(Question){.f = f, .limit = 20, .remove = TRUE, .kind = EST_CREDENTIAL_ANY},
         GOOD, NULL);
  g_assert_cmpuint (count_items ("home", NULL), ==, 0);
  secret_service_disconnect ();
}

/* What an older version stored is found, is replaced by the next store, and one that a
   person puts beside ours later counts. */
static void
test_older_form (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  store_older_form ("home", OLDER);
  assert_lookup (f, GOOD, OLDER);
  assert_fetch (f, EST_CREDENTIAL_REFRESH_TOKEN, MISSING, NULL);
  assert_store (f, GOOD, SECRET);
  assert_lookup (f, GOOD, SECRET);
  g_assert_cmpuint (count_items ("home", NULL), ==, 1);
  g_assert_cmpuint (count_items ("home", "password"), ==, 1);

  store_older_form ("home", OLDER);
  assert_fetch (f, EST_CREDENTIAL_PASSWORD, GOOD, OLDER);
  assert_remove (f, GOOD);
  g_assert_cmpuint (count_items ("home", NULL), ==, 0);
  secret_service_disconnect ();
}

static void
test_locked (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  assert_store (f, GOOD, SECRET);
  assert_lookup (f, GOOD, SECRET);
  spin (NULL, 500);
  f->available = 0;

  lock (f);
  spin (NULL, 600);
  g_assert_cmpuint (f->available, ==, 0);
  assert_lookup (f, LOCKED, NULL); /* the kept secret went with the lock */
  assert_store (f, LOCKED, OTHER);
  assert_remove (f, LOCKED);
  name_account (f, "unknown");
  assert_lookup (f, LOCKED, NULL);
  name_account (f, "home");
  g_assert_cmpuint (f->available, ==, 0);

  unlock (f);
  g_assert_true (spin (&f->available, 5000));
  assert_lookup (f, GOOD, SECRET);
}

static void
test_signal (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  g_assert_true (spin (&f->available, 5000));
  f->available = 0;
  spin (NULL, 500);
  g_assert_cmpuint (f->available, ==, 0);

  assert_lookup (f, MISSING, NULL);
  spin (NULL, 500); /* a look-up must not wake whom it disappointed */
  g_assert_cmpuint (f->available, ==, 0);
  assert_store (f, GOOD, SECRET);
  g_assert_true (spin (&f->available, 5000));
  spin (NULL, 500);
  g_assert_cmpuint (f->available, ==, 1);
}

static void
test_absent (Fixture *f, gconstpointer unused)
{
  assert_lookup (f, UNAVAILABLE, NULL);
  assert_store (f, UNAVAILABLE, SECRET);
  assert_remove (f, UNAVAILABLE);
  start_daemon (f);
  g_assert_true (spin (&f->available, 5000));
  assert_lookup (f, MISSING, NULL);
}

static void
test_killed (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  assert_store (f, GOOD, SECRET);
  assert_lookup (f, GOOD, SECRET);
  spin (NULL, 500);
  kill_daemon (f);
  est_credentials_forget (f->credentials, "home");
  assert_lookup (f, UNAVAILABLE, NULL);

  f->available = 0;
  start_daemon (f);
  g_assert_true (spin (&f->available, 5000));
  assert_lookup (f, GOOD, SECRET);
}

static void
test_hanging (Fixture *f, gconstpointer unused)
{
  start_daemon (f);
  assert_store (f, GOOD, SECRET);
  spin (NULL, 500);
  g_subprocess_send_signal (f->daemon, SIGSTOP);
  gint64 start = est_clock_steady ();
  check (&(Question){.f = f, .limit = 1}, TIMED_OUT, NULL);
  check (&(Question){.f = f, .limit = 1, .store = OTHER}, TIMED_OUT, NULL);
  check (&(Question){.f = f, .limit = 1, .remove = TRUE}, TIMED_OUT, NULL);
  g_assert_cmpint (est_clock_steady () - start, <, 10 * G_USEC_PER_SEC);
  g_subprocess_send_signal (f->daemon, SIGCONT);
  assert_lookup (f, GOOD, SECRET);
}

static void
test_crowd (Fixture *f, gconstpointer unused)
{
  GThread *threads[8];
  Question questions[8];
  start_daemon (f);
  assert_store (f, GOOD, SECRET);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      questions[i] = (Question){.f = f, .limit = 20};
      threads[i] = g_thread_new ("work", work, &questions[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_assert_true (spin (&questions[i].done, 30000));
      g_thread_join (threads[i]);
      g_assert_no_error (questions[i].error);
      g_assert_cmpstr (questions[i].found, ==, SECRET);
      g_free (questions[i].found);
    }
}

#define CONFIG                                                                           \
  "<busconfig><type>session</type><listen>unix:tmpdir=%s</listen>"                       \
  "<auth>EXTERNAL</auth><policy context=\"default\">"                                    \
  "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"        \
  "<allow own=\"*\"/></policy></busconfig>"

/* Everything the keyring and the bus keep goes into @home. */
static GSubprocessLauncher *
make_launcher (const char *home)
{
  static const char *const folders[]
    = {"XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_setenv (launcher, "HOME", home, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (home, folders[i], NULL);
      g_assert_no_errno (g_mkdir (folder, 0700));
      g_subprocess_launcher_setenv (launcher, folders[i], folder, TRUE);
    }
  /* Without a display nothing can ask; a leftover of the person's session must not. */
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "GNOME_KEYRING_CONTROL");
  return launcher;
}

static int
start_again_in_session (char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp ("estafeta-keyring-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *config = g_build_filename (home, "bus.conf", NULL);
  g_autofree char *text = g_strdup_printf (CONFIG, home);
  g_assert_true (g_file_set_contents (config, text, -1, NULL));

  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *option = g_strdup_printf ("--config-file=%s", config);
  g_strv_builder_add_many (builder, "dbus-run-session", option, "--", NULL);
  g_strv_builder_add (builder, argv[0]);
  g_strv_builder_add (builder, "--in-session");
  g_strv_builder_addv (builder, (const char **) argv + 1);
  g_auto (GStrv) command = g_strv_builder_end (builder);

  g_autoptr (GSubprocessLauncher) launcher = make_launcher (home);
  g_autoptr (GSubprocess) session
    = g_subprocess_launcher_spawnv (launcher, (const char *const *) command, &error);
  g_assert_no_error (error);
  g_subprocess_wait (session, NULL, NULL);
  remove_tree (home);
  return g_subprocess_get_if_exited (session) ? g_subprocess_get_exit_status (session)
                                              : 1;
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    {"/account/keyring/stored",     test_stored    },
    {"/account/keyring/kinds",      test_kinds     },
    {"/account/keyring/older-form", test_older_form},
    {"/account/keyring/locked",     test_locked    },
    {"/account/keyring/signal",     test_signal    },
    {"/account/keyring/absent",     test_absent    },
    {"/account/keyring/killed",     test_killed    },
    {"/account/keyring/hanging",    test_hanging   },
    {"/account/keyring/crowd",      test_crowd     },
  };
  if (argc < 2 || !g_str_equal (argv[1], "--in-session"))
    return start_again_in_session (argv);
  argv[1] = argv[0];
  argv++;
  argc--;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
