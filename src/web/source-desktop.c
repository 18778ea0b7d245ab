/* Accounts that are set up on this desktop already, for other programs. */
#include "web/programs.h"
#include "web/sources.h"

static const struct
{
  const char *name;
  GPtrArray *(*find) (const char *address);
} programs[] = {
  {"Thunderbird", est_thunderbird_find},
  {"Evolution",   est_evolution_find  },
  {"KMail",       est_kmail_find      },
  {"msmtp",       est_msmtp_find      },
};

gboolean
est_source_desktop (EstSearch *search)
{
  static const EstOrigin nowhere = {"desktop", NULL};
  gboolean any = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      const EstOrigin origin = {"desktop", programs[i].name};
      g_autoptr (GPtrArray) found = programs[i].find (search->address);
      if (found != NULL && est_search_print_found (search, &origin, found, NULL))
        return TRUE;
      any = any || found != NULL;
    }
  if (!any)
    est_search_print_look (&nowhere, "nothing", NULL);
  return FALSE;
}
