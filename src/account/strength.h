/* How well each account's relay once protected it, so that it cannot do less one day
   without a word: whoever stands in between would begin with that. Kept in
   $XDG_STATE_HOME/estafeta/strength, by the account's name together with its server,
   encryption and way of signing in: a person who changes these begins anew, and so does a
   removed account. Any thread.

   No state is no reason to keep mail back: a file that cannot be read or trusted counts
   as unknown, one that cannot be written is kept in memory; both are logged. */
#pragma once

#include "account/account.h"

/* What can fall:

   TLS, "TLS1.2" below "TLS1.3".

   NAME, by whom the certificate was vouched for: "dane" (only the zone of the server's
   name) below "authority". A key that a person has pinned is not in this order: the word
   of the person is newer than what is remembered.

   SIGN_IN, a mechanism, by what somebody who holds a certificate that is believed, but is
   not the relay, could do with one sign-in:
     "PLAIN", "LOGIN"              has the password
     "OAUTHBEARER", "XOAUTH2"      has a token, good for an hour or so
     "CRAM-MD5"                    can try passwords against it at home, unnoticed
     "SCRAM-...", "GSSAPI"         at most pass this one on to the relay at once
     "SCRAM-...-PLUS", "EXTERNAL"  nothing: it is bound to the connection */
typedef enum
{
  EST_STRENGTH_TLS,
  EST_STRENGTH_NAME,
  EST_STRENGTH_SIGN_IN,
} EstStrengthKind;
#define EST_N_STRENGTHS (EST_STRENGTH_SIGN_IN + 1)

/* Reads @path, where everything is kept from now on. Before, and for NULL, it is only
   remembered as long as the program runs. */
void est_strength_open (const char *path);

/* Whether @now is as strong as what is remembered. FALSE: @figures becomes the fall,
   "sign-in SCRAM-SHA-256 PLAIN", a new string. */
gboolean est_strength_allows (const EstAccount *account,
                              EstStrengthKind kind,
                              const char *now,
                              char **figures);

/* The relay is what it claims to be, and has done @now: remembered if it is stronger. */
void est_strength_note (const EstAccount *account, EstStrengthKind kind, const char *now);

/* A person goes on with the fall @figures: from now on only a further one is told. FALSE:
   it is no fall from what is remembered of @account. */
gboolean est_strength_accept (const EstAccount *account, const char *figures);

/* Forgets all accounts but these (EstAccount). */
void est_strength_keep (GPtrArray *accounts);
