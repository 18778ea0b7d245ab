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

typedef struct
{
  char *name;       /* of the group; letters, digits, "-_.@" */
  char **addresses; /* mailboxes whose mail goes this way; at least one */
  char *host;
  guint16 port; /* default 465, 587 or 25 by @security */
  EstSecurity security;
  char *auth;              /* "auto", "none", or a mechanism's name in upper case */
  char *user;              /* default: the first address; NULL with auth=none */
  char *ca_file;           /* NULL: the system's trust */
  char **password_command; /* argv, or NULL: the keyring */
  gboolean is_default;     /* takes senders no account owns */
} EstAccount;

EstAccount *est_account_ref (EstAccount *account);
void est_account_unref (EstAccount *account);

/* Whether @sender (a mailbox) is one of the account's addresses. */
gboolean est_account_owns (const EstAccount *account, const char *sender);

const char *est_security_nick (EstSecurity security); /* "tls", "starttls", "none" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstAccount, est_account_unref)
