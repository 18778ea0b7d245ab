/* Opening the conversation: what each step can run into, what never leaves this machine,
   and signing in. */
#include "account/acquaintance.h"
#include "account/strength.h"
#include "relay/relay.h"

#include "script.h"
#include "tls-server.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#define GREET   "> 220 relay\n"
#define EHLO    "< EHLO [127.0.0.1]\n"
#define PLAINLY GREET EHLO "> 250 relay\n"
#define BYE     "< QUIT\n> 221 bye\n"

static char *folder, *password_file;
static EstCredentials *credentials;

static EstAccount
make_account (EstSecurity security, guint16 port)
{
  return (EstAccount){
    .name = (char *) "test",
    .host = (char *) "127.0.0.1",
    .port = port,
    .security = security,
    .auth = (char *) "none",
    .user = (char *) "ana",
  };
}

static EstRelay *
open_relay (EstAccount *account,
            GCancellable *cancellable,
            EstTrouble *trouble,
            GError **error)
{
  EstDeliverySettings limits = SCRIPT_LIMITS;
  return est_relay_open (account, &limits, credentials, cancellable, trouble, error);
}

typedef struct
{
  const char *name;
  EstSecurity security;
  const char *steps;
  EstReason reason;
  int code; /* of the refusal; 0: none */
} Case;

static const Case cases[] = {
  {"good",                  EST_SECURITY_NONE,     PLAINLY BYE,                                       EST_REASON_NONE,         0  },
  {"long-greeting",         EST_SECURITY_NONE,     "> 220-hello\n> 220 relay\n" EHLO "> 250 x\n" BYE,
   EST_REASON_NONE,                                                                                                            0  },
  {"turned-away",           EST_SECURITY_NONE,     "> 554 not you\n" BYE,                             EST_REASON_TURNED_AWAY,  554},
  {"busy",                  EST_SECURITY_NONE,     "> 421 busy\n;\n",                                 EST_REASON_BUSY,         421},
  {"silent",                EST_SECURITY_NONE,     "-\n;\n",                                          EST_REASON_TIMED_OUT,    0  },
  {"no-smtp",               EST_SECURITY_NONE,     "> SSH-2.0-OpenSSH\n;\n",                          EST_REASON_PROTOCOL,     0  },
  {"gone",                  EST_SECURITY_NONE,     "x",                                               EST_REASON_DISCONNECTED, 0  },
  {"no-ehlo",               EST_SECURITY_NONE,     GREET EHLO "> 502 what?\n" BYE,                    EST_REASON_TURNED_AWAY,
   502                                                                                                                            },
  {"gone-at-ehlo",          EST_SECURITY_NONE,     GREET EHLO "> 250-relay\nx",
   EST_REASON_DISCONNECTED,                                                                                                    0  },
  {"no-starttls",           EST_SECURITY_STARTTLS,
   GREET EHLO "> 250-relay\n> 250 AUTH PLAIN LOGIN\n" BYE,                                            EST_REASON_NO_TLS,       0  },
  {"starttls-refused",      EST_SECURITY_STARTTLS,
   GREET EHLO "> 250-relay\n> 250 STARTTLS\n< STARTTLS\n> 502 no\n" BYE,
   EST_REASON_NO_TLS,                                                                                                          502},
  {"starttls-later",        EST_SECURITY_STARTTLS,
   GREET EHLO "> 250-relay\n> 250 STARTTLS\n< STARTTLS\n> 454 later\n" BYE,
   EST_REASON_BUSY,                                                                                                            454},
  {"starttls-no-handshake", EST_SECURITY_STARTTLS,
   GREET EHLO "> 250-relay\n> 250 STARTTLS\n< STARTTLS\n> 220 go\n> 250 hello\n;\n",
   EST_REASON_TLS,                                                                                                             0  },
  {"tls-plain-port",        EST_SECURITY_TLS,      GREET ";\n",                                       EST_REASON_TLS,          0  },
};

