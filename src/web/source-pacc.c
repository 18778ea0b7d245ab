/* PACC (draft-ietf-mailmaint-pacc): a document by HTTPS whose digest the DNS has. */
#include "web/pacc.h"
#include "web/sources.h"

#include <gio/gio.h>

/* Each record's strings are one text (RFC 6376 3.6.2.2 has the same). */
static char **
read_texts (GList *records)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  for (GList *link = records; link != NULL; link = link->next)
    {
      g_autofree const char **strings = NULL;
      g_variant_get (link->data, "(^a&s)", &strings);
      g_autofree char *text = g_strjoinv ("", (char **) strings);
      g_strv_builder_add (texts, text);
    }
  return g_strv_builder_end (texts);
}

static char **
look_up_texts (const char *domain, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autofree char *name = g_strconcat ("_ua-auto-config.", domain, NULL);
  GList *records
    = g_resolver_lookup_records (resolver, name, G_RESOLVER_RECORD_TXT, NULL, error);
  char **texts = records != NULL ? read_texts (records) : NULL;
  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  return texts;
}

/* What the DNS does not know of was left over, or put there by somebody else. */
static GPtrArray *
read_document (const EstSearch *search, const EstAnswer *answer, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) texts = look_up_texts (search->domain, &local);
  if (texts != NULL
      && est_pacc_is_confirmed (answer->text, answer->length, (const char **) texts))
    return est_pacc_parse (answer->text, answer->length, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "the DNS does not confirm it");
  return NULL;
}

gboolean
est_source_pacc (EstSearch *search)
{
  g_autoptr (GError) error = NULL;
  g_auto (EstAnswer) answer = {0};
  g_autofree char *url = g_strdup_printf (
    "https://ua-auto-config.%s/.well-known/user-agent-configuration.json",
    search->domain);
  const EstOrigin origin = {"pacc", url};
  g_autoptr (GPtrArray) found = est_source_fetch (url, &answer, &error)
                                  ? read_document (search, &answer, &error)
                                  : NULL;
  return est_search_print_found (search, &origin, found, error);
}
