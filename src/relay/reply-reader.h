/* One answer off the wire, however its octets come and however many words it has.
   Internal to relay/. */
#pragma once

#include "mail/reply.h"
#include "wire/wire.h"

/* Keeps up to @keep octets of its lines and drops the rest of them unread. The wire's
   deadline bounds the whole. Errors: those of the wire, EST_WIRE_ERROR_TOO_LONG for more
   than a mebibyte; EST_MAIL_ERROR_SYNTAX for what is no answer, or has several codes. */
EstReply *est_reply_read (EstWire *wire, gsize keep, GError **error);
