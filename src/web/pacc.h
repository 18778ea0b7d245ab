/* The document of PACC (draft-ietf-mailmaint-pacc, -02 to -04): JSON with "protocols" and
   "authentication". Pure. Internal to web/. */
#pragma once

#include "web/candidate.h"

/* The server for outgoing mail, which has TLS from the first octet at port 465: one
   candidate, or none if there is none, or no way to sign in that we know. G_IO_ERROR if
   it is no such document. */
GPtrArray *est_pacc_parse (const char *text, gsize length, GError **error);

/* Whether one of @records (texts of the DNS, NULL at the end) has the digest of the
   document: "v=UAAC1; a=sha256; d=BASE64". */
gboolean est_pacc_is_confirmed (const char *text, gsize length, const char **records);
