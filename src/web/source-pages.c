/* Documents of Mozilla's autoconfiguration: the provider's own, and those in Mozilla's
   list. The address itself is told to nobody: the domain is enough. */
#include "web/autoconfig.h"
#include "web/exchanger.h"
#include "web/sources.h"

#define PAGE_SECONDS 10
#define PAGE_LIMIT   (256 * 1024) /* octets */
#define REDIRECTIONS 3

gboolean
est_source_fetch (const char *url, EstAnswer *answer, GError **error)
{
  const EstRequest request = {
    .url = url,
    .redirections = REDIRECTIONS,
    .seconds = PAGE_SECONDS,
    .limit = PAGE_LIMIT,
  };
  if (!est_fetch (&request, answer, error))
    return FALSE;
  if (est_answer_is_good (answer))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "HTTP status %u", answer->status);
  return FALSE;
}

static gboolean
ask_page (const EstSearch *search, const char *source, const char *url)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAnswer) answer = {0};
  const EstOrigin origin = {source, url};
  g_autoptr (GPtrArray) found
    = est_source_fetch (url, &answer, &error)
        ? est_autoconfig_parse (answer.text, answer.length, search->address, &error)
        : NULL;
  return est_search_print_found (search, &origin, found, error);
}

static gboolean
ask_provider (const EstSearch *search, const char *source, const char *domain)
{
  g_autofree char *first
    = g_strdup_printf ("https://autoconfig.%s/mail/config-v1.1.xml", domain);
  g_autofree char *second
    = g_strdup_printf ("https://%s/.well-known/autoconfig/mail/config-v1.1.xml", domain);
  return ask_page (search, source, first) || ask_page (search, source, second);
}

static gboolean
ask_list (const EstSearch *search, const char *source, const char *domain)
{
  g_autofree char *url = g_strconcat ("https://v1.ispdb.net/", domain, NULL);
  return ask_page (search, source, url);
}

gboolean
est_source_autoconfig (EstSearch *search)
{
  return ask_provider (search, "autoconfig", search->domain);
}

gboolean
est_source_ispdb (EstSearch *search)
{
  return ask_list (search, "ispdb", search->domain);
}

static gboolean
ask_by_exchanger (EstSearch *search,
                  const char *source,
                  gboolean (*ask) (const EstSearch *search,
                                   const char *source,
                                   const char *domain))
{
  const char *exchanger = est_search_find_exchanger (search, NULL);
  g_auto (GStrv) domains = est_exchanger_domains (exchanger, search->domain);
  for (char **domain = domains; *domain != NULL; domain++)
    if (ask (search, source, *domain))
      return TRUE;
  return FALSE;
}

gboolean
est_source_autoconfig_mx (EstSearch *search)
{
  return ask_by_exchanger (search, "autoconfig-mx", ask_provider);
}

gboolean
est_source_ispdb_mx (EstSearch *search)
{
  return ask_by_exchanger (search, "ispdb-mx", ask_list);
}
