/* The table of providers. Sources beside the rows, as of November 2026. Where a provider
   names no pace there is ours, 20 messages a minute: a day's worth that leaves in one
   breath is what makes it look twice. */
#include "account/providers.h"
#include "mail/address.h"

#include <string.h>

#define PACE 20

#define M EST_SPAN_MINUTE
#define H EST_SPAN_HOUR
#define D EST_SPAN_DAY
#define BUDGET(...)                                                                      \
  {                                                                                      \
    __VA_ARGS__                                                                          \
  }

/* The first row that fits counts. */
static const EstProvider providers[] = {
  /* support.google.com/mail/answer/22839: 500 messages or recipients a day */
  {"smtp.gmail.com",                  "gmail.com googlemail.com ", 0,
   BUDGET (.messages = {[M] = PACE, [D] = 500},                                                                                                                                                                               .recipients = {[D] = 500})},
 /* Workspace, support.google.com/a/answer/166852: 2,000 messages, 3,000 external
  recipients in rolling 24 hours */
  {"smtp.gmail.com",                                 NULL,                                             0,
   BUDGET (.messages = {[M] = PACE, [D] = 2000},                                                                                                                   .recipients = {[D] = 3000})},
 /* free accounts: unpublished; 300 a day is what people report */
  {"smtp-mail.outlook.com",      NULL,                                 0,
   BUDGET (.messages = {[M] = PACE},                                       .recipients = {[D] = 300})},
  {"smtp.office365.com",  "outlook.com hotmail.com live.com msn.com ",   0,
   BUDGET (.messages = {[M] = PACE},                                                                                                 .recipients = {[D] = 300})},
 /* learn.microsoft.com, Exchange Online limits: 30 messages a minute, 10,000 recipients
  a day; 3 connections at once over SMTP AUTH (432 4.3.2) */
  {"smtp.office365.com",                                NULL,                               3,
   BUDGET (.messages = {[M] = 30},                                                            .recipients = {[D] = 10000})},
 /* Yahoo Small Business SLN17518: 500 a day, each recipient counts; AOL is the same
  house */
  {"mail.yahoo.com",NULL,0,
   BUDGET (.messages = {[M] = PACE},                                                                                                   .recipients = {[D] = 500})},
  {"bizmail.yahoo.com",                  NULL,                                            0,
   BUDGET (.messages = {[M] = PACE},                                                                                                                                                                                          .recipients = {[D] = 500})},
  {"smtp.aol.com",                                 NULL,                                          0,                                                                       BUDGET (.messages = {[M] = PACE},                                                                                                                                .recipients = {[D] = 500})},
 /* support.apple.com/102198: 1,000 messages and 1,000 recipients a day */
  {"smtp.mail.me.com",       NULL,                                  0,
   BUDGET (.messages = {[M] = PACE, [D] = 1000},.recipients = {[D] = 1000})},
 /* zoho.com rates and limits: 50 to 500 external an hour, by reputation */
  {"zoho.com", NULL,  0,BUDGET (.messages = {[M] = PACE},.recipients = {[H] = 50})},
  {"zoho.eu",                                NULL,                   0,                                          BUDGET (.messages = {[M] = PACE},                                                                                                                                                                                                 .recipients = {[H] = 50})},
  {"zoho.in",                             NULL,                                                      0,                                                                                           BUDGET (.messages = {[M] = PACE},                                                                                                                                                                                                                                     .recipients = {[H] = 50})},
  {"zoho.jp",                         NULL,                 0,                                                BUDGET (.messages = {[M] = PACE},                                                                            .recipients = {[H] = 50})},
  {"zoho.com.au",                                 NULL,                                                    0,                                                                      BUDGET (.messages = {[M] = PACE},                                                                                                                     .recipients = {[H] = 50})},
  {"zohocloud.ca",        NULL,                                   0,                                                                             BUDGET (.messages = {[M] = PACE},.recipients = {[H] = 50})},
 /* proton.me/support/email-sending-limits: 50 an hour, 150 a day, paid by reputation;
  this is their relay, not the bridge, which is a server on this computer */
  {"protonmail.ch", NULL,   0,      BUDGET (.messages = {[M] = PACE, [H] = 50, [D] = 150})                   },
 /* ionos.com/help: by the age of the contract 50, 100, 400, 500 an hour */
  {"smtp.ionos.com",                                NULL,0,BUDGET (.messages = {[M] = PACE, [H] = 400})},
  {"smtp.ionos.de",                      NULL,              0,BUDGET (.messages = {[M] = PACE, [H] = 400})                                                                                                              },
  {"smtp.ionos.es",                   NULL,                                          0,                                                                                         BUDGET (.messages = {[M] = PACE, [H] = 400})                                                                                                                                  },
  {"smtp.ionos.fr",                  NULL,          0,                                                                                    BUDGET (.messages = {[M] = PACE, [H] = 400})                                                                                                                                                                                                                 },
  {"smtp.ionos.it",                   NULL,                     0,                                                         BUDGET (.messages = {[M] = PACE, [H] = 400})                                                                                                                                                              },
  {"smtp.ionos.co.uk",                   NULL,                        0,                                BUDGET (.messages = {[M] = PACE, [H] = 400})},
  {"smtp.1und1.de",                   NULL,                         0,                                                                 BUDGET (.messages = {[M] = PACE, [H] = 400})                                      },
};

static gboolean
is_one_of (const char *address, const char *domains)
{
  const char *at = address != NULL ? strrchr (address, '@') : NULL;
  if (at == NULL || at[1] == '\0')
    return FALSE;
  g_autofree char *domain = g_ascii_strdown (at + 1, -1);
  g_auto (GStrv) all = g_strsplit (domains, " ", -1);
  return g_strv_contains ((const char *const *) all, domain);
}

const EstProvider *
est_provider_find (const char *host, const char *address)
{
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    if (est_address_is_host_under (host, providers[i].domain)
        && (providers[i].addresses == NULL
            || is_one_of (address, providers[i].addresses)))
      return &providers[i];
  return NULL;
}

guint
est_provider_connections (const char *host)
{
  const EstProvider *provider = est_provider_find (host, NULL);
  return provider != NULL && provider->connections > 0 ? provider->connections : 1;
}
