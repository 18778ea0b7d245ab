/* What the relays of this run's accounts were heard to offer, so that a program can be
   told at once what its mail would be refused for later; and what they taught us about
   themselves, so that the next conversation begins wiser. In memory only: a relay nobody
   spoke to yet, or not for a day, is a stranger. Any thread. */
#pragma once

#include "account/account.h"
#include "mail/capabilities.h"
#include "mail/reach.h"

/* Under which name the relay of @account is known: another host, port or encryption in
   the settings is another relay. */
char *est_acquaintance_name (const EstAccount *account);

/* @offered: in its last EHLO of a conversation; @encrypted: whether it said so in TLS. */
void est_acquaintance_note (const EstAccount *account,
                            const EstCapabilities *offered,
                            gboolean encrypted);

/* Whether the relay is known and did not offer @extension. */
gboolean est_acquaintance_lacks (const EstAccount *account, EstExtensions extension);

/* How far ahead of its time mail of the account may be handed over (RFC 4865): not at all
   unless its settings say so; to a stranger as far as one likes: it is worth a call. */
EstReach est_acquaintance_reach (const EstAccount *account);

/* How a relay that offers PIPELINING and CHUNKING can be spoken to, the liveliest way
   first. */
typedef enum
{
  EST_MANNERS_FLIGHTS, /* many commands at once, content as well */
  EST_MANNERS_CAREFUL, /* the same, but content waits for the other answers */
  EST_MANNERS_STEPS,   /* one command at a time; content by BDAT only if it must be */
  EST_MANNERS_DATA,    /* ... and never by BDAT */
} EstManners;

/* Below, @name is that of est_acquaintance_name(). */
EstManners est_acquaintance_manners (const char *name);

/* It answered out of step: one way that is less lively from now on, for a day. */
void est_acquaintance_note_out_of_step (const char *name);

/* Many commands went at once, and the connection broke before all were answered, or all
   were. The first such break makes careful; two in a row are no chance. */
void est_acquaintance_note_flight (const char *name, gboolean broken);

/* The most recipients it takes in one transaction, as far as it has said so by refusing
   more; 0: that is not known (any more). */
guint est_acquaintance_most_recipients (const char *name);
void est_acquaintance_note_most_recipients (const char *name, guint most);
