/* How many connections an account needs just now: arithmetic, pure.

   An account has as many as its provider allows at once, mostly one, and never more than
   are useful. No message blocks another: however many carry a parcel (a large message),
   there is room for one more that takes letters past them, even where one connection is
   the rule. Large mail on a slow link takes minutes; SMTP cannot interrupt it, and a
   second connection for that time is what every provider allows. A relay that does not is
   spoken to on as many as it lets in. */
#pragma once

#include <glib.h>

#define EST_LETTER (256 * 1024) /* octets; what is larger is a parcel */

typedef struct
{
  guint limit; /* connections there may be, by the settings; at least 1 */
  guint cap;   /* by what the relay let in; at least 1; G_MAXUINT: never tried in vain */
  guint hands; /* workers that are there */
  guint calling; /* of them, those the relay has not let in yet */
  guint idle;    /* those that wait for the next message on a connection they have kept */
  guint parcels; /* those that carry a parcel */
} EstMuster;

/* How many workers there may be. */
guint est_muster_room (const EstMuster *muster);

/* How large, in octets, a message may be that one more worker takes: a parcel only where
   a connection is left for letters, unless it is the only parcel. */
guint64 est_muster_reach (const EstMuster *muster);

/* Whether a further worker is worth while for @backlog messages that are due, within
   reach, and in nobody's hands. Those who are there and carry letters will take one each
   soon; and one at a time knocks, when another has been let in. */
gboolean est_muster_wants_another (const EstMuster *muster, guint backlog);

/* The backlog that counts for est_muster_wants_another(); more changes nothing. */
guint est_muster_enough (const EstMuster *muster);
