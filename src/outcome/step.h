/* How far the way to a mail server has come, from its name to the sign-in: what a person
   who tests an account is told. */
#pragma once

#include "outcome/reason.h"

typedef enum
{
  EST_STEP_SETTINGS, /* what is written about the server */
  EST_STEP_LOOKUP,   /* of its name */
  EST_STEP_CONNECT,  /* to one of its addresses, or to the proxy */
  EST_STEP_GREETING,
  EST_STEP_EHLO,
  EST_STEP_TLS,    /* STARTTLS and the handshake */
  EST_STEP_SECRET, /* what it takes to sign in is fetched */
  EST_STEP_SIGN_IN,
  EST_STEP_DONE,
} EstStep;
#define EST_N_STEPS (EST_STEP_DONE + 1)

/* Where @reason ended it, as a person would say, when @reached was the last step begun:
   looking a name up is a part of connecting, and so on. */
EstStep est_step_of (EstStep reached, EstReason reason);

const char *est_step_nick (EstStep step);      /* "lookup", "sign-in" ... */
EstStep est_step_from_nick (const char *nick); /* SETTINGS if unknown */
