/* The only way in for mail: finds the account, completes the header, stores. What a
   client must be told comes as EST_INTAKE_ERROR with a sentence that says what to do. Any
   thread. */
#pragma once

#include "account/accounts.h"
#include "account/tokens.h"
#include "intake/allowance.h"
#include "intake/crowd.h"
#include "mail/envelope.h"
#include "outbox/outbox.h"

typedef enum
{
  EST_INTAKE_ERROR_NO_ACCOUNT,    /* no account sends for this address: 550 5.7.1 */
  EST_INTAKE_ERROR_TOO_LARGE,     /* over the limit of the settings: 552 5.3.4 */
  EST_INTAKE_ERROR_HEADER,        /* header block over its limit: 552 5.6.0 */
  EST_INTAKE_ERROR_CONTENT,       /* cannot be read, or cannot be a message: 554 5.6.0 */
  EST_INTAKE_ERROR_NO_RECIPIENTS, /* nobody to send it to: 550 5.1.3 */
  EST_INTAKE_ERROR_NO_SENDER,     /* null sender, and nobody in the header: 550 5.7.1 */
  EST_INTAKE_ERROR_NOT_ALLOWED,   /* its token does not allow that: 550 5.7.1 */
  EST_INTAKE_ERROR_TOO_MANY,      /* its token allows no more for now: 450 4.7.1 */
  EST_INTAKE_ERROR_NO_TOKEN,      /* the token was taken away since: 421 4.7.0 */
  EST_INTAKE_ERROR_TOKENS,        /* the tokens cannot be read: 451 4.7.0 */
  EST_INTAKE_ERROR_REFUSED,   /* its person said so, or nobody can name it: 550 5.7.1 */
  EST_INTAKE_ERROR_UNDECIDED, /* for its person's yes, with enough mail: 450 4.7.1 */
  EST_INTAKE_ERROR_TOO_EARLY, /* the desktop's accounts are not known yet: 451 4.3.0 */
} EstIntakeError;

#define EST_INTAKE_ERROR (est_intake_error_quark ())
GQuark est_intake_error_quark (void);

typedef struct EstIntake EstIntake;

EstIntake *est_intake_new (EstOutbox *outbox, EstAccounts *accounts);
void est_intake_free (EstIntake *intake);

/* Whose the programs are that sign in; without this call there are no tokens. Before any
   thread asks. */
void est_intake_set_tokens (EstIntake *intake, EstTokens *tokens);
EstTokens *est_intake_tokens (EstIntake *intake);       /* borrowed, or NULL */
EstAllowance *est_intake_allowance (EstIntake *intake); /* borrowed */

EstCrowd *est_intake_crowd (EstIntake *intake); /* borrowed */

EstOutbox *est_intake_outbox (EstIntake *intake);     /* borrowed */
EstSettings *est_intake_settings (EstIntake *intake); /* a new reference */

/* The account whose mail @sender's is, borrowed from @settings. TOO_EARLY where an
   account that is not known yet may have the address: the default one is not for that. */
EstAccount *
est_intake_route (const EstSettings *settings, const char *sender, GError **error);

/* Whether an account sends for @sender; the null sender is decided by the From field
 * later. */
gboolean est_intake_accepts (EstIntake *intake, const char *sender, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstIntake, est_intake_free)
