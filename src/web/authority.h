/* An authorisation server of OAuth 2.0 as far as it is known, and who we are there.
   Internal to web/. */
#pragma once

#include "web/fetch.h"

#include <glib.h>

#define EST_AUTHORITY_SECONDS 25          /* of one request; the daemon grants 30 */
#define EST_AUTHORITY_LIMIT   (64 * 1024) /* octets of an answer */

typedef struct
{
  char *issuer;
  char *authorize, *token, *device, *registration; /* endpoints, all https */
  char *client, *client_secret;
  char *scope;
  char *ca_file;
  guint seconds;
  gboolean promises_iss; /* RFC 9207 3 */
} EstAuthority;

/* From the keys issuer, authorize, token, device, register, client, client-secret, scope,
   ca-file, and seconds (of one request, 1 to 30; a test is more impatient). NULL with
   EST_FAILURE_ANSWER: an address is none of https. */
EstAuthority *est_authority_new (GHashTable *input, GError **error);
void est_authority_free (EstAuthority *authority);

/* POSTs @form, with who we are added to it, to @url. EST_FAILURE. */
gboolean est_authority_post (const EstAuthority *authority,
                             const char *url,
                             GString *form,
                             EstAnswer *answer,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstAuthority, est_authority_free)
