/* One snapshot of $XDG_CONFIG_HOME/estafeta/estafeta.conf, checked as a whole: either all
   of it is good, or there is an error that names group, key and what to write instead.
   Immutable and reference counted; any thread. */
#pragma once

#include "account/account.h"

typedef enum
{
  EST_SETTINGS_ERROR_UNSAFE, /* the file is not ours, or others may write it */
  EST_SETTINGS_ERROR_SYNTAX, /* no key file */
  EST_SETTINGS_ERROR_VALUE,  /* a key has a value that cannot be */
  EST_SETTINGS_ERROR_NAME,   /* no such account, or one of that name exists already */
} EstSettingsError;

#define EST_SETTINGS_ERROR (est_settings_error_quark ())
GQuark est_settings_error_quark (void);

/* Such an error is about @key of @group (NULL: about all of it), unless that was said
   before. @error may be NULL, and of any kind. */
void est_settings_error_note (GError *error, const char *group, const char *key);

/* The same about a line that is nothing at all. */
void est_settings_error_note_line (GError *error, guint line);

/* The line of @text that @error is about; 0: none. */
guint est_settings_error_line (const GError *error, const char *text);

/* Another user whose programs may hand mail in. */
typedef struct
{
  guint32 uid;
  char *name; /* as written */
  gboolean must_sign_in;
} EstUser;

/* The keys in the file are the names of these fields with dashes for underscores and
   without "-seconds": "first-retry", "keyring", "data". Times are whole seconds.

   [submission] */
typedef struct
{
  char **listen;         /* "127.0.0.1:2525" "[::1]:2525"; loopback addresses only */
  gboolean listen_said;  /* whether the file says so, or it is the default */
  char **listen_tls;     /* the same, where TLS begins at once; default none */
  gboolean starttls;     /* whether the others offer it; default no */
  gboolean scram;        /* offered also to those who need not sign in; default no */
  guint connections;     /* conversations at once, default 64 */
  guint recipients;      /* per message, default 2000 */
  guint64 size;          /* octets of a message, default 150 MiB */
  guint command_seconds; /* deadline of one command line, default 300 */
  guint data_seconds;    /* deadline of a whole message's data, default 3600 */
  GArray *users; /* EstUser; of the keys "users" and "token-users", default none */
} EstSubmissionSettings;

/* [delivery]; seconds, all of them > 0 but for keep_seconds */
typedef struct
{
  guint connect_seconds;  /* default 30: name look-up, connect and TLS handshake, each */
  guint greeting_seconds; /* default 300 (RFC 5321 4.5.3.2.1) */
  guint command_seconds;  /* default 300: EHLO, AUTH, MAIL, RCPT */
  guint data_seconds;     /* default 120: the answer to DATA (4.5.3.2.4) */
  guint block_seconds;    /* default 180: each block of content (4.5.3.2.5) */
  guint final_seconds;    /* default 600: the answer to the final dot (4.5.3.2.6) */
  guint keyring_seconds;  /* default 60: keyring or password-command */
  guint keep_seconds; /* default 10: how long a connection waits for the next message; 0:
                         it does not */
  guint first_retry_seconds;   /* default 60 */
  guint longest_retry_seconds; /* default 3600 */
  guint warning_seconds;       /* default 4 h after the relay's first temporary answer */
  guint give_up_seconds;       /* default 5 d after it */
} EstDeliverySettings;

/* [outbox] */
typedef struct
{
  guint journal_days; /* key "journal": how long sent and discarded mail is remembered,
                         default 30 */
} EstOutboxSettings;

/* [apps]: what the person has said about apps in a sandbox, by their names as in
   base/origin.h ("flatpak:org.mozilla.Thunderbird"): allow or refuse. */
typedef enum
{
  EST_PERMISSION_ASK, /* nothing yet */
  EST_PERMISSION_ALLOW,
  EST_PERMISSION_REFUSE,
} EstPermission;

const char *est_permission_nick (EstPermission permission); /* "allow" ... */

/* [online-accounts]: what becomes of the accounts of GNOME Online Accounts. */
typedef struct
{
  gboolean use;  /* default yes */
  char **ignore; /* mail addresses whose accounts are left alone; NULL: none */
} EstOnlineSettings;

