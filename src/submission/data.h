/* The content after DATA (RFC 5321 4.1.1.4), from the wire into the incoming message. */
#pragma once

#include "intake/incoming.h"
#include "wire/wire.h"

/* Reads up to and including the true end, whatever is wrong with the content: what
   follows must be read as commands only behind CRLF.CRLF. FALSE when the connection
   breaks first: then nothing has been stored. Otherwise @problem is NULL or says why the
   message must be refused. */
gboolean est_data_receive (EstWire *wire, EstIncoming *incoming, GError **problem);