static char *ca_file;

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  Script *script = script_start (c->steps);
  EstAccount account = make_account (c->security, script->port);
  g_auto (EstTrouble) trouble = {0};
  g_autoptr (GError) error = NULL;
  account.ca_file = ca_file;
  account.auth = (char *) (c->security != EST_SECURITY_NONE ? "auto" : "none");
  EstRelay *relay = open_relay (&account, NULL, &trouble, &error);
  if (c->reason == EST_REASON_NONE)
    g_assert_no_error (error);
  else
    g_assert_error (error, EST_RELAY_ERROR, (int) c->reason);
  g_assert_cmpint (trouble.reply != NULL ? trouble.reply->code : 0, ==, c->code);
  g_assert_cmpint (relay != NULL, ==, c->reason == EST_REASON_NONE);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

static void
assert_fails (EstAccount *account, EstReason reason)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (open_relay (account, NULL, NULL, &error));
  g_assert_error (error, EST_RELAY_ERROR, (int) reason);
}

static void
test_refused_port (void)
{
  Script *script = script_start (PLAINLY BYE);
  EstAccount account = make_account (EST_SECURITY_NONE, script->port);
  est_relay_close (open_relay (&account, NULL, NULL, NULL));
  script_end (script);
  g_socket_close (script->listener, NULL);
  assert_fails (&account, EST_REASON_UNREACHABLE);
  script_free (script);
}

/* It has two addresses; nobody listens at one of them. */
static void
test_localhost (void)
{
  Script *script = script_start (PLAINLY BYE);
  EstAccount account = make_account (EST_SECURITY_NONE, script->port);
  g_autoptr (GError) error = NULL;
  account.host = (char *) "localhost";
  EstRelay *relay = open_relay (&account, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (est_relay_route (relay)->peer, "127.0.0.1:"));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Nothing there accepts any more: the kernel drops what knocks. */
static void
test_black_hole (void)
{
  GSocket *knocking[8];
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocket) listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                               G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (listener, any, FALSE, NULL));
  g_socket_set_listen_backlog (listener, 0);
  g_assert_true (g_socket_listen (listener, NULL));
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (knocking); i++)
    {
      knocking[i] = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_TCP, NULL);
      g_socket_set_blocking (knocking[i], FALSE);
      g_socket_connect (knocking[i], address, NULL, NULL);
    }

  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  EstAccount account = make_account (EST_SECURITY_NONE, port);
  EstDeliverySettings limits = SCRIPT_LIMITS;
  g_autoptr (GError) error = NULL;
  limits.connect_seconds = 1;
  g_assert_null (est_relay_open (&account, &limits, NULL, NULL, NULL, &error));
  g_assert_error (error, EST_RELAY_ERROR, EST_REASON_TIMED_OUT);
  for (guint i = 0; i < G_N_ELEMENTS (knocking); i++)
    g_object_unref (knocking[i]);
}

/* Never resolves (RFC 6761 6.4); what is said depends on whether this machine has a
   network. */
static void
test_no_such_name (void)
{
  EstAccount account = make_account (EST_SECURITY_TLS, 465);
  g_autoptr (GError) error = NULL;
  account.host = (char *) "relay.invalid";
  g_assert_null (open_relay (&account, NULL, NULL, &error));
  g_assert_true (g_error_matches (error, EST_RELAY_ERROR, EST_REASON_NAME_LOOKUP)
                 || g_error_matches (error, EST_RELAY_ERROR, EST_REASON_OFFLINE));
}

static void
test_plain_elsewhere (void)
{
  EstAccount account = make_account (EST_SECURITY_NONE, 25);
  account.host = (char *) "192.0.2.1";
  assert_fails (&account, EST_REASON_NO_TLS);
}

