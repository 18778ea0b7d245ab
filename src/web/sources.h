/* The places that are asked for a server, each with what it found printed. TRUE: it found
   one, so that no other has to be asked. Blocking. Internal to web/. */
#pragma once

#include "web/fetch.h"
#include "web/search.h"

typedef gboolean EstSource (EstSearch *search);

EstSource est_source_desktop; /* needs no network */
EstSource est_source_pacc;
EstSource est_source_autoconfig;
EstSource est_source_ispdb;
EstSource est_source_srv;
EstSource est_source_mx; /* the built-in table, by where mail comes in */
EstSource est_source_autoconfig_mx;
EstSource est_source_ispdb_mx;
EstSource est_source_guess;

/* The document at @url, for a source. FALSE with G_IO_ERROR_NOT_FOUND if there is none,
   and with other errors of est_fetch(). */
gboolean est_source_fetch (const char *url, EstAnswer *answer, GError **error);
