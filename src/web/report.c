#include "web/report.h"

#include "mail/plain.h"
#include "web/exchange.h"
#include "web/failure.h"

#include <string.h>

#define WORDS_LIMIT 500 /* octets of what a stranger says */

void
est_report_grant (const EstGrant *grant, const EstAuthority *found)
{
  static const EstAuthority nothing = {0};
  const EstAuthority *at = found != NULL ? found : &nothing;
  g_autofree char *expires = g_strdup_printf ("%" G_GINT64_FORMAT, grant->expires);
  est_exchange_print (
    "grant", "access", grant->access, "expires", expires, "refresh", grant->refresh,
    "scope", grant->scope != NULL ? grant->scope : at->scope, "issuer", at->issuer,
    "authorize", at->authorize, "token", at->token, "device", at->device, "client",
    at->client, "client-secret", at->client_secret, NULL);
}

static char *
shorten (const char *words)
{
  g_autofree char *plain = est_plain_text (words, -1);
  if (strlen (plain) <= WORDS_LIMIT)
    return g_steal_pointer (&plain);
  const char *end = g_utf8_find_prev_char (plain, plain + WORDS_LIMIT + 1);
  return g_strndup (plain, (gsize) (end - plain));
}

void
est_report_failure (const GError *error, const char *step)
{
  g_autofree char *words = shorten (error->message);
  est_exchange_print ("failed", "what", est_failure_nick (error), "words", words, "step",
                      step, NULL);
}
