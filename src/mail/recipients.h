/* Whom a header names: who gets a message that comes without an envelope, and who says to
   have written it. */
#pragma once

#include <glib.h>

/* Appends to @recipients (char *) every mailbox of the To, Cc and Bcc fields of a header
   block, or, where it was sent again, of the last Resent- block alone (RFC 5322 3.6.6);
   groups walked, each mailbox once, in their order, all passing est_address_is_mailbox().
   Takes time and memory in proportion to @length, whatever stands there. FALSE if one of
   the fields holds something that is no address. */
gboolean est_recipients_read (const char *header, gsize length, GPtrArray *recipients);

/* The same of all From and Sender fields, however many there are. */
gboolean est_authors_read (const char *header, gsize length, GPtrArray *authors);

/* The same of whoever sends it, the likeliest first: of the Sender field, then of From
   (RFC 5322 3.6.2), so that one who is in both comes twice; where it was sent again, of
   Resent-Sender and Resent-From in the last Resent- block alone. */
gboolean est_originators_read (const char *header, gsize length, GPtrArray *originators);
