/* Who the person is to one provider: a group [account NAME] of the settings file.
   Immutable and reference counted; any thread. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_SECURITY_TLS,      /* TLS from the first octet, port 465 (RFC 8314 3.3) */
  EST_SECURITY_STARTTLS, /* required STARTTLS, port 587 */
  EST_SECURITY_NONE,     /* loopback hosts only */
} EstSecurity;

/* How much may leave in any such span; 0: as much as there is. */
typedef enum
{
  EST_SPAN_MINUTE,
  EST_SPAN_HOUR,
  EST_SPAN_DAY,
} EstSpan;
#define EST_N_SPANS (EST_SPAN_DAY + 1)

typedef struct
{
  int messages[EST_N_SPANS];
  int recipients[EST_N_SPANS];
} EstBudget;

/* Where an account comes from that stands in GNOME Online Accounts, and not in the
   settings file. */
typedef struct
{
  char *id;                 /* of the service's own: "account_1700000000_0" */
  char *provider;           /* for a person: "Google" */
  char *path;               /* the D-Bus object that tells its password or token */
  gboolean by_token;        /* an OAuth2 access token, not a password */
  gboolean needs_attention; /* the service says that the person must sign in again */
} EstOnline;

/* OAuth 2.0: where the person signs in, and as which program; NULL: not said. The
   addresses begin with https:// */
typedef struct
{
  char *issuer; /* whose metadata (RFC 8414) say the rest */
  char *client;
  char *client_secret; /* of a program on a desktop, so that it is none */
  char *scope;
  char *authorize, *token, *device; /* endpoints */
} EstOauth;

typedef struct
{
  char *name;       /* of the group; letters, digits, "-_.@" */
  char **addresses; /* mailboxes whose mail goes this way, or "*@example.org" for all of a
                       domain; at least one */
  char *host;
  guint16 port; /* default 465, 587 or 25 by @security */
  EstSecurity security;
  char *auth;         /* "auto", "none", or a mechanism's name in upper case */
  char *user;         /* default: the first mailbox; NULL without a sign-in, and where a
                         certificate or a ticket says who it is */
  char *ca_file;      /* NULL: the system's trust */
  char **pins;        /* of the relay's public key, as by est_pin_parse(); NULL: none */
  gboolean dane;      /* look for TLSA records; default yes */
  char *proxy;        /* "system" (default), "none", or a URI, see proxy.h */
  guint32 relay_user; /* may own the relay's socket on this machine, besides us and root;
                         EST_USER_UNKNOWN: nobody */
  char *certificate;  /* file or PKCS#11 URI to sign in with by EXTERNAL; NULL: none */
  char *key;          /* the same; NULL: in @certificate */
  char **password_command; /* argv, or NULL: the keyring */
  char *credential;        /* of systemd, by name; NULL: none */
  char **token_command;    /* argv; tells an OAuth2 access token; NULL: none */
  EstOauth oauth;          /* the keyring has its refresh token */
  guint connections;       /* at once, 1 to 20; 0: what is known of the provider, or 1 */
  gboolean future_release; /* mail for later waits at the relay, RFC 4865; default no */
  gboolean hold_too_large; /* key "too-large": "hold", or "fail" (default) */
  EstBudget budget;        /* of its own; -1 each where the settings do not say */
  gboolean is_default;     /* takes senders no account owns */
  EstOnline *online;       /* NULL: the settings file has it */
} EstAccount;

EstAccount *est_account_ref (EstAccount *account);
void est_account_unref (EstAccount *account);

/* Whether it signs in by an access token (of token-command, of GNOME Online Accounts, or
   bought with a refresh token), not by a password. */
gboolean est_account_uses_token (const EstAccount *account);

/* Whether that is bought with a refresh token of the keyring. */
gboolean est_account_uses_grant (const EstAccount *account);

/* How firmly a sender belongs to an account; the firmest of all accounts has it. */
typedef enum
{
  EST_CLAIM_NONE,
  EST_CLAIM_DEFAULT, /* takes what no account has */
  EST_CLAIM_DOMAIN,  /* has all of its domain */
  EST_CLAIM_TAG,     /* has the address without its tag: "you" of "you+shop" */
  EST_CLAIM_ADDRESS, /* has the very address */
} EstClaim;

EstClaim est_account_claim (const EstAccount *account, const char *sender);

/* Whether its host is this machine by its very name: "localhost", or an address of the
   loopback. */
gboolean est_account_is_local (const EstAccount *account);

const char *est_security_nick (EstSecurity security); /* "tls", "starttls", "none" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstAccount, est_account_unref)
