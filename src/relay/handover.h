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

  /* Goes back to the first piece. Called at most once, before anything was sent: content
     declared BINARYMIME is looked through first where it must be converted. */
  void (*rewind) (gpointer data);

  /* Called once, when everything but the final "." line, or the last octet of the last
     chunk, was sent: makes durable that the message may arrive from now on. FALSE: what
     is left is not sent, the connection is dropped and nothing has happened. */
  gboolean (*before_last) (gpointer data, GError **error);

  gpointer data;
} EstHandoverSource;

/* Never fails as a call: what went wrong is in the outcome. One verdict per recipient of
   @envelope. After the final line without an answer every recipient that was accepted is
   DOUBTFUL and the reason UNCERTAIN. If every recipient is refused or put off no content
   is read. Recipients that nothing was decided about (connection lost, 421, account
   trouble) are PENDING without a reply. Refused by ourselves, as FAILED with a 554 of our
   own: 8-bit content for a relay without 8BITMIME (5.6.3), until conversion exists;
   damaged content, also with a CR or LF on its own (5.6.0). Content declared BINARYMIME
   goes as it is, by BDAT, to a relay that offers that (RFC 3030); for any other its
   binary parts become base64, and where a signature forbids that (5.6.3), or the rest of
   it is not in lines (5.6.0), it is refused as well. With PIPELINING the envelope goes in
   flights of at most 50 commands. */
EstOutcome *
est_handover (EstRelay *relay, EstEnvelope *envelope, const EstHandoverSource *source);