/* Nobody is even asked to connect on. */
static void
test_plain_through_proxy (void)
{
  EstAccount account = make_account (EST_SECURITY_NONE, 25);
  account.host = (char *) "192.0.2.1";
  account.proxy = (char *) "socks5://127.0.0.1:1";
  assert_fails (&account, EST_REASON_NO_TLS);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (150000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  Script *script = script_start (";\n");
  EstAccount account = make_account (EST_SECURITY_NONE, script->port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (open_relay (&account, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  script_end (script);
  script_free (script);
}

typedef struct
{
  GSocket *listener;
  TlsIdentity identity;
} TlsRelay;

static void
serve_one (TlsRelay *relay)
{
  g_autoptr (GSocket) socket = g_socket_accept (relay->listener, NULL, NULL);
  /* GSocket only behaves as if it blocked; GnuTLS needs one that does. */
  int fd = dup (g_socket_get_fd (socket));
  g_assert_true (g_unix_set_fd_nonblocking (fd, FALSE, NULL));
  TlsServer server = {fd, &relay->identity, "NORMAL"};
  serve_echo (&server);
}

#define UNTRUSTED_TALKS 3

static gpointer
accept_and_serve (gpointer data)
{
  for (guint i = 0; i < UNTRUSTED_TALKS; i++)
    serve_one (data);
  return NULL;
}

static void
assert_fails_with (EstAccount *account, EstReason reason, const char *figures)
{
  g_auto (EstTrouble) trouble = {0};
  g_autoptr (GError) error = NULL;
  g_assert_null (open_relay (account, NULL, &trouble, &error));
  g_assert_error (error, EST_RELAY_ERROR, (int) reason);
  g_assert_cmpstr (trouble.figures, ==, figures);
}

static char *
pin_of (const TlsIdentity *identity)
{
  guchar digest[32];
  gsize size = sizeof digest;
  gnutls_x509_crt_get_key_id (identity->certificate, GNUTLS_KEYID_USE_SHA256, digest,
                              &size);
  g_autofree char *text = g_base64_encode (digest, size);
  return g_strconcat ("sha256:", text, NULL);
}

/* Not even the EHLO goes to somebody we do not believe. One on this machine is believed
   by its key, once that is confirmed: then it is only this one's silence that ends it. */
static void
test_untrusted (void)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  TlsRelay relay = {.identity = make_identity (NULL, "127.0.0.1", 9)};
  g_autofree char *pin = pin_of (&relay.identity);
  char *right[] = {pin, NULL};
  char *wrong[] = {(char *) "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL};
  relay.listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (relay.listener, any, FALSE, NULL));
  g_assert_true (g_socket_listen (relay.listener, NULL));
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (relay.listener, NULL);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  GThread *thread = g_thread_new ("relay", accept_and_serve, &relay);

  EstAccount account = make_account (EST_SECURITY_TLS, port);
  account.ca_file = ca_file;
  assert_fails_with (&account, EST_REASON_UNCONFIRMED, pin);
  account.pins = wrong;
  assert_fails_with (&account, EST_REASON_PIN, pin);
  account.pins = right;
  assert_fails_with (&account, EST_REASON_TIMED_OUT, NULL);
  g_thread_join (thread);
  g_object_unref (relay.listener);
  clear_identity (&relay.identity);
}

#define OFFER(mechanisms) GREET EHLO "> 250-relay\n> 250 AUTH " mechanisms "\n"
#define ANA_SECRET        "AGFuYQBzZWNyZXQ=" /* \0ana\0secret */

typedef struct
{
  const char *name;
  const char *auth;
  const char *steps;
  EstReason reason;
  const char *mechanism; /* in the route, when it went well */
} SignIn;

static const SignIn sign_ins[] = {
  {"plain",               "auto",
   OFFER ("LOGIN PLAIN") "< AUTH PLAIN " ANA_SECRET "\n> 235 hello\n" BYE,
   EST_REASON_NONE,                                                                                                                         "PLAIN"},
  {"login",               "LOGIN",
   OFFER ("LOGIN PLAIN") "< AUTH LOGIN\n> 334 VXNlcm5hbWU6\n< YW5h\n> 334 UGFzc3dvcmQ6\n"
                         "< c2VjcmV0\n> 235 hello\n" BYE,
   EST_REASON_NONE,                                                                                                                         "LOGIN"},
  {"not-offered",         "SCRAM-SHA-256", OFFER ("PLAIN") BYE,                                                    EST_REASON_NO_MECHANISM, NULL   },
  {"nothing-offered",     "auto",          PLAINLY BYE,                                                            EST_REASON_NO_MECHANISM, NULL   },
  {"only-unsafe",         "auto",          OFFER ("NTLM CRAM-MD5") BYE,                                            EST_REASON_NO_MECHANISM, NULL   },
  {"refused",             "auto",          OFFER ("PLAIN") "<\n> 535 5.7.8 wrong\n" BYE,                           EST_REASON_SIGN_IN,
   NULL                                                                                                                                            },
  {"later",               "auto",          OFFER ("PLAIN") "<\n> 454 4.7.0 later\n" BYE,                           EST_REASON_BUSY,         NULL   },
  {"gone",                "auto",          OFFER ("PLAIN") "<\nx",                                                 EST_REASON_DISCONNECTED, NULL   },
  {"more-challenges",     "auto",          OFFER ("PLAIN") "<\n> 334 more\n< *\n> 501 ended\n" BYE,
   EST_REASON_PROTOCOL,                                                                                                                     NULL   },
  {"early-yes",           "auto",          OFFER ("SCRAM-SHA-256") "<\n> 235 hello\n" BYE,
   EST_REASON_IMPOSTOR,                                                                                                                     NULL   },
  {"nonsense",            "auto",          OFFER ("SCRAM-SHA-256") "<\n> 334 !!!\n< *\n> 501 ended\n" BYE,
   EST_REASON_PROTOCOL,                                                                                                                     NULL   },
  {"few-rounds",          "auto",          /* r=a,s=QQ==,i=1 */
   OFFER ("SCRAM-SHA-1") "<\n> 334 cj1hLHM9UVE9PSxpPTE=\n< *\n> 501 ended\n" BYE,
   EST_REASON_NO_MECHANISM,                                                                                                                 NULL   },
  {"password-transition", "auto",          OFFER ("PLAIN") "<\n> 432 4.7.12 later\n" BYE,
   EST_REASON_BUSY,                                                                                                                         NULL   },
  {"closing",             "auto",          OFFER ("PLAIN") "<\n> 421 4.3.2 bye\n;\n",                              EST_REASON_BUSY,         NULL   },
  {"too-weak",            "auto",          OFFER ("PLAIN") "<\n> 534 5.7.9 app password\n" BYE,
   EST_REASON_SIGN_IN,                                                                                                                      NULL   },
  {"no-fall-535",         "auto",          OFFER ("SCRAM-SHA-256 PLAIN LOGIN") "<\n> 535 no\n" BYE,
   EST_REASON_SIGN_IN,                                                                                                                      NULL   },
  {"no-fall-504",         "auto",          OFFER ("SCRAM-SHA-256 PLAIN LOGIN") "<\n> 504 what?\n" BYE,
   EST_REASON_NO_MECHANISM,                                                                                                                 NULL   },
  {"short-501",           "auto",          OFFER ("PLAIN") "<\n> 501 what?\n" BYE,                                 EST_REASON_SIGN_IN,      NULL   },
  {"no-ticket",           "GSSAPI",        OFFER ("GSSAPI") BYE,                                                   EST_REASON_NO_TICKET,    NULL   },
  {"endless",             "LOGIN",
   OFFER ("LOGIN") "<\n> 334 VXNlcm5hbWU6\n<\n> 334 UGFzc3dvcmQ6\n<\n> 334 more\n< *\n> "
                   "501 ended\n" BYE,
   EST_REASON_PROTOCOL,                                                                                                                     NULL   },
};

static void
set_password (const char *password)
{
  g_assert_true (g_file_set_contents (password_file, password, -1, NULL));
  est_credentials_forget (credentials, "test");
}

static EstAccount
make_signing_account (const char *auth, guint16 port)
{
  static char *command[] = {(char *) "cat", NULL, NULL};
  EstAccount account = make_account (EST_SECURITY_NONE, port);
  command[1] = password_file;
  account.auth = (char *) auth;
  account.password_command = command;
  return account;
}

static void
test_sign_in (gconstpointer data)
{
  const SignIn *c = data;
  Script *script = script_start (c->steps);
  EstAccount account = make_signing_account (c->auth, script->port);
  set_password ("secret");
  if (c->reason == EST_REASON_NONE)
    {
      g_autoptr (GError) error = NULL;
      EstRelay *relay = open_relay (&account, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (est_relay_route (relay)->mechanism, ==, c->mechanism);
      est_relay_close (relay);
    }
  else
    assert_fails (&account, c->reason);
  script_end (script);
  script_free (script);
}

/* token-command takes the first line of the file away, and says it. */
static EstAccount
make_token_account (const char *auth, guint16 port)
{
  static char *command[] = {(char *) "sh", (char *) "-c",
                            (char *) "head -n1 \"$0\"; sed -i 1d \"$0\"", NULL, NULL};
  EstAccount account = make_account (EST_SECURITY_NONE, port);
  command[3] = password_file;
  account.auth = (char *) auth;
  account.token_command = command;
  return account;
}

#define XOAUTH2(token) "user=ana\001auth=Bearer " token "\001\001"

static char *
encode (const char *text)
{
  return g_base64_encode ((const guchar *) text, strlen (text));
}

typedef struct
{
  const char *name;
  const char *tokens; /* one a line */
  const char *steps;  /* "A", "B": the responses with the tokens of that name */
  EstReason reason;
} TokenCase;

#define NO_TOKEN "> 334 eyJzdGF0dXMiOiI0MDAifQ==\n< \n> 535 5.7.8 no\n"

static const TokenCase token_cases[] = {
  {"fresh",         "A\n",       "< AUTH XOAUTH2 %A\n> 235 hello\n",                                EST_REASON_NONE   },
  {"more-lines",    "A\n",       "< AUTH XOAUTH2 %A\n> 235 hello\n",                                EST_REASON_NONE   },
  {"ran-out",       "A\nB\n",    "< AUTH XOAUTH2 %A\n" NO_TOKEN "< AUTH XOAUTH2 %B\n> 235 hello\n",
   EST_REASON_NONE                                                                                                    },
  {"both-refused",  "A\nB\nC\n",
   "< AUTH XOAUTH2 %A\n" NO_TOKEN "< AUTH XOAUTH2 %B\n" NO_TOKEN,                                   EST_REASON_SIGN_IN},
  {"same-again",    "A\nA\n",    "< AUTH XOAUTH2 %A\n" NO_TOKEN,                                    EST_REASON_SIGN_IN},
  {"bare-535",      "A\nB\n",    "< AUTH XOAUTH2 %A\n> 535 no\n< AUTH XOAUTH2 %B\n> 235 yes\n",
   EST_REASON_NONE                                                                                                    },
  {"no-second",     "A\n",       "< AUTH XOAUTH2 %A\n" NO_TOKEN,                                    EST_REASON_COMMAND},
  {"later",         "A\nB\n",    "< AUTH XOAUTH2 %A\n> 454 later\n",                                EST_REASON_BUSY   },
  {"admitted-late", "A\n",       "< AUTH XOAUTH2 %A\n> 334 e30=\n< \n> 235 hm\n",
   EST_REASON_IMPOSTOR                                                                                                },
  {"no-token",      "\n",        "",                                                                EST_REASON_COMMAND},
  {"blank-in-it",   "A B\n",     "",                                                                EST_REASON_COMMAND},
};

static char *
write_token_steps (const char *template)
{
  g_autofree char *a = encode (XOAUTH2 ("A"));
  g_autofree char *b = encode (XOAUTH2 ("B"));
  g_autoptr (GString) steps = g_string_new (OFFER ("PLAIN SCRAM-SHA-256 XOAUTH2"));
  g_string_append (steps, template);
  g_string_append (steps, BYE);
  g_string_replace (steps, "%A", a, 0);
  g_string_replace (steps, "%B", b, 0);
  return g_string_free (g_steal_pointer (&steps), FALSE);
}

/* Passwords have no part in it, whatever the relay offers. */
static void
test_token (gconstpointer data)
{
  const TokenCase *c = data;
  g_autofree char *steps = write_token_steps (c->steps);
  Script *script = script_start (steps);
  EstAccount account = make_token_account ("auto", script->port);
  g_autoptr (GError) error = NULL;
  g_auto (EstTrouble) trouble = {0};
  set_password (c->tokens);
  EstRelay *relay = open_relay (&account, NULL, &trouble, &error);
  if (c->reason == EST_REASON_NONE)
    g_assert_no_error (error);
  else
    g_assert_error (error, EST_RELAY_ERROR, (int) c->reason);
  g_assert_cmpstr (trouble.figures, ==,
                   c->reason == EST_REASON_SIGN_IN ? "XOAUTH2" : NULL);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* A token that works is not asked for again, one that was refused is forgotten. */
static void
test_token_kept (void)
{
  set_password ("A\nB\n");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *steps = write_token_steps ("< AUTH XOAUTH2 %A\n> 235 hello\n");
      Script *script = script_start (steps);
      EstAccount account = make_token_account ("XOAUTH2", script->port);
      EstRelay *relay = open_relay (&account, NULL, NULL, NULL);
      g_assert_nonnull (relay);
      est_relay_close (relay);
      script_end (script);
      script_free (script);
    }
}

typedef enum
{
  AT_ONCE,   /* with the command */
  AFTER_334, /* in a line of its own, which the client chose */
  AFTER_500, /* ... because the server did not take the first */
  AFTER_501,
} Form;

static const struct
{
  gsize octets; /* of the token */
  Form form;
} lengths[] = {
  {200,   AT_ONCE  },
  {4000,  AT_ONCE  },
  {9000,  AT_ONCE  },
  {12000, AFTER_334},
  {20000, AFTER_334},
  {400,   AFTER_500},
  {4000,  AFTER_500},
  {4000,  AFTER_501},
};

static char *
write_form (Form form, const char *response)
{
  static const char *const formats[] = {
    [AT_ONCE] = "%s< AUTH XOAUTH2 %s\n> 235 hello\n" BYE,
    [AFTER_334] = "%s< AUTH XOAUTH2\n> 334 \n< %s\n> 235 hello\n" BYE,
    [AFTER_500] = "%1$s< AUTH XOAUTH2 %2$s\n> 500 5.5.2 line too long\n"
                  "< AUTH XOAUTH2\n> 334 \n< %2$s\n> 235 hello\n" BYE,
    [AFTER_501] = "%1$s< AUTH XOAUTH2 %2$s\n> 501 5.5.4 what?\n"
                  "< AUTH XOAUTH2\n> 334 \n< %2$s\n> 235 hello\n" BYE,
  };
  return g_strdup_printf (formats[form], OFFER ("XOAUTH2"), response);
}

/* RFC 4954 4: 12,288 octets in the line, and the other way for more. */
static void
test_token_length (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *token = g_strnfill (lengths[i].octets, 't');
  g_autofree char *message = g_strdup_printf (XOAUTH2 ("%s"), token);
  g_autofree char *response = encode (message);
  g_autofree char *steps = write_form (lengths[i].form, response);
  Script *script = script_start (steps);
  EstAccount account = make_token_account ("auto", script->port);
  g_autoptr (GError) error = NULL;
  set_password (token);
  EstRelay *relay = open_relay (&account, NULL, NULL, &error);
  g_assert_no_error (error);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* A refused password is asked for again; one that works is not. */
static void
test_mended_password (void)
{
  Script *script = script_start (OFFER ("PLAIN") "<\n> 535 wrong\n" BYE);
  EstAccount account = make_signing_account ("auto", script->port);
  set_password ("wrong");
  assert_fails (&account, EST_REASON_SIGN_IN);
  script_end (script);
  script_free (script);

  g_assert_true (g_file_set_contents (password_file, "secret", -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      script
        = script_start (OFFER ("PLAIN") "< AUTH PLAIN " ANA_SECRET "\n> 235 hello\n" BYE);
      account.port = script->port;
      EstRelay *relay = open_relay (&account, NULL, NULL, NULL);
      g_assert_nonnull (relay);
      est_relay_close (relay);
      script_end (script);
      script_free (script);
      g_assert_true (g_file_set_contents (password_file, "changed", -1, NULL));
    }
}

static void
test_command_fails (void)
{
  Script *script = script_start (OFFER ("PLAIN") BYE);
  EstAccount account = make_signing_account ("auto", script->port);
  char *command[] = {(char *) "false", NULL};
  account.password_command = command;
  est_credentials_forget (credentials, "test");
  assert_fails (&account, EST_REASON_COMMAND);
  script_end (script);
  script_free (script);
}

static void
set_up_all (void)
{
  folder = g_dir_make_tmp ("estafeta-XXXXXX", NULL);
  password_file = g_build_filename (folder, "password", NULL);
  ca_file = g_build_filename (folder, "ca.pem", NULL);
  TlsIdentity authority = make_identity (NULL, NULL, 9);
  write_certificate (&authority, ca_file);
  clear_identity (&authority);
  credentials = est_credentials_new ();
}

/* What it offers is remembered of it, but for what it cannot promise in the clear. */
static void
test_remembered (void)
{
  Script *script
    = script_start (GREET EHLO "> 250-relay\n> 250-REQUIRETLS\n> 250 DSN\n" BYE);
  EstAccount account = make_account (EST_SECURITY_NONE, script->port);
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  EstRelay *relay = open_relay (&account, NULL, NULL, NULL);
  g_assert_nonnull (relay);
  g_assert_true (est_acquaintance_lacks (&account, EST_EXTENSION_REQUIRETLS));
  g_assert_false (est_acquaintance_lacks (&account, EST_EXTENSION_DSN));
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* What was once safer: nothing secret goes out, not even the name, until a person says
   so; and then it is that way in which it goes. */
static void
test_weaker (void)
{
  Script *script = script_start (OFFER ("PLAIN LOGIN") BYE);
  EstAccount account = make_signing_account ("auto", script->port);
  set_password ("secret");
  est_strength_note (&account, EST_STRENGTH_SIGN_IN, "SCRAM-SHA-256");
  assert_fails_with (&account, EST_REASON_WEAKER, "sign-in SCRAM-SHA-256 PLAIN");
  script_end (script);

  script->steps = OFFER ("PLAIN") "< AUTH PLAIN " ANA_SECRET "\n> 235 hello\n" BYE;
  script->thread = g_thread_new ("relay", play, script);
  g_assert_true (est_strength_accept (&account, "sign-in SCRAM-SHA-256 PLAIN"));
  EstRelay *relay = open_relay (&account, NULL, NULL, NULL);
  g_assert_nonnull (relay);
  est_relay_close (relay);
  script_end (script);
  script_free (script);
}

/* Only who let us in is remembered. */
static void
test_strength_noted (void)
{
  char *figures = NULL;
  Script *script = script_start (OFFER ("PLAIN") "<\n> 235 hello\n" BYE);
  EstAccount account = make_signing_account ("auto", script->port);
  set_password ("secret");
  est_relay_close (open_relay (&account, NULL, NULL, NULL));
  script_end (script);
  g_assert_false (
    est_strength_allows (&account, EST_STRENGTH_SIGN_IN, "nothing", &figures));
  g_assert_cmpstr (figures, ==, "sign-in PLAIN nothing");
  g_free (figures);
  script_free (script);

  script = script_start (OFFER ("PLAIN") "<\n> 535 no\n" BYE);
  account.port = script->port;
  est_relay_close (open_relay (&account, NULL, NULL, NULL));
  script_end (script);
  g_assert_true (
    est_strength_allows (&account, EST_STRENGTH_SIGN_IN, "nothing", &figures));
  script_free (script);
}

static void
tear_down_all (void)
{
  g_object_unref (credentials);
  g_unlink (password_file);
  g_unlink (ca_file);
  g_rmdir (folder);
  g_free (password_file);
  g_free (ca_file);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_setenv ("KRB5CCNAME", "FILE:/nonexistent", TRUE);
  g_setenv ("KRB5_CONFIG", "/dev/null", TRUE);
  g_test_init (&argc, &argv, NULL);
  set_up_all ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/open/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/relay/open/refused-port", test_refused_port);
  g_test_add_func ("/relay/open/localhost", test_localhost);
  g_test_add_func ("/relay/open/black-hole", test_black_hole);
  g_test_add_func ("/relay/open/no-such-name", test_no_such_name);
  g_test_add_func ("/relay/open/plain-elsewhere", test_plain_elsewhere);
  g_test_add_func ("/relay/open/plain-through-proxy", test_plain_through_proxy);
  g_test_add_func ("/relay/open/cancel", test_cancel);
  g_test_add_func ("/relay/open/untrusted", test_untrusted);
  g_test_add_func ("/relay/open/remembered", test_remembered);
  for (gsize i = 0; i < G_N_ELEMENTS (sign_ins); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/sign-in/", sign_ins[i].name, NULL);
      g_test_add_data_func (path, &sign_ins[i], test_sign_in);
    }
  g_test_add_func ("/relay/sign-in/weaker", test_weaker);
  g_test_add_func ("/relay/sign-in/strength-noted", test_strength_noted);
  for (gsize i = 0; i < G_N_ELEMENTS (token_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/token/", token_cases[i].name, NULL);
      g_test_add_data_func (path, &token_cases[i], test_token);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *path = g_strdup_printf (
        "/relay/token/%u-octets-%d", (guint) lengths[i].octets, lengths[i].form);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_token_length);
    }
  g_test_add_func ("/relay/token/kept", test_token_kept);
  g_test_add_func ("/relay/sign-in/mended-password", test_mended_password);
  g_test_add_func ("/relay/sign-in/command-fails", test_command_fails);
  int result = g_test_run ();
  tear_down_all ();
  return result;
}
