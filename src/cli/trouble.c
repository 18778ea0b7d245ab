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
  {EST_BUS_ERROR_NO_SUCH_MESSAGE,   EST_EXIT_NOT_FOUND, TRUE,
   N_ ("There is no message %s.")                                                                  },
  {EST_BUS_ERROR_NO_SUCH_ACCOUNT,   EST_EXIT_NOT_FOUND, FALSE,
   N_ ("There is no account “%s”.")                                                            },
  {EST_BUS_ERROR_NO_SUCH_TOKEN,     EST_EXIT_NOT_FOUND, FALSE,
   N_ ("There is no token “%s”.")                                                              },
  {EST_BUS_ERROR_TOKEN_EXISTS,      EST_EXIT_FAILED,    FALSE,
   N_ ("There is a token “%s” already.")                                                       },
  {EST_BUS_ERROR_BAD_TOKEN_NAME,    EST_EXIT_USAGE,     FALSE,
   N_ ("“%s” cannot be the name of a token: that is 1 to 64 letters, digits, or -_.@")         },
  {EST_BUS_ERROR_NO_SUCH_APP,       EST_EXIT_NOT_FOUND, FALSE,
   N_ ("“%s” cannot be the name of an app in a sandbox.")                                      },
  {EST_BUS_ERROR_ACCESS_DENIED,     EST_EXIT_FAILED,    FALSE,
   N_ ("Programs in a sandbox cannot do that: run it outside.")                                    },
  {EST_BUS_ERROR_NOT_POSSIBLE,      EST_EXIT_FAILED,    TRUE,  NULL                                }, /* see standings */
  {EST_BUS_ERROR_UNDER_WAY,         EST_EXIT_FAILED,    TRUE,
   N_ ("All of message %s has gone out, and the mail server has not answered yet: it "
       "cannot be called back now. Try again in a moment.")                                        },
  {EST_BUS_ERROR_NO_CONTENT,        EST_EXIT_FAILED,    TRUE,
   N_ ("Message %s has left or was discarded; only its delivery note is kept.")                    },
  {EST_BUS_ERROR_STOPPED,           EST_EXIT_FAILED,    FALSE,
   N_ (
     "The account “%s” is stopped by hand. Let it go on with “estafeta resume” first.")    },
  {EST_BUS_ERROR_NOT_ITS_SENDER,    EST_EXIT_FAILED,    FALSE,
   N_ ("The account “%s” does not send for the sender of the message.")                        },
  {EST_BUS_ERROR_ONLINE,            EST_EXIT_FAILED,    FALSE,
   N_ ("The account “%s” is one of GNOME Online Accounts: change it in the settings of "
       "your desktop, under Online Accounts.")                                                     },
  {EST_BUS_ERROR_NOT_ASKED,         EST_EXIT_FAILED,    FALSE,
   N_ ("The account “%s” asks nothing of that kind now; “estafeta status” says what is "
       "in the way.")                                                                              },
  {EST_BUS_ERROR_NO_SUCH_RECIPIENT, EST_EXIT_NOT_FOUND, FALSE,
   N_ ("The message has no recipient %s that has not got it.")                                     },
  {EST_BUS_ERROR_BAD_ADDRESS,       EST_EXIT_USAGE,     FALSE, N_ ("“%s” is no mail address.") },
  {EST_BUS_ERROR_NOT_TAKEN,         EST_EXIT_FAILED,    FALSE, N_ ("The message was not taken: %s")},
  {EST_BUS_ERROR_SETTINGS,          EST_EXIT_FAILED,    FALSE, N_ ("The settings cannot be so: %s")},
  {EST_BUS_ERROR_SECRET_NEEDED,     EST_EXIT_FAILED,    FALSE,
   N_ ("The password of “%s” was given for another server; give the one for this.")            },
  {EST_BUS_ERROR_KEYRING_LOCKED,    EST_EXIT_FAILED,    FALSE,
   N_ ("The keyring is locked. Unlock it and try again.")                                          },
  {EST_BUS_ERROR_DISMISSED,         EST_EXIT_FAILED,    FALSE,
   N_ ("The keyring stays locked: its dialog was closed.")                                         },
  {EST_BUS_ERROR_NO_KEYRING,        EST_EXIT_FAILED,    FALSE,
   N_ ("No keyring answers, so the password cannot be kept. Start one (GNOME Keyring, "
       "KeePassXC or KWallet), or use “--no-password” and set “password-command” in the "
       "settings file: see estafeta.conf(5).")                                                     },
  {EST_BUS_ERROR_NO_PORT,           EST_EXIT_FAILED,    FALSE,
   N_ ("No port is free for mail clients: %s.")                                                    },
  {EST_BUS_ERROR_TIMED_OUT,         EST_EXIT_FAILED,    FALSE,
   N_ ("The keyring did not answer in time. Nothing was changed.")                                 },
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

/* Something cannot be done with a message as it is: that is what to say of it. */
typedef struct
{
  const char *state;
  const char *words; /* "%s": its number */
} Standing;

static const Standing standings[] = {
  {"waiting",   N_ ("Message %s is waiting. Nothing was changed.")   },
  {"sending",   N_ ("Message %s is on its way. Nothing was changed.")},
  {"sent",      N_ ("Message %s has been sent. Nothing was changed.")},
  {"failed",    N_ ("Message %s failed. Nothing was changed.")       },
  {"held",      N_ ("Message %s is on hold. Nothing was changed.")   },
  {"discarded", N_ ("Message %s was discarded. Nothing was changed.")},
};

static const char *
find_standing (const char *said)
{
  const char *state = strrchr (said, ' ');
  for (gsize i = 0; state != NULL && i < G_N_ELEMENTS (standings); i++)
    if (g_str_equal (state + 1, standings[i].state))
      return standings[i].words;
  return other.words;
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
  const char *format
    = trouble->words != NULL ? trouble->words : find_standing (error->message);
  g_autofree char *words = g_strdup_printf (_ (format), subject);
  g_printerr ("estafeta: %s\n", words);
  return trouble->status;
}
