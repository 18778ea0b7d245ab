/* estafetad: builds the rooms, joins them and runs the loop. The only place of the daemon
   that knows them all. */
#include "account/accounts.h"
#include "account/credentials.h"
#include "account/strength.h"
#include "account/tokens.h"
#include "base/paths.h"
#include "base/user.h"
#include "desktop/apps.h"
#include "desktop/bus.h"
#include "desktop/notifier.h"
#include "dispatcher/dispatcher.h"
#include "intake/intake.h"
#include "outbox/outbox.h"
#include "submission/listener.h"
#include "submission/port-choice.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_STARTED_ALREADY 3
#define LONGEST_END_MS       30000

typedef struct
{
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstCredentials *credentials;
  EstTokens *tokens;
  EstDispatcher *dispatcher;
  EstIntake *intake;
  EstApps *apps;
  EstSignIns *sign_ins;
  EstButtons *buttons;
  EstListener *listener;
  EstNotifier *notifier;
  EstBus *bus;
  GMainLoop *loop;
  gboolean damaged; /* the outbox is: it is to be recovered, and all built anew */
} House;

static EstAccounts *
read_settings (void)
{
  g_autofree char *path = est_paths_settings_file ();
  EstAccounts *accounts = est_accounts_new (path);
  g_autofree char *problem = est_accounts_dup_problem (accounts);
  if (problem != NULL)
    g_warning ("%s", problem);
  return accounts;
}

static void
read_strength (void)
{
  g_autofree char *path = est_paths_strength_file ();
  est_strength_open (path);
}

static EstTokens *
read_tokens (void)
{
  g_autofree char *path = est_paths_tokens_file ();
  return est_tokens_new (path);
}

/* Before anybody uses it, a port that somebody else has is no trouble: set-up chooses
   another one. */
static gboolean
needs_its_port (House *house)
{
  g_autoptr (EstSettings) settings = est_accounts_get (house->accounts);
  return settings->submission.listen_said || settings->accounts->len > 0;
}

/* One notice about a taken port is enough: the status names them all. */
static void
tell_listening (House *house)
{
  const EstListenerTrouble *first = NULL;
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *troubles = est_listener_troubles (house->listener);
  for (guint i = 0; i < troubles->len; i++)
    {
      const EstListenerTrouble *trouble = g_ptr_array_index (troubles, i);
      if (!trouble->taken)
        continue;
      first = first != NULL ? first : trouble;
      g_hash_table_insert (taken, trouble->address, GUINT_TO_POINTER (trouble->uid));
    }
  if (!needs_its_port (house))
    first = NULL;
  est_notifier_port_taken (house->notifier, first != NULL ? first->address : NULL,
                           first != NULL ? first->uid : EST_USER_UNKNOWN);
  est_bus_set_listening (house->bus, est_listener_addresses (house->listener), taken);
}

/* Somebody may still ask while the house is pulled down. */
static gboolean
choose_port (gpointer data, guint16 *port, const char **state, GError **error)
{
  House *house = data;
  EstPortState which;
  if (house->listener == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "estafetad ends");
      return FALSE;
    }
  if (!est_port_choice_make (house->listener, house->accounts, port, &which, error))
    return FALSE;
  *state = est_port_state_nick (which);
  return TRUE;
}

static gboolean
forget_port (gpointer data, guint16 port, GError **error)
{
  House *house = data;
  return house->accounts == NULL || est_port_choice_forget (house->accounts, port, error);
}

static void
start_bus (House *house)
{
  EstBusServices services = {
    .outbox = house->outbox,
    .dispatcher = house->dispatcher,
    .accounts = house->accounts,
    .credentials = house->credentials,
    .tokens = house->tokens,
    .apps = house->apps,
    .sign_ins = house->sign_ins,
    .ports = {choose_port, forget_port, house}
  };
  house->bus = est_bus_new (&services);
  tell_listening (house);
}

static void
on_damaged (House *house)
{
  house->damaged = TRUE;
  g_main_loop_quit (house->loop);
}

static gboolean
open_outbox (House *house, GError **error)
{
  g_autofree char *path = est_paths_outbox_file ();
  g_autofree char *witness = est_paths_witness_file ();
  house->outbox = est_outbox_open (path, witness, error);
  if (house->outbox == NULL)
    return FALSE;
  g_signal_connect_swapped (house->outbox, "damaged", G_CALLBACK (on_damaged), house);
  return TRUE;
}

static void
on_settings (House *house)
{
  g_autoptr (EstSettings) settings = est_accounts_get (house->accounts);
  if (est_accounts_are_known (house->accounts))
    est_strength_keep (settings->accounts);
  est_outbox_set_journal_days (house->outbox, settings->outbox.journal_days);
  if (house->listener == NULL)
    return; /* not built yet */
  est_listener_update (house->listener);
  tell_listening (house);
}

static gboolean
build (House *house, GError **error)
{
  if (!open_outbox (house, error))
    return FALSE;
  read_strength ();
  house->accounts = read_settings ();
  g_signal_connect_swapped (house->accounts, "changed", G_CALLBACK (on_settings), house);
  on_settings (house);
  house->credentials = est_credentials_new ();
  house->dispatcher
    = est_dispatcher_new (house->outbox, house->accounts, house->credentials);
  house->intake = est_intake_new (house->outbox, house->accounts);
  house->tokens = read_tokens ();
  est_intake_set_tokens (house->intake, house->tokens);
  house->apps = est_apps_new (house->outbox, house->accounts);
  house->sign_ins
    = est_sign_ins_new (house->accounts, house->credentials, house->dispatcher);
  house->buttons
    = est_buttons_new (house->apps, house->accounts, house->credentials, house->sign_ins);
  house->notifier = est_notifier_new (house->outbox, house->dispatcher, house->accounts,
                                      house->apps, house->buttons);
  house->listener = est_listener_new (house->intake);
  start_bus (house);
  est_outbox_examine (house->outbox);
  return TRUE;
}

