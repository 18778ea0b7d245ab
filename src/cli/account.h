/* The verbs below "estafeta account" that have files of their own, and what they
   share. */
#pragma once

#include "cli/verb.h"

#include <gio/gunixfdlist.h>

#define EST_ACCOUNT_SECONDS 90 /* the keyring may ask the person to unlock it first */

EstVerb est_verb_account_add;
EstVerb est_verb_account_edit;
EstVerb est_verb_account_password;
EstVerb est_verb_account_pause;
EstVerb est_verb_account_resume;
EstVerb est_verb_account_show;
EstVerb est_verb_account_remove;
EstVerb est_verb_account_sign_in;
EstVerb est_verb_account_test;
EstVerb est_verb_account_trust;
EstVerb est_verb_account_accept;

/* The one called @name among @records; NULL: none. */
GVariant *est_account_find (GVariant *records, const char *name);

/* Whether an account that signs in by @auth ("" and NULL: "auto") does so with a
   password. What is not known here is left to the daemon, which knows. */
gboolean est_account_wants_password (const char *auth);

/* Says @format, about the account @name, on standard error; returns @code. */
EstExit est_account_say (const char *format, const char *name, EstExit code);

/* The descriptor of a password asked for with @question (NULL: of an empty file) as the
   only one of a list; NULL after saying on standard error what went wrong. */
GUnixFDList *est_account_ask (const char *question);
