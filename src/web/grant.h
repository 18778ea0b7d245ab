/* What a token endpoint grants (RFC 6749 5.1), or why it does not (5.2). Internal to
   web/. */
#pragma once

#include "web/authority.h"

typedef struct
{
  char *access;
  char *refresh;  /* NULL: none, or the old one goes on */
  char *scope;    /* NULL: the one that was asked for */
  gint64 expires; /* seconds; 0: not told */
} EstGrant;

void est_grant_free (EstGrant *grant);

/* NULL with EST_FAILURE. Pure. */
EstGrant *est_grant_read (const EstAnswer *answer, GError **error);

/* Whether @answer is a good one, of any endpoint that speaks JSON; else EST_FAILURE, from
   what stands in it. Pure. */
gboolean est_grant_is_success (const EstAnswer *answer, GError **error);

/* POSTs @form to the token endpoint, with who we are added to it. */
EstGrant *est_grant_ask (const EstAuthority *authority, GString *form, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstGrant, est_grant_free)
