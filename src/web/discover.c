/* The sources in the order of what can be believed: what the person has set up already,
   the provider's own word by HTTPS, Mozilla's by HTTPS, and what hangs on names of an
   unsigned DNS. */
#include "web/discover.h"

#include "mail/address.h"
#include "web/sources.h"

#include <gio/gio.h>

/* After these no further source is begun: the daemon waits for 90. */
#define PATIENCE_SECONDS 60

static const struct
{
  const char *name;
  EstSource *ask;
} all[] = {
  {"desktop",       est_source_desktop      },
  {"pacc",          est_source_pacc         },
  {"autoconfig",    est_source_autoconfig   },
  {"ispdb",         est_source_ispdb        },
  {"srv",           est_source_srv          },
  {"mx",            est_source_mx           },
  {"autoconfig-mx", est_source_autoconfig_mx},
  {"ispdb-mx",      est_source_ispdb_mx     },
  {"guess",         est_source_guess        },
};

static void
ask_all (EstSearch *search, const char *const *wanted)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_SECONDS * G_TIME_SPAN_SECOND;
  for (gsize i = 0; i < G_N_ELEMENTS (all) && g_get_monotonic_time () < until; i++)
    if (g_strv_contains (wanted, all[i].name) && all[i].ask (search))
      return;
}

void
est_discover (const char *address, const char *sources)
{
  g_auto (GStrv) wanted = g_strsplit (sources, ",", -1);
  g_autofree char *domain = g_hostname_to_ascii (est_address_domain (address));
  EstSearch search = {.address = address, .domain = domain};
  if (domain == NULL || *domain == '[')
    return; /* an address literal has no provider */
  ask_all (&search, (const char *const *) wanted);
  g_free (search.exchanger);
}
