/* The commands that bring content: DATA (RFC 5321 4.1.1.4) and BDAT (RFC 3030 2). As the
   others of the command table; NULL: the connection broke. */
#pragma once

#include "submission/commands.h"

EstReply *est_content_on_data (EstSession *session, const char *argument);
EstReply *est_content_on_bdat (EstSession *session, const char *argument);