typedef struct
{
  EstSubmissionSettings submission;
  EstDeliverySettings delivery;
  EstOutboxSettings outbox;
  EstOnlineSettings online;
  GPtrArray *accounts; /* EstAccount, in the order of the file; then those that
                          est_settings_join() added */
  gboolean awaited;    /* more of those may come in a moment */
  GHashTable *apps;    /* program (char *) -> EstPermission */
} EstSettings;

/* Reads @path; a missing file means defaults and no accounts. Unknown groups and keys are
   errors: a misspelt key must not be silently without effect. Also refused: two accounts
   owning one address, two defaults, security=none for a host that is not loopback
   ("localhost" or an address literal in 127.0.0.0/8 or ::1), a listen address that is not
   loopback. */
EstSettings *est_settings_load (const char *path, GError **error);

/* The same of the @text of a file. A complaint begins with its line. */
EstSettings *est_settings_read (const char *text, gsize length, GError **error);
EstSettings *est_settings_ref (EstSettings *settings);
void est_settings_unref (EstSettings *settings);

/* Another snapshot whose list of accounts may still grow, before anybody else sees it. */
EstSettings *est_settings_copy (const EstSettings *settings);

/* The account called @name, borrowed; NULL if there is none. */
EstAccount *est_settings_find (const EstSettings *settings, const char *name);

/* Which account sends for @sender: the one that has its address, else the address without
   its tag, else its domain, else the default one; borrowed, NULL if none. */
EstAccount *est_settings_route (const EstSettings *settings, const char *sender);

/* The same without the default one: whose @address is. */
EstAccount *est_settings_owner (const EstSettings *settings, const char *address);

/* @settings and, behind its own accounts, those of @online (EstAccount) that it leaves
   room for: what the settings ignore, what has a name there already, and whose address an
   account of the file has or has the domain of, stays out. @awaited: more of them may
   come in a moment. New reference. */
EstSettings *est_settings_join (const EstSettings *settings,
                                const GPtrArray *online,
                                gboolean awaited);

/* Whether something can be said about @program: the name of an app in a sandbox. */
gboolean est_app_is_valid (const char *program);

/* What was said about @program (NULL: nothing can have been). */
EstPermission est_settings_permission (const EstSettings *settings, const char *program);

/* Writes one [account NAME] group into the file, keeping comments and everything else,
   and replacing the file by rename. The result is checked by est_settings_load() before
   it replaces anything. Keys as in the file; values as strings. */
gboolean est_settings_add_account (const char *path,
                                   const char *name,
                                   GHashTable *values,
                                   GError **error);

/* Whether that would do, without doing it; the same for est_settings_edit_account(). */
gboolean est_settings_can_add (const char *path,
                               const char *name,
                               GHashTable *values,
                               GError **error);
gboolean est_settings_can_edit (const char *path,
                                const char *name,
                                GHashTable *values,
                                GError **error);

/* The same account, checked likewise, but in no file. */
EstAccount *
est_settings_make_account (const char *name, GHashTable *values, GError **error);

gboolean est_settings_remove_account (const char *path, const char *name, GError **error);

/* Writes lines of an account in the same way, in place of those it has of these keys; a
   key with an empty value is taken out. */
gboolean est_settings_edit_account (const char *path,
                                    const char *name,
                                    GHashTable *values,
                                    GError **error);

/* Writes the line "pin" of an account in the same way, in place of the one it has. */
gboolean est_settings_set_pin (const char *path,
                               const char *name,
                               const char *pin,
                               GError **error);

/* Writes the line "listen" of [submission] in the same way; NULL takes it out, and a
   group that holds nothing else with it. */
gboolean est_settings_set_listen (const char *path, const char *listen, GError **error);

/* Adds @address to the line "ignore" of [online-accounts] in the same way. */
gboolean est_settings_ignore (const char *path, const char *address, GError **error);

/* Writes the line of @program in [apps] in the same way; ASK takes it out. */
gboolean est_settings_permit (const char *path,
                              const char *program,
                              EstPermission permission,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSettings, est_settings_unref)
