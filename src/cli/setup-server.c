/* A server as the person sees it and as an account of the settings has it. */
#include "cli/setup.h"

#include "cli/output.h"
#include "cli/prompt.h"
#include "mail/address.h"
#include "wording/secrets.h"
#include "wording/text.h"

#include <glib/gi18n.h>

#define LABEL_COLUMNS 14
#define VALUE_LIMIT   200

const char *
est_setup_server_value (const EstSetup *setup, const char *key)
{
  const char *value
    = setup->server != NULL ? g_hash_table_lookup (setup->server, key) : NULL;
  return value != NULL ? value : "";
}

static void
print_fact (const char *label, const char *text)
{
  g_autofree char *tame = est_text_tame (text, VALUE_LIMIT);
  est_output_print_fact (label, LABEL_COLUMNS, tame);
}

static const char *
name_security (const char *security)
{
  if (g_str_equal (security, "tls"))
    return _ ("TLS from the start");
  return g_str_equal (security, "starttls") ? _ ("TLS after STARTTLS, always") : security;
}

void
est_setup_show_facts (const EstSetup *setup)
{
  /* TRANSLATORS: a host name, and a port */
  g_autofree char *server
    = g_strdup_printf (_ ("%s, port %s"), est_setup_server_value (setup, "host"),
                       est_setup_server_value (setup, "port"));
  print_fact (_ ("Server:"), server);
  print_fact (_ ("Encryption:"),
              name_security (est_setup_server_value (setup, "security")));
  print_fact (_ ("User name:"), est_setup_server_value (setup, "user"));
  print_fact (_ ("Learnt from:"),
              est_wording_origin (est_setup_server_value (setup, "source"),
                                  est_setup_server_value (setup, "where")));
}

void
est_setup_show_server (const EstSetup *setup)
{
  if (setup->wish.json)
    return;
  g_autofree char *address = est_text_tame (setup->address, VALUE_LIMIT);
  g_print ("\n");
  g_print (_ ("Mail from %s leaves by\n"), address);
  est_setup_show_facts (setup);
}

void
est_setup_show_secret (const EstSetup *setup)
{
  const EstSecretKind kind = {
    .provider = est_setup_server_value (setup, "provider-name"),
    .secret = est_setup_server_value (setup, "secret"),
    .page = est_setup_server_value (setup, "page"),
    .note = est_setup_server_value (setup, "note"),
  };
  g_autofree char *words = est_wording_secret_kind (&kind);
  if (words != NULL)
    est_setup_say (setup, words);
}

char *
est_setup_explain_doubt (const EstSetup *setup)
{
  const char *domain = est_address_domain (setup->address);
  const char *host = est_setup_server_value (setup, "host");
  if (g_str_equal (est_setup_server_value (setup, "outside"), "yes"))
    /* TRANSLATORS: a server, and the domain of a mail address */
    return g_strdup_printf (
      _ (
        "Nobody vouches for that, and %s does not belong to %s: go on only if it is your "
        "provider’s. It gets your password."),
      host, domain);
  return g_strdup_printf (
    /* TRANSLATORS: a server */
    _ ("Nobody vouches for that: go on only if %s is your provider’s. It gets your "
       "password."),
    host);
}

/* These of a candidate's keys are keys of an account, too; "auto" is what it is without a
   word. */
static gboolean
belongs_to_account (const EstSetup *setup, const char *key, const char *value)
{
  static const char *const keys[] = {"host", "port", "security", "user", NULL};
  if (g_str_has_prefix (key, "oauth-"))
    return setup->signed_in;
  if (g_str_equal (key, "auth"))
    return !g_str_equal (value, "auto");
  return g_strv_contains (keys, key);
}

GVariant *
est_setup_values (const EstSetup *setup)
{
  GHashTableIter iter;
  gpointer key, value;
  GVariantBuilder values;
  g_variant_builder_init (&values, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&values, "{ss}", "addresses", setup->address);
  g_hash_table_iter_init (&iter, setup->server);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (belongs_to_account (setup, key, value))
      g_variant_builder_add (&values, "{ss}", key, value);
  return g_variant_builder_end (&values);
}

GUnixFDList *
est_setup_secret_as_file (const EstSetup *setup)
{
  g_autoptr (GError) error = NULL;
  int fd = est_prompt_as_file (setup->secret, &error);
  if (fd >= 0)
    return g_unix_fd_list_new_from_array (&fd, 1);
  est_setup_complain ("%s", error->message);
  return NULL;
}
