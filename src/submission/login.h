/* Signing in (AUTH, RFC 4954): needed by programs nobody vouches for, and taken from
   those that cannot be kept from it. */
#pragma once

#include "submission/commands.h"

/* The line of the EHLO reply; static. */
const char *est_login_offer (const EstSession *session);

/* As the others of the command table; NULL: the connection broke.

   With the name of a token its secret has to be right, whoever asks: its person gave the
   program a name, and the limits that go with it hold for the rest of the conversation;
   it is not asked about as an unknown app any more. With another name a program that the
   kernel vouches for is served whatever its password, and as whoever it was before. */
EstReply *est_login_on_auth (EstSession *session, const char *argument);
