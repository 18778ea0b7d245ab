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
     chunk, was sent, unless it is known by then that nobody was accepted: makes durable
     that the message may arrive from now on. FALSE: what is left is not sent, the
     connection is dropped and nothing has happened. */
  gboolean (*before_last) (gpointer data, GError **error);

  gpointer data;

  gint64 release; /* when the relay is to send it on (RFC 4865), microseconds since 1970;
                     0, or not later than now: at once */
} EstHandoverSource;

/* Never fails as a call: what went wrong is in the outcome. One verdict per recipient of
   @envelope. Once the last octet is out, without an answer every recipient that may have
   been accepted is DOUBTFUL and the reason UNCERTAIN. Recipients that nothing was decided
   about (connection lost, 421, account trouble) are PENDING without a reply.

   What this relay cannot take is never sent to it, and FAILED without a reply: the reason
   is INCAPABLE, its figures name what is lacking (see wording/particulars.c), or
   TOO_LARGE, with "SIZE LIMIT" in octets (0: unknown) whoever refuses it. Content
   declared BINARYMIME goes as it is, by BDAT, to a relay that offers that (RFC 3030); for
   any other it is converted, and content of 8 bits for a relay without 8BITMIME (RFC
   6152) as well, if that can be (see mail/conversion.h). Damaged content, also with a CR
   or LF on its own, is FAILED with a 554 5.6.0 of our own. A message that is handed over
   ahead of its time (@release) and put off, or not taken so, is PENDING, DEFERRED; what
   was asked is in the outcome.

   With PIPELINING commands go in flights of at most 50 (RFC 2920). With CHUNKING as well,
   content up to 256 KiB is read first and leaves in the same flight as the envelope: one
   round trip; two on a connection that stood by, which shows first that it is still
   there. Larger content is read and leaves in chunks, once somebody was accepted, as it
   does by DATA where the relay knows no CHUNKING; if every recipient is refused or put
   off none of it is read. A relay that answers out of step, or breaks off in a flight
   twice, is spoken to step by step from then on (account/acquaintance.h); the message
   itself is not judged by that.

   At most as many recipients as the relay takes at once are asked about: RCPTMAX and
   RCPTDOMAINMAX (RFC 9422), what it taught (RFC 5321 4.5.3.1.10), or 100. The others are
   PENDING without a reply, and the outcome's @rest says that their turn is next. */
EstOutcome *
est_handover (EstRelay *relay, EstEnvelope *envelope, const EstHandoverSource *source);
