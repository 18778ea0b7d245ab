/* Which limits hold for an account: what its person has said, else the least of what its
   relay has taught and of what is known of its provider; where nothing is, our own
   caution. Pure. */
#pragma once

#include "account/account.h"

typedef enum
{
  EST_RATION_NONE,     /* as much as there is */
  EST_RATION_SETTINGS, /* its person's word, which nothing overrules */
  EST_RATION_PROVIDER, /* account/providers.c */
  EST_RATION_DEFAULT,  /* ours */
  EST_RATION_LEARNT,   /* its relay said "limit reached" lately */
} EstRationSource;

const char *est_ration_source_nick (EstRationSource source); /* "settings" ... */

/* What the relay has taught; in each field 0: nothing. */
typedef EstBudget EstLearnt;

typedef struct
{
  EstBudget limits; /* 0: none */
  EstRationSource messages[EST_N_SPANS];
  EstRationSource recipients[EST_N_SPANS];
} EstRation;

/* @fresh: mail leaves by the account for less than a week. */
EstRation
est_ration_for (const EstAccount *account, const EstLearnt *learnt, gboolean fresh);
