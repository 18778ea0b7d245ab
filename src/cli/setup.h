/* estafeta setup, step by step: what the steps hand on to each other. Whatever one of
   them changes it gives to @undo, so that a set-up that fails or is given up leaves
   nothing behind. */
#pragma once

#include "base/secret.h"
#include "cli/service.h"
#include "cli/undo.h"
#include "cli/verb.h"
#include "interface/interface.h"

#include <gio/gunixfdlist.h>

#define EST_SETUP_VERB "setup"

/* What the person said with the command; NULL, 0 and FALSE: nothing. */
typedef struct
{
  char *name; /* of the account */
  char *host;
  int port;
  char *security;
  char *auth;
  char *user;
  gboolean yes;         /* to what would be asked about a server */
  gboolean no_password; /* none is kept */
  gboolean no_test;
  gboolean no_service;
  gboolean offline;
  gboolean test_mail;
  gboolean no_test_mail;
  gboolean json;
} EstSetupWish;

typedef struct
{
  EstSetupWish wish;
  char *address;
  gboolean asks; /* there is somebody who can answer */
  GCancellable *cancellable;
  EstUndo *undo;
  EstService *service;
  EstBusAccounts1 *accounts;

  GVariant *known;    /* a{ss}: the account that sends for the address already; NULL */
  GPtrArray *servers; /* GHashTable: those not tried yet, as org.estafeta.Discovery1 has
                         them, the best first */
  GVariantBuilder *looks; /* aa{ss}: what was looked at; NULL: not kept */
  GHashTable *server; /* the chosen one: host, port, security, user ...; NULL: none yet */
  char *account;      /* its name */
  EstSecret *secret;  /* NULL: none to be kept */
  gboolean signed_in; /* at a web page: the keyring has what that gave */
  guint16 port;       /* where clients hand in; 0: at no port */
  char *port_state;   /* as org.estafeta.Setup1 has it */
  guint64 letter;     /* the test mail; 0: none */
} EstSetup;

/* One step: EST_EXIT_OK to go on. What went wrong has been said. */
typedef EstExit EstSetupStep (EstSetup *setup);

EstSetupStep est_setup_find;   /* the account there is, or a server */
EstSetupStep est_setup_prove;  /* secret and sign-in */
EstSetupStep est_setup_keep;   /* account, port, service */
EstSetupStep est_setup_letter; /* a test mail; cannot undo anything any more */

/* Fills @servers with what the daemon finds. EST_EXIT_FAILED: it could not look, which
   has been said. */
EstExit est_setup_discover (EstSetup *setup);

/* Takes the next server there is, and lets the person say yes to it or name another. */
EstExit est_setup_choose (EstSetup *setup);

/* Signs in at the web page of the chosen server's provider. */
EstExit est_setup_sign_in (EstSetup *setup);

/* Whether that can be tried: the server's ways of signing in are known. */
gboolean est_setup_can_sign_in (const EstSetup *setup);

/* The secret (or an empty file) to be handed over; NULL after saying why not. */
GUnixFDList *est_setup_secret_as_file (const EstSetup *setup);

/* What the server is like, for the person to see. */
void est_setup_show_server (const EstSetup *setup);
void est_setup_show_facts (const EstSetup *setup);

/* What the provider wants to sign in with, if that is no usual password. */
void est_setup_show_secret (const EstSetup *setup);

/* Why the person has to say yes to it, a sentence; new string. */
char *est_setup_explain_doubt (const EstSetup *setup);

/* All that came of it, as JSON or in words with what to enter in mail clients. */
void est_setup_tell (const EstSetup *setup);

/* A line for the person, on standard output, unless it is to be JSON. */
void est_setup_say (const EstSetup *setup, const char *line);

/* On standard error; EST_EXIT_FAILED. */
EstExit est_setup_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Whether the person wants no more, by Ctrl-C. */
gboolean est_setup_is_given_up (const EstSetup *setup);

typedef enum
{
  EST_SETUP_NO,
  EST_SETUP_YES,
  EST_SETUP_GONE, /* nobody answers any more */
} EstSetupAnswer;

/* @question with what the key alone means ("[Y/n]"); blanks are added. Only where @asks.
 */
EstSetupAnswer
est_setup_ask (const EstSetup *setup, const char *question, gboolean otherwise);

/* One line after "@label: " or "@label [@usual]: ", which the key alone stands for. NULL:
   nobody answers any more. */
char *est_setup_ask_line (const EstSetup *setup, const char *label, const char *usual);

/* The chosen server as the keys of an account, a{ss}, floating. */
GVariant *est_setup_values (const EstSetup *setup);

/* "" if there is none; borrowed. */
const char *est_setup_server_value (const EstSetup *setup, const char *key);
