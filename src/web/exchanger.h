/* The server at which mail for a domain comes in, and whose it may be. Pure. Internal to
   web/. */
#pragma once

#include <glib.h>

/* The domains that stand behind @host, for which a provider may publish something: its
   name without the first label, and the part of it that somebody registered (by the list
   of public suffixes). Never one under which strangers register, and never @own. NULL: no
   host. New vector. */
char **est_exchanger_domains (const char *host, const char *own);
