/* How a set-up ended: for the person what to enter in mail clients, for scripts JSON. */
#include "cli/setup.h"

#include "cli/connect.h"
#include "cli/json.h"
#include "wording/text.h"

#include <glib/gi18n.h>

#define VALUE_LIMIT 200

/* Of an account that was there this has been said. */
static void
tell_account (const EstSetup *setup)
{
  g_autofree char *address = est_text_tame (setup->address, VALUE_LIMIT);
  if (setup->known == NULL)
    /* TRANSLATORS: a mail address, the name of an account, and its server */
    g_print (_ ("%s is set up: mail from it leaves by the account “%s” at %s.\n"),
             address, setup->account, est_setup_server_value (setup, "host"));
}

static void
tell_service (const EstSetup *setup)
{
  const char *file = est_service_file (setup->service);
  if (setup->wish.no_service)
    g_print ("%s\n", _ ("Estafeta’s daemon runs now, and is not started at login."));
  else if (file != NULL)
    g_print (_ ("Estafeta’s daemon starts with your desktop session (%s).\n"), file);
  else
    g_print ("%s\n", _ ("Estafeta’s daemon starts whenever you log in."));
}

/* A client that is told this port would talk to somebody else. */
static void
tell_taken (const EstSetup *setup)
{
  g_autofree char *port = g_strdup_printf ("%u", setup->port);
  g_printerr (_ ("estafeta: Port %s of your settings is somebody else’s now. Do not let "
                 "mail clients "
                 "use it: “estafeta status” says whose it is.\n"),
              port);
}

static void
tell_client (const EstSetup *setup)
{
  g_autofree char *port = g_strdup_printf ("%u", setup->port);
  if (setup->port == 0)
    {
      g_print ("\n%s\n", _ ("Your settings let no mail client in at a port without TLS: "
                            "“estafeta status” says where they can hand in."));
      return;
    }
  g_print ("\n%s\n", _ ("Tell your mail client, for outgoing mail (SMTP):"));
  g_print (_ ("  Server:          %s\n  Port:            %s\n"), "127.0.0.1", port);
  g_print ("%s\n", _ ("  Encryption:      none (it stays within this computer)\n"
                      "  Authentication:  none, no password"));
}

static void
tell_words (const EstSetup *setup)
{
  g_print ("\n");
  tell_account (setup);
  tell_service (setup);
  if (g_str_equal (setup->port_state, "taken"))
    tell_taken (setup);
  else
    tell_client (setup);
}

static const char *
name_service (const EstSetup *setup)
{
  if (setup->wish.no_service)
    return "none";
  return est_service_kind (setup->service) == EST_SERVICE_SYSTEMD ? "systemd"
                                                                  : "autostart";
}

static void
put_text (GVariantDict *all, const char *key, const char *value)
{
  if (*value != '\0')
    g_variant_dict_insert (all, key, "s", value);
}

static void
tell_json (const EstSetup *setup)
{
  static const char *const keys[]
    = {"host", "port", "security", "user", "source", "where", NULL};
  g_auto (GVariantDict) all = G_VARIANT_DICT_INIT (NULL);
  put_text (&all, "address", setup->address);
  put_text (&all, "account", setup->account);
  put_text (&all, "service", name_service (setup));
  put_text (&all, "listen", setup->port_state);
  g_variant_dict_insert (&all, "listen-port", "q", setup->port);
  g_variant_dict_insert (&all, "existed", "b", setup->known != NULL);
  for (const char *const *key = keys; *key != NULL; key++)
    put_text (&all, *key, est_setup_server_value (setup, *key));
  if (setup->letter != 0)
    g_variant_dict_insert (&all, "test-mail", "t", setup->letter);
  est_json_print (g_variant_dict_end (&all));
}

void
est_setup_tell (const EstSetup *setup)
{
  if (setup->wish.json)
    tell_json (setup);
  else
    tell_words (setup);
}
