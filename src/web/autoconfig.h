/* The XML that Mozilla's autoconfiguration serves (draft-ietf-mailmaint-autoconfig; the
   ISPDB has the same): <clientConfig> with <outgoingServer> in it. Pure. Internal to
   web/. */
#pragma once

#include "web/candidate.h"

/* The servers for outgoing mail that we can sign in at, for @address, best first; none is
   no error. Placeholders are filled in. Servers without encryption, with impossible names
   or with no way of signing in that we know are left out.
   G_MARKUP_ERROR if it is no XML, nests too deep, or says too much. */
GPtrArray *
est_autoconfig_parse (const char *xml, gsize length, const char *address, GError **error);
