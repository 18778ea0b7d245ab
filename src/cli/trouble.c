/* The daemon answers with the names of errors; their words are chosen here, in the
   language of whoever asked. */
#include "cli/trouble.h"

#include "interface/names.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define DETAIL_LIMIT 400

typedef struct
{
  const char *error; /* D-Bus name */
  EstExit status;
  gboolean names_message; /* its number is in what the daemon said */
  const char *words;      /* "%s": the message, the account, or what the daemon said */
} Trouble;

static const Trouble troubles[] = {
  {EST_BUS_ERROR_NO_SUCH_MESSAGE, EST_EXIT_NOT_FOUND, TRUE,
   N_ ("There is no message %s.")                                                                },
  {EST_BUS_ERROR_NO_SUCH_ACCOUNT, EST_EXIT_NOT_FOUND, FALSE,
   N_ ("There is no account “%s”.")                                                          },
  {EST_BUS_ERROR_NOT_POSSIBLE,    EST_EXIT_FAILED,    TRUE,
   N_ ("Message %s cannot be sent now: it is on its way, has left, or was discarded.")           },
  {EST_BUS_ERROR_SETTINGS,        EST_EXIT_FAILED,    FALSE, N_ ("The settings cannot be so: %s")},
  {EST_BUS_ERROR_KEYRING_LOCKED,  EST_EXIT_FAILED,    FALSE,
   N_ ("The keyring is locked. Unlock it and try again.")                                        },
  {EST_BUS_ERROR_NO_KEYRING,      EST_EXIT_FAILED,    FALSE,
   N_ ("No keyring answers, so the password cannot be kept. Start one (GNOME Keyring, "
       "KeePassXC or KWallet), or use “--no-password” and set “password-command” in the "
       "settings file: see estafeta.conf(5).")                                                   },
  {EST_BUS_ERROR_TIMED_OUT,       EST_EXIT_FAILED,    FALSE,
   N_ ("The keyring did not answer in time. Nothing was changed.")                               },
};

static const Trouble late
  = {NULL, EST_EXIT_FAILED, FALSE, N_ ("Estafeta’s daemon did not answer in time.")};
static const Trouble other = {NULL, EST_EXIT_FAILED, FALSE, N_ ("It did not work: %s")};

EstExit
est_trouble_no_daemon (void)
{
  /* TRANSLATORS: %s is the path of a program */
  g_autofree char *words = g_strdup_printf (
    _ ("Estafeta’s daemon does not run. Start it with “systemctl --user start "
       "estafetad”, or with “%s” where there is no systemd."),
    LIBEXECDIR "/estafetad");
  g_printerr ("estafeta: %s\n", words);
  return EST_EXIT_NO_DAEMON;
}

/* The bus has no such name and cannot start it, or the daemon went away in the middle. */
static gboolean
is_absence (const GError *error, const char *remote)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
         || (remote != NULL
             && g_str_has_prefix (remote, "org.freedesktop.DBus.Error.Spawn."));
}

static const Trouble *
find_trouble (const GError *error, const char *remote)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT))
    return &late;
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (g_strcmp0 (remote, troubles[i].error) == 0)
      return &troubles[i];
  return &other;
}

/* The first number in @text, else all of it. */
static char *
find_number (const char *text)
{
  gsize before = strcspn (text, G_CSET_DIGITS);
  gsize length = strspn (text + before, G_CSET_DIGITS);
  return length > 0 ? g_strndup (text + before, length) : g_strdup (text);
}

static char *
describe_subject (const Trouble *trouble, const GError *error, const char *account)
{
  g_autoptr (GError) stripped = g_error_copy (error);
  g_dbus_error_strip_remote_error (stripped);
  g_autofree char *said = est_text_tame (stripped->message, DETAIL_LIMIT);
  if (trouble->names_message)
    return find_number (said);
  if (trouble->status == EST_EXIT_NOT_FOUND && account != NULL)
    return g_strdup (account);
  return g_steal_pointer (&said);
}

EstExit
est_trouble_report (const GError *error, const char *account)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);
  if (is_absence (error, remote))
    return est_trouble_no_daemon ();

  const Trouble *trouble = find_trouble (error, remote);
  g_autofree char *subject = describe_subject (trouble, error, account);
  g_autofree char *words = g_strdup_printf (_ (trouble->words), subject);
  g_printerr ("estafeta: %s\n", words);
  return trouble->status;
}
