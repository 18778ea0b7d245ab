/* estafeta-web: what the daemon has looked up in the web, so that no HTTP, XML or DNS of
   a stranger is read in the daemon. One task, then it ends. */
#include "mail/address.h"
#include "web/discover.h"

#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 512 /* octets of an address and its line break */

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

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  if (argc == 3 && g_str_equal (argv[1], "discover"))
    return discover (argv[2]);
  g_printerr ("estafeta-web is run by estafetad alone\n");
  return 2;
}
