/* What a server calls a message it has taken over, out of the words of its last answer:
   its support desk asks for that. Servers have no common form, so this knows how those
   that are in use say it. Pure. */
#pragma once

#include "mail/reply.h"

/* The number in the server's queue; new string, NULL if @reply names none. At most 128
   visible characters. */
char *est_queue_id_find (const EstReply *reply);

/* The Message-ID, with its angle brackets, that the server says the message has now; new
   string, NULL if @reply names none, or @own, the one it came with. Some servers replace
   it, and the person's copy has the old one. */
char *est_queue_id_renamed (const EstReply *reply, const char *own);
