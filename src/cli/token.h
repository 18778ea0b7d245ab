/* The verbs below "estafeta token" that have files of their own, and what they share. */
#pragma once

#include "base/secret.h"
#include "cli/verb.h"

#define EST_TOKEN_SECONDS 20

EstVerb est_verb_token_add;
EstVerb est_verb_token_change;

/* A new secret of more than 128 bits, in groups that can be typed. */
EstSecret *est_token_secret_new (void);
