/* The durable outbox: the only door to what must survive a power cut. What a function
   reports as stored is on stable storage. Every function may be called from any thread
   and blocks at most for a commit; "changed" is emitted on the main context the outbox
   was opened in. */
#pragma once

#include "mail/reach.h"
#include "outbox/asking.h"
#include "outbox/attempt.h"
#include "outbox/content.h"
#include "outbox/entry.h"
#include "outbox/outbox-error.h"
#include "outbox/pause.h"
#include "outbox/selection.h"
#include "outbox/spent.h"

#include <gio/gio.h>

/* signal changed (gint64 id, int from, int to): a message has become something else, by
   EstState; @from is -1 for a new one.

   signal rearranged (): a person has stopped accounts or let them go on (see control.h),
   or due times are others than they were.

   signal damaged (): the file cannot be trusted any more; nothing should be written to it
   before est_outbox_repair(). */
#define EST_TYPE_OUTBOX (est_outbox_get_type ())
G_DECLARE_FINAL_TYPE (EstOutbox, est_outbox, EST, OUTBOX, GObject)

/* Opens or makes @path and its folder. What a crash left is put right: a message whose
   content may have arrived is treated as uncertain. @witness: the file outside of it that
   remembers how far it had come (see witness.h); NULL: none. */
EstOutbox *est_outbox_open (const char *path, const char *witness, GError **error);

/* Recovers what can be read of a damaged outbox that nobody has open; the damaged file is
   set aside. est_outbox_open() does so by itself with what it cannot open. */
gboolean est_outbox_repair (const char *path, GError **error);

/* Looks the whole file through in the background, once; damage becomes the signal
   "damaged". */
void est_outbox_examine (EstOutbox *outbox);

/* Whether the outbox that was here before is gone, and this is a fresh one. */
gboolean est_outbox_is_bereft (EstOutbox *outbox);

/* Where content on its way in is kept. */
const char *est_outbox_folder (EstOutbox *outbox);

/* What is known about a message when it is handed in; borrowed. */
typedef struct
{
  EstEnvelope *envelope;
  const char *account;
  const char *message_id;
  const char *subject; /* or NULL */
  gint64 not_before;   /* microseconds; 0: at once */
  int priority;        /* -9..9 (RFC 6710) */
  const char *program; /* that hands it in, or NULL */
  EstReason held;      /* NONE, or what its person is asked before it may leave */
  gboolean bulk;       /* one of many: others may overtake it */
} EstLetter;

gboolean est_outbox_add (EstOutbox *outbox,
                         const EstLetter *letter,
                         EstContent *content,
                         gint64 *id,
                         GError **error);

EstEntry *est_outbox_get (EstOutbox *outbox, gint64 id, GError **error);

/* Up to @limit of the selected entries (its ids do not count) with ids greater than
   @after, in their order. */
GPtrArray *est_outbox_list (EstOutbox *outbox,
                            const EstSelection *selection,
                            gint64 after,
                            guint limit,
                            GError **error);

GPtrArray *
est_outbox_attempts (EstOutbox *outbox, gint64 id, GError **error); /* EstAttempt */

/* The journal of all messages: see est_attempt_search(). */
GPtrArray *est_outbox_journal (EstOutbox *outbox,
                               const EstJournalSearch *search,
                               gint64 after,
                               guint limit,
                               GError **error);

/* Names of damaged outboxes that were set aside in the outbox's folder. */
char **est_outbox_set_aside (EstOutbox *outbox);

/* Until when its provider keeps the message that was handed over ahead of its time; 0: it
   does not, or was not given it. */
gint64 est_outbox_kept_until (EstOutbox *outbox, gint64 id);

/* Whether a recipient of the message is relayed: see EstVerdict. */
gboolean est_outbox_is_relayed (EstOutbox *outbox, gint64 id);

typedef struct
{
  guint by_state[EST_N_STATES];
  gint64 oldest; /* creation of the oldest waiting message; 0: none waits */
} EstCounts;

gboolean est_outbox_count (EstOutbox *outbox, EstCounts *counts, GError **error);

/* When @program has handed mail in since then (gint64), the earliest first. Looks all
   messages through: 30 ms for 100,000 of them. */
GArray *
est_outbox_times (EstOutbox *outbox, const char *program, gint64 since, GError **error);
guint est_outbox_count_held (EstOutbox *outbox, EstReason reason);
guint est_outbox_count_failed (EstOutbox *outbox, EstReason reason);
guint est_outbox_count_waiting (EstOutbox *outbox, const char *account);

/* Apps whose mail waits for a yes (EstAsking), and how many messages of one do. */
GPtrArray *est_outbox_asking (EstOutbox *outbox, GError **error);
gboolean est_outbox_count_asking (EstOutbox *outbox,
                                  const char *program,
                                  guint *count,
                                  GError **error);

/* How far ahead of its time the account's mail may be handed over; not at all before this
   call. What that makes due comes after all that is due by itself. */
void est_outbox_set_reach (EstOutbox *outbox, const char *account, const EstReach *reach);

/* When the account's next message of at most @largest octets is due; G_MAXINT64 if none
   waits. Messages somebody has in hand do not count. */
gint64 est_outbox_next_due (EstOutbox *outbox, const char *account, guint64 largest);

/* How many such messages are due; those beyond @enough are not looked at. */
guint est_outbox_count_due (EstOutbox *outbox,
                            const char *account,
                            guint64 largest,
                            guint enough);

