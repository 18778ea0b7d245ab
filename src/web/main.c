/* estafeta-web: what the daemon has done in the web, so that no HTTP, XML, JSON or DNS of
   a stranger is read in the daemon. One task, then it ends. Secrets come by standard
   input and leave by standard output, and by nothing else. */
#include "mail/address.h"
#include "web/device.h"
#include "web/discover.h"
#include "web/exchange.h"
#include "web/refresh.h"
#include "web/sign-in.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LONGEST 512 /* octets of an address and its line break */

static const struct
{
  const char *name;
  void (*run) (GHashTable *input);
} tasks[] = {
  {"sign-in", est_sign_in_run},
  {"device",  est_device_run },
  {"refresh", est_refresh_run},
};

static int
discover (const char *sources)
{
  char address[LONGEST];
  if (fgets (address, sizeof address, stdin) == NULL)
    return 1;
  address[strcspn (address, "\r\n")] = '\0';
  if (!est_address_is_mailbox (address) || est_address_is_wildcard (address))
    return 1;
  est_discover (address, sources);
  return 0;
}

/* What is in memory here must not end up in a file. */
static void
leave_no_core (void)
{
  const struct rlimit none = {0, 0};
  setrlimit (RLIMIT_CORE, &none);
}

/* For the page that a browser shows. */
static void
use_language (void)
{
  setlocale (LC_MESSAGES, "");
  bindtextdomain ("estafeta", LOCALEDIR);
  bind_textdomain_codeset ("estafeta", "UTF-8");
  textdomain ("estafeta");
}

static int
run (void (*task) (GHashTable *input))
{
  g_autoptr (GHashTable) input = est_exchange_read (STDIN_FILENO);
  leave_no_core ();
  use_language ();
  if (input == NULL)
    return 1;
  task (input);
  return 0;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  if (argc == 3 && g_str_equal (argv[1], "discover"))
    return discover (argv[2]);
  for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS (tasks); i++)
    if (g_str_equal (argv[1], tasks[i].name))
      return run (tasks[i].run);
  g_printerr ("estafeta-web is run by estafetad alone\n");
  return 2;
}
