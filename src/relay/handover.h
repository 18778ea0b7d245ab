/* Hands one message to the relay: envelope, content, a verdict per recipient. */
#pragma once

#include "mail/envelope.h"
#include "relay/relay.h"

/* Where the content comes from and what must happen before its last octet leaves. Called
   in the caller's thread, with nothing locked. An error that is no EST_RELAY_ERROR puts
   the message off (DEFERRED): it is this machine's trouble, and not the account's. */
typedef struct
{
  guint64 size; /* octets of the content, for MAIL FROM's SIZE= (RFC 1870); 0: unknown */

  /* The next piece, CRLF line ends, unless it was declared
     BINARYMIME, not yet dot-stuffed; an empty GBytes at the end; NULL
     with an error if the content cannot be read (EST_RELAY_ERROR with EST_REASON_DAMAGED,
     if it does not match its sum). */
  GBytes *(*read) (gpointer data, GError **error);

  /* Goes back to the first piece. Called at most twice, before anything was sent: content
     that must be converted is looked through first. */
  void (*rewind) (gpointer data);

  /* Called once, when everything but the final "." line, or the last octet of the last
     chunk, was sent: makes durable that the message may arrive from now on. FALSE: what
     is left is not sent, the connection is dropped and nothing has happened. */
  gboolean (*before_last) (gpointer data, GError **error);

  gpointer data;

  gint64 release; /* when the relay is to send it on (RFC 4865), microseconds since 1970;
                     0, or not later than now: at once */
} EstHandoverSource;

/* Never fails as a call: what went wrong is in the outcome. One verdict per recipient of
   @envelope. After the final line without an answer every recipient that was accepted is
   DOUBTFUL and the reason UNCERTAIN. If every recipient is refused or put off no content
   is read. Recipients that nothing was decided about (connection lost, 421, account
   trouble) are PENDING without a reply.

   What this relay cannot take is never sent to it, and FAILED without a reply: the reason
   is INCAPABLE, its figures name what is lacking (see wording/particulars.c), or
   TOO_LARGE, with "SIZE LIMIT" in octets (0: unknown) whoever refuses it. Content
   declared BINARYMIME goes as it is, by BDAT, to a relay that offers that (RFC 3030); for
   any other it is converted, and content of 8 bits for a relay without 8BITMIME (RFC
   6152) as well, if that can be (see mail/conversion.h). Damaged content, also with a CR
   or LF on its own, is FAILED with a 554 5.6.0 of our own. A message that is handed over
   ahead of its time (@release) and put off, or not taken so, is PENDING, DEFERRED; what
   was asked is in the outcome. With PIPELINING the envelope goes in flights of at most 50
   commands. */
EstOutcome *
est_handover (EstRelay *relay, EstEnvelope *envelope, const EstHandoverSource *source);