/* What a worker may take. */
typedef struct
{
  const char *account;
  guint64 largest; /* octets */
  gboolean bulk;   /* what came as one of many, too */

  /* The last word about the one that goes next: FALSE leaves it where it is, and none is
     claimed. Called with the outbox locked: must not call it. NULL: any. */
  gboolean (*admit) (const EstEntry *entry, gpointer data);
  gpointer data;
} EstClaimTerms;

/* Takes the account's message that goes next on these terms, for this worker alone: it
   counts as SENDING until it is settled or released. NULL without an error if none is
   due. The claim is kept in memory only: after a crash it is as if it had not been. */
EstEntry *est_outbox_claim (EstOutbox *outbox,
                            const EstClaimTerms *terms,
                            GCancellable *call_back,
                            GError **error);

/* Which message of the account goes next, among those nobody has in hand. */
typedef struct
{
  gint64 id; /* 0: none */
  gint64 due;
  guint recipients; /* that are not settled */
  gboolean bulk;
} EstNext;

/* @bulk: what came as one of many counts, too. */
EstNext est_outbox_next (EstOutbox *outbox, const char *account, gboolean bulk);

/* The account's messages that are due by now, as EstNext in the order in which they go,
   up to @limit of them. */
GArray *est_outbox_queue (EstOutbox *outbox, const char *account, guint limit);

/* What has left in the last day, as EstSpent, the earliest first; what relays have
   taught, as EstLesson. */
GPtrArray *est_outbox_spent (EstOutbox *outbox, GError **error);
GPtrArray *est_outbox_lessons (EstOutbox *outbox, GError **error);

/* Keeps it in the place of what was learnt under that name. */
gboolean est_outbox_learn (EstOutbox *outbox, const EstLesson *lesson, GError **error);

/* Gives a claimed message back untouched. */
void est_outbox_release (EstOutbox *outbox, gint64 id);

/* Content of a claimed message, piece after piece from @number 0; empty at the end. Never
   returns octets that do not match their sum: EST_OUTBOX_ERROR_DAMAGED. If its person
   wants the message back: EST_OUTBOX_ERROR_CALLED_BACK, and it is to be released. */
GBytes *est_outbox_read (EstOutbox *outbox, gint64 id, guint number, GError **error);

/* "It may arrive from now on": durable when it returns. EST_OUTBOX_ERROR_CALLED_BACK as
   with reading; afterwards nobody can call it back. */
gboolean est_outbox_mark (EstOutbox *outbox, gint64 id, GError **error);

/* Records what an attempt came to, @numbers saying which recipient each verdict is about,
   and ends the claim. @not_before counts if the message goes on waiting. @counts: whether
   the relay answered about this message, so that patience counts it. */
typedef struct
{
  const EstEntry *entry;
  EstOutcome *outcome;
  const guint *numbers;
  gint64 not_before;
  gboolean counts;
  gint64 lane_time; /* the account's own clock now: see schema.h */
  gboolean hold;    /* what is not sent is HELD, and its person asked, for that reason */
  gint64 ahead;     /* see EstEntry */
} EstSettlement;

gboolean
est_outbox_settle (EstOutbox *outbox, const EstSettlement *settlement, GError **error);

/* The same in two halves, so that the next message can travel while this outcome is being
   stored: a mark that is made after the first half is stored together with it, or later.
   Everything in @settlement must stay until est_outbox_settle_end(), which must be called
   once. If that fails the claim is kept, and the outcome is to be settled again. */
typedef struct EstSettlingTicket EstSettlingTicket;

EstSettlingTicket *est_outbox_settle_begin (EstOutbox *outbox,
                                            const EstSettlement *settlement);
gboolean
est_outbox_settle_end (EstOutbox *outbox, EstSettlingTicket *ticket, GError **error);

/* Asks about the account's waiting messages that were handed in, and wanted, before
   @before and that no relay has ever answered about: they are HELD for the reason OLD,
   each once. */
gboolean est_outbox_hold_old (EstOutbox *outbox,
                              const char *account,
                              gint64 before,
                              GError **error);

/* When the first message fails for being late (RFC 2852, mode R) of those that wait and
   that nobody has in hand; G_MAXINT64: none. */
gint64 est_outbox_next_late (EstOutbox *outbox);

/* Those that are late now fail, whoever has their account in hand, or that it is stopped;
   what may have arrived already is HELD as UNCERTAIN. A message that is under way is left
   to its worker. */
gboolean est_outbox_fail_late (EstOutbox *outbox, GError **error);

/* Retries that lie after @latest are brought forward to it: the clock was set back since.
   What its person wants later stays. */
gboolean est_outbox_bound_retries (EstOutbox *outbox, gint64 latest, GError **error);

/* The account's own clock, as it was kept last; 0: never. */
gint64 est_outbox_lane_time (EstOutbox *outbox, const char *account);
gboolean est_outbox_keep_lane_time (EstOutbox *outbox,
                                    const char *account,
                                    gint64 lane_time,
                                    GError **error);

/* For how many days sent and discarded messages are kept, with their journal; older ones
   go after a spell of work. Without this call: for ever. */
void est_outbox_set_journal_days (EstOutbox *outbox, guint days);

/* Pauses of accounts. */
gboolean est_outbox_pause (EstOutbox *outbox, const EstPause *pause, GError **error);
gboolean est_outbox_unpause (EstOutbox *outbox, const char *account, GError **error);
GPtrArray *est_outbox_pauses (EstOutbox *outbox, GError **error); /* EstPause */
