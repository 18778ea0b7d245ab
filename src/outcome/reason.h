/* What went wrong, as one word from the relay conversation to the sentence a person
   reads, and what that means for the mail: scope and permanence, in one table. */
#pragma once

#include <glib.h>

/* The numbers are stored: new ones go to the end. */
typedef enum
{
  EST_REASON_NONE,
  EST_REASON_OFFLINE,        /* no network, says the kernel */
  EST_REASON_NAME_LOOKUP,    /* the relay's name has no address now */
  EST_REASON_UNREACHABLE,    /* connecting was refused or the host cannot be reached */
  EST_REASON_TIMED_OUT,      /* a step took longer than its limit */
  EST_REASON_DISCONNECTED,   /* the relay closed the connection in the middle */
  EST_REASON_PROTOCOL,       /* what came back is not SMTP */
  EST_REASON_TLS,            /* the handshake failed */
  EST_REASON_NO_TLS,         /* the relay offers no STARTTLS */
  EST_REASON_UNTRUSTED,      /* certificate or host name not valid */
  EST_REASON_NO_MECHANISM,   /* no way of signing in that both know */
  EST_REASON_SIGN_IN,        /* user name, password, or what else was shown refused */
  EST_REASON_SECRET_MISSING, /* the keyring has no password for the account */
  EST_REASON_SECRET_LOCKED,  /* the keyring is locked */
  EST_REASON_NO_KEYRING,     /* no keyring service, or it does not answer */
  EST_REASON_COMMAND,        /* password-command or token-command failed */
  EST_REASON_BUSY,           /* the relay serves nobody now: 421, 4xx before MAIL */
  EST_REASON_TURNED_AWAY,    /* 5xx at the greeting or EHLO: not this client, not here */
  EST_REASON_DEFERRED,       /* 4xx about this message or recipient */
  EST_REASON_REFUSED,        /* 5xx about this message */
  EST_REASON_RECIPIENT_REFUSED, /* 5xx about this recipient */
  EST_REASON_UNCERTAIN,         /* all content sent, no answer */
  EST_REASON_NO_ACCOUNT,        /* the account it was for is gone from the settings */
  EST_REASON_DAMAGED,           /* the stored content does not match its sum */
  EST_REASON_EXPIRED,           /* the relay put it off for longer than we go on trying */
  EST_REASON_STORE,             /* the outbox itself cannot be read or written now */
  EST_REASON_PORT_TAKEN,        /* somebody else listens on the submission port */
  EST_REASON_SETTINGS,          /* the settings file cannot be used as it stands */
  EST_REASON_LIMIT,             /* the provider's sending limit is reached for now */
  EST_REASON_BY_HAND,           /* the person said so */
  EST_REASON_OLD,               /* waited for weeks, and no relay has seen it yet */
  EST_REASON_RESTORED, /* of an outbox that was put back: it may have left since */
  EST_REASON_APP,      /* a sandboxed app sends for the first time: may it? */
  EST_REASON_LATE,     /* the time by which it had to be delivered is over (RFC 2852) */
  EST_REASON_WEAKER,   /* the relay protects less than it once did: TLS, name, sign-in */
  EST_REASON_STRANGER, /* on this machine, and the socket is somebody else's */
  EST_REASON_UNCONFIRMED,         /* on this machine, with a certificate of its own */
  EST_REASON_CERTIFICATE_EXPIRED, /* its time is over, or has not come */
  EST_REASON_CERTIFICATE_NAME,    /* is for another name */
  EST_REASON_CERTIFICATE_ISSUER,  /* of nobody who is trusted */
  EST_REASON_PIN,                 /* its key is not the one that was pinned */
  EST_REASON_CLIENT_KEY,          /* our own certificate or key cannot be used */
  EST_REASON_IMPOSTOR,            /* did not prove that it knows the password */
  EST_REASON_PROXY,               /* what stands in between does not let us through */
  EST_REASON_BUDGET,              /* our own limit for the account is used up for now */
  EST_REASON_TOO_LARGE,           /* for the relay: SIZE, RFC 1870 */
  EST_REASON_INCAPABLE, /* the relay lacks what the message needs; never sent to it */
  EST_REASON_NO_TICKET, /* no Kerberos ticket to sign in with */
  EST_REASON_SUSPENDED, /* the provider lets the account send no more */
  EST_REASON_ONLINE_ACCOUNTS, /* GNOME Online Accounts do not tell the secret now */
  EST_REASON_ONLINE_SIGN_IN,  /* the person must sign in again there */
  EST_REASON_LOOP,            /* the relay's name leads back to our own listeners */
  EST_REASON_SIGNED_OUT,      /* the person must sign in (again) at a web page */
  EST_REASON_TOKEN_SERVER,    /* who gives out access tokens gives none now */
  EST_REASON_OAUTH_CLIENT,    /* it refuses this program, or its id is missing */
  EST_REASON_CREDENTIAL,      /* systemd does not hand the password over */
} EstReason;
#define EST_N_REASONS (EST_REASON_CREDENTIAL + 1)

typedef enum
{
  EST_SCOPE_NONE,
  EST_SCOPE_NETWORK,
  EST_SCOPE_ACCOUNT,
  EST_SCOPE_MESSAGE,
  EST_SCOPE_RECIPIENT,
} EstScope;

typedef enum
{
  EST_TEMPORARY, /* goes on by itself */
  EST_PERMANENT, /* somebody must do something */
  EST_IN_DOUBT,  /* it may have happened */
} EstPermanence;

EstScope est_reason_scope (EstReason reason);
EstPermanence est_reason_permanence (EstReason reason);

/* Network and account scope pause the account: no attempt of any message is used up. */
gboolean est_reason_pauses (EstReason reason);

/* Whether a pause for this reason ends by the passing of time too. Where it does not,
   only an event ends it: settings, keyring, or the person. */
gboolean est_reason_passes (EstReason reason);

/* "sign-in": for D-Bus, JSON, the store. */
const char *est_reason_nick (EstReason reason);
EstReason est_reason_from_nick (const char *nick); /* NONE if unknown */
