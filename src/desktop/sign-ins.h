/* The sign-ins at web pages that are under way: each in a thread of its own. Any
   thread. */
#pragma once

#include "account/accounts.h"
#include "account/credentials.h"
#include "desktop/leaving.h"
#include "dispatcher/dispatcher.h"

typedef struct EstSignIns EstSignIns;

EstSignIns *est_sign_ins_new (EstAccounts *accounts,
                              EstCredentials *credentials,
                              EstDispatcher *dispatcher);
EstSignIns *est_sign_ins_ref (EstSignIns *sign_ins);
void est_sign_ins_unref (EstSignIns *sign_ins);

/* Ends those that run, and waits for their threads; whoever waits for one is answered. No
   other one begins. */
void est_sign_ins_end (EstSignIns *sign_ins);

/* Whom it is for. */
typedef struct
{
  EstAccount *account;
  gboolean known; /* the account is in the settings */
  gboolean by_code;
  GDBusMethodInvocation *caller; /* it ends when that one leaves; NULL: nobody */
} EstSignInWish;

/* Blocks until there is something for the person to do: its id, and @prompt (a{ss}); or
   until it has come to nothing: NULL, and @prompt is the result. Another one of the same
   account ends. */
char *
est_sign_ins_begin (EstSignIns *sign_ins, const EstSignInWish *wish, GVariant **prompt);

/* Blocks until it is through; the result of Finish of org.estafeta.SignIn1, a{ss}. NULL:
   there is no such sign-in. */
GVariant *est_sign_ins_finish (EstSignIns *sign_ins, const char *id);

void est_sign_ins_cancel (EstSignIns *sign_ins, const char *id);