/* What is still under way may hold them for longer than the house stands. */
static void
stop_listening (House *house)
{
  if (house->outbox != NULL)
    g_signal_handlers_disconnect_by_data (house->outbox, house);
  if (house->accounts != NULL)
    g_signal_handlers_disconnect_by_data (house->accounts, house);
}

/* Downhill: no more mail comes in, then none goes out, then the store is closed. */
static void
tear_down (House *house)
{
  stop_listening (house);
  g_clear_pointer (&house->listener, est_listener_free);
  if (house->dispatcher != NULL)
    est_dispatcher_stop (house->dispatcher);
  if (house->credentials != NULL)
    est_credentials_stop (house->credentials);
  if (house->sign_ins != NULL)
    est_sign_ins_end (house->sign_ins);
  g_clear_pointer (&house->bus, est_bus_free);
  g_clear_pointer (&house->notifier, est_notifier_free);
  g_clear_pointer (&house->intake, est_intake_free);
  g_clear_pointer (&house->tokens, est_tokens_unref);
  if (house->buttons != NULL)
    est_buttons_stop (house->buttons);
  g_clear_object (&house->buttons);
  g_clear_pointer (&house->sign_ins, est_sign_ins_unref);
  g_clear_object (&house->apps);
  g_clear_object (&house->dispatcher);
  g_clear_object (&house->credentials);
  g_clear_object (&house->accounts);
  g_clear_object (&house->outbox);
}

/* One daemon per outbox: the lock ends with the process, however that ends. */
static gboolean
take_lock (GError **error)
{
  g_autofree char *folder = est_paths_data_folder ();
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  if (!est_paths_make_private_folder (folder, error))
    return FALSE;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error, G_IO_ERROR,
               code == EWOULDBLOCK ? G_IO_ERROR_EXISTS : G_IO_ERROR_FAILED,
               "cannot lock %s: %s", path,
               code == EWOULDBLOCK ? "estafetad runs already" : g_strerror (code));
  return FALSE;
}

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
repair (GError **error)
{
  g_autofree char *path = est_paths_outbox_file ();
  return est_outbox_repair (path, error);
}

/* News on their way hold the outbox, and methods of D-Bus that still run: only when they
   have let go of it the file is closed, and its log merged. */
static void
pull_down (House *house)
{
  gpointer outbox = house->outbox;
  if (outbox != NULL)
    g_object_add_weak_pointer (G_OBJECT (house->outbox), &outbox);
  tear_down (house);
  for (guint i = 0; outbox != NULL && i < LONGEST_END_MS; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (1000);
    }
}

/* An outbox that turns out to be damaged while it is in use is closed, recovered, and
   opened again: the house is built anew around it. */
static gboolean
live (House *house, GError **error)
{
  gboolean good = build (house, error);
  while (good)
    {
      house->damaged = FALSE;
      g_main_loop_run (house->loop);
      if (!house->damaged)
        return TRUE;
      pull_down (house);
      good = repair (error) && build (house, error);
    }
  return FALSE;
}

static gboolean
live_until_signal (House *house, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint term = g_unix_signal_add (SIGTERM, on_signal, loop);
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, loop);
  house->loop = loop;
  gboolean good = live (house, error);
  g_source_remove (term);
  g_source_remove (interrupt);
  return good;
}

/* A thread per conversation must not mean an arena per thread. Messages stay English, for
   the log; the notifier speaks the person's language by itself. */
static void
prepare_process (void)
{
  mallopt (M_ARENA_MAX, 2);
  umask (077);
  signal (SIGPIPE, SIG_IGN);
  g_log_writer_default_set_use_stderr (TRUE);
  setlocale (LC_CTYPE, "");
  bindtextdomain ("estafeta", LOCALEDIR);
  bind_textdomain_codeset ("estafeta", "UTF-8");
  textdomain ("estafeta");
}

static gboolean
parse_options (int *argc, char ***argv, gboolean *version, GError **error)
{
  const GOptionEntry entries[] = {
    {"version", 0, 0, G_OPTION_ARG_NONE, version, "Print the version and end", NULL},
    {NULL       },
  };
  g_autoptr (GOptionContext) context
    = g_option_context_new ("- takes and sends your mail");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

int
main (int argc, char **argv)
{
  House house = {0};
  gboolean version = FALSE;
  g_autoptr (GError) error = NULL;
  prepare_process ();
  if (!parse_options (&argc, &argv, &version, &error))
    {
      g_printerr ("estafetad: %s\n", error->message);
      return 2;
    }
  if (version)
    {
      g_print ("estafetad %s\n", VERSION);
      return 0;
    }
  gboolean good = take_lock (&error) && live_until_signal (&house, &error);
  pull_down (&house);
  if (good)
    return 0;
  g_printerr ("estafetad: %s\n", error->message);
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) ? EXIT_STARTED_ALREADY
                                                                : 1;
}
