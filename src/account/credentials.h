/* The credential store: the one door to the keyring (Secret Service), to
   password-commands and token-commands. Blocking with a time limit, so for worker threads
   only; safe from any number of them, one look-up per account at a time. Found passwords
   are kept for five minutes, tokens for fifty or as long as they last, in memory that is
   wiped. A look-up never opens a prompt. */
#pragma once

#include "account/account.h"
#include "account/credential.h"
#include "base/secret.h"

#include <gio/gio.h>

typedef enum
{
  EST_CREDENTIALS_ERROR_MISSING,     /* the keyring is open and has no such item */
  EST_CREDENTIALS_ERROR_LOCKED,      /* there is an item, or may be one, behind a lock */
  EST_CREDENTIALS_ERROR_UNAVAILABLE, /* no session bus, no service, or it broke off */
  EST_CREDENTIALS_ERROR_TIMED_OUT,   /* the time limit passed */
  EST_CREDENTIALS_ERROR_COMMAND, /* the account's command failed; message: which, how */
  EST_CREDENTIALS_ERROR_REFUSED, /* what was found is what the provider refused */
  EST_CREDENTIALS_ERROR_ONLINE,  /* GNOME Online Accounts cannot tell it now */
  EST_CREDENTIALS_ERROR_ONLINE_SIGN_IN, /* the person must sign in again there */
  EST_CREDENTIALS_ERROR_SIGNED_OUT,     /* the same at the provider's web page */
  EST_CREDENTIALS_ERROR_TOKEN_SERVER,   /* who gives out access tokens gives none now */
  EST_CREDENTIALS_ERROR_CLIENT,         /* it refuses this program, or none is named */
  EST_CREDENTIALS_ERROR_CREDENTIAL,     /* systemd does not hand the account's over */
  EST_CREDENTIALS_ERROR_DISMISSED, /* the person did not want to unlock the keyring */
} EstCredentialsError;

#define EST_CREDENTIALS_ERROR (est_credentials_error_quark ())
GQuark est_credentials_error_quark (void);

/* Signal "available" on the main loop: a keyring appeared, was unlocked, or an item of it
   changed; paused accounts may be tried again. */
#define EST_TYPE_CREDENTIALS (est_credentials_get_type ())
G_DECLARE_FINAL_TYPE (EstCredentials, est_credentials, EST, CREDENTIALS, GObject)

/* Listens on the session bus if there is one (from the thread-default main context,
   without blocking); works without. The last reference is to be dropped there too. */
EstCredentials *est_credentials_new (void);

/* Knows nothing but @secret (NULL: nothing), whatever account asks: for a trial before
   anything is kept. Nothing can be stored in it. Any thread. */
EstCredentials *est_credentials_new_given (EstSecret *secret);

/* The account's password, or its access token where est_account_uses_token(). */
EstSecret *est_credentials_lookup (EstCredentials *credentials,
                                   EstAccount *account,
                                   guint limit_seconds,
                                   GCancellable *cancellable,
                                   GError **error);

/* The provider refused @secret: as long as a look-up finds the same again it fails with
   REFUSED, because providers lock accounts for trying on. GNOME Online Accounts are told
   to look at an account of theirs. */
void est_credentials_refuse (EstCredentials *credentials,
                             const EstAccount *account,
                             EstSecret *secret);

/* The account changed, or the person wants another try: the next look-up asks again, and
   may find what was refused. @account NULL: all of them. */
void est_credentials_forget (EstCredentials *credentials, const char *account);

/* Asks the person to unlock the keyring, by the keyring's own dialog, and waits for that;
   TRUE also if it was open. What waited for it goes on by itself. */
gboolean est_credentials_unlock (EstCredentials *credentials,
                                 GCancellable *cancellable,
                                 GError **error);

/* The daemon ends: whoever waits for a keyring to unlock, store or remove waits no more.
 */
void est_credentials_stop (EstCredentials *credentials);

/* Stores in the default collection, replacing what the account has of that kind; may be
   LOCKED. Schema "org.estafeta.Account", attributes application = "estafeta", account,
   kind, host, user; the label names the program and the account. */
gboolean est_credentials_store (EstCredentials *credentials,
                                const EstCredential *credential,
                                EstSecret *secret,
                                guint limit_seconds,
                                GError **error);

/* EST_CREDENTIAL_ANY: all that the account has. TRUE also when there was nothing to
   remove. */
gboolean est_credentials_remove (EstCredentials *credentials,
                                 const char *account,
                                 EstCredentialKind kind,
                                 guint limit_seconds,
                                 GError **error);
