/* What kind of secret a provider wants, where a person gets it, and where a server was
   learnt. Pure: codes of org.estafeta.Discovery1 in, sentences out. */
#pragma once

#include <glib.h>

/* What is known of a provider's way of signing in; NULL or "": nothing. */
typedef struct
{
  const char *provider; /* its name, "Gmail" */
  const char *secret;   /* "app-password" ... */
  const char *page;     /* where one is made */
  const char *note;     /* "two-step;switch-on" */
} EstSecretKind;

/* What the person has to know before entering it; new string, NULL: a plain password. */
char *est_wording_secret_kind (const EstSecretKind *kind);

/* A source as a person would call it, "the provider’s configuration"; never NULL. */
const char *est_wording_source (const char *source);

/* The same with @where it was found, if that says more: the name of a mail program. */
const char *est_wording_origin (const char *source, const char *where);
