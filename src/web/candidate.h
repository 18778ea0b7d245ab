/* One server that may take this person's mail, as some source named it. What stands in it
   has been looked at: names that can be, ports that can be, no controls. Internal to
   web/. */
#pragma once

#include "account/account.h"

#define EST_CANDIDATE_TEXT_LIMIT                                                         \
  320 /* octets of a user's name: RFC 5321 4.5.3.1, 64 + 1 + 255 */

typedef struct
{
  char *host; /* ASCII, lower case, at least two labels: never an address */
  guint16 port;
  EstSecurity security; /* never EST_SECURITY_NONE */
  char *user;           /* NULL: not told */
  const char *auth;     /* as in the settings: "auto", "none", "XOAUTH2" ... */
  const char *secret;   /* "password", "oauth", "oauth-or-app-password", "none" */
  char *issuer, *authorize, *token, *scope; /* of OAuth2; NULL: not told */
} EstCandidate;

EstCandidate *est_candidate_new (void);
void est_candidate_free (EstCandidate *candidate);

/* Takes over what @text names, if a relay can have such a name. */
gboolean est_candidate_set_host (EstCandidate *candidate, const char *text);

/* @text: decimal digits alone, 1 to 65535. */
gboolean est_candidate_set_port (EstCandidate *candidate, const char *text);

/* Takes over @text if it is short, UTF-8, and without controls and blanks at its ends. */
gboolean est_candidate_set_user (EstCandidate *candidate, const char *text);

/* Whether @text may stand in a line of words: short, printable UTF-8. */
gboolean est_candidate_is_words (const char *text);

/* Whether it is an address that begins with https:// and holds no name or password. */
gboolean est_candidate_is_page (const char *text);

/* Those with TLS from the first octet first (RFC 8314 3.3), else in their order. */
void est_candidates_sort (GPtrArray *candidates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstCandidate, est_candidate_free)
