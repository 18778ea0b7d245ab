/* A table of wishes: which messages each can be granted for, and what it does to them. */
#include "outbox/decide.h"

#include "outbox/seal.h"

/* As a due time. The present time would be the future after the clock is set back. */
#define AT_ONCE G_GINT64_CONSTANT (0)

#define IN(state) EST_STATE_BIT (EST_STATE_##state)

typedef struct
{
  const char *word; /* for the journal; NULL: it is not worth a line */
  guint states;     /* in which it can be granted */
  gboolean (*fits) (const EstEntry *entry); /* NULL: any */
  gboolean (*apply) (EstDatabase *database,
                     const EstDecision *decision,
                     const EstEntry *entry,
                     GError **error);
} Nature;

/* Refused recipients were not reached, whatever happened to the others. */
static EstState
state_after (EstWish wish, const EstEntry *entry)
{
  static const EstState states[] = {
    [EST_WISH_SEND] = EST_STATE_WAITING,      [EST_WISH_HOLD] = EST_STATE_HELD,
    [EST_WISH_RELEASE] = EST_STATE_WAITING,   [EST_WISH_ARRIVED] = EST_STATE_SENT,
    [EST_WISH_DISCARD] = EST_STATE_DISCARDED,
  };
  for (guint i = 0; wish == EST_WISH_ARRIVED && i < entry->n_recipients; i++)
    if (entry->recipients[i].state == EST_RECIPIENT_FAILED)
      return EST_STATE_FAILED;
  return states[wish];
}

/* What waits goes on as it is, only sooner. What failed or was held begins anew: refused
   recipients get another chance, those that have it are left alone, and patience counts
   from the start. */
static gboolean
begin_anew (EstDatabase *database, const EstEntry *entry, GError **error)
{
  return est_database_run (database, error,
                           "UPDATE recipient SET state=? WHERE message=? AND state=?",
                           "iii", (gint64) EST_RECIPIENT_PENDING, entry->id,
                           (gint64) EST_RECIPIENT_FAILED)
         && est_database_run (database, error,
                              "UPDATE message SET first_answer=NULL, put_off=0,"
                              " attempts=0, asked=1, reason=0, reply=NULL, ahead=0"
                              " WHERE id=?",
                              "i", entry->id);
}

static gint64
due_time (const EstDecision *decision, const EstEntry *entry)
{
  return entry->wanted > decision->now ? entry->wanted : AT_ONCE;
}

static gboolean
send_now (EstDatabase *database,
          const EstDecision *decision,
          const EstEntry *entry,
          GError **error)
{
  return (entry->state == EST_STATE_WAITING || begin_anew (database, entry, error))
         && est_database_run (database, error,
                              "UPDATE message SET not_before=? WHERE id=?", "ii", AT_ONCE,
                              entry->id);
}

/* Unlike sending now it keeps to the time its person once chose. */
static gboolean
let_go_on (EstDatabase *database,
           const EstDecision *decision,
           const EstEntry *entry,
           GError **error)
{
  return begin_anew (database, entry, error)
         && est_database_run (database, error,
                              "UPDATE message SET not_before=? WHERE id=?", "ii",
                              due_time (decision, entry), entry->id);
}

static gboolean
note_by_hand (EstDatabase *database,
              const EstDecision *decision,
              const EstEntry *entry,
              GError **error)
{
  return est_database_run (database, error,
                           "UPDATE message SET reason=?, reply=NULL WHERE id=?", "ii",
                           (gint64) EST_REASON_BY_HAND, entry->id);
}

/* What is damaged stays so, however often it is tried. */
static gboolean
is_not_damaged (const EstEntry *entry)
{
  return entry->state != EST_STATE_HELD || entry->reason != EST_REASON_DAMAGED;
}

static gboolean
may_have_arrived (const EstEntry *entry)
{
  return entry->reason == EST_REASON_UNCERTAIN || entry->reason == EST_REASON_RESTORED;
}

static gboolean
count_as_arrived (EstDatabase *database,
                  const EstDecision *decision,
                  const EstEntry *entry,
                  GError **error)
{
  EstState to = state_after (EST_WISH_ARRIVED, entry);
  EstReason reason
    = to == EST_STATE_FAILED ? EST_REASON_RECIPIENT_REFUSED : EST_REASON_NONE;
  return est_database_run (
           database, error,
           "UPDATE recipient SET state=? WHERE message=? AND state IN (?, ?)", "iiii",
           (gint64) EST_RECIPIENT_SENT, entry->id, (gint64) EST_RECIPIENT_PENDING,
           (gint64) EST_RECIPIENT_DOUBTFUL)
         && est_database_run (database, error, "UPDATE message SET reason=? WHERE id=?",
                              "ii", (gint64) reason, entry->id);
}

static gboolean
drop (EstDatabase *database,
      const EstDecision *decision,
      const EstEntry *entry,
      GError **error)
{
  return est_write_drop_content (database, entry->id, error);
}

static const Nature natures[] = {
  [EST_WISH_SEND]
  = {NULL,        IN (WAITING) | IN (FAILED) | IN (HELD), is_not_damaged,   send_now        },
  [EST_WISH_HOLD] = {"held",      IN (WAITING),                           NULL,             note_by_hand    },
  [EST_WISH_RELEASE] = {"released",  IN (HELD),                              is_not_damaged,   let_go_on       },
  [EST_WISH_ARRIVED] = {"arrived",   IN (HELD),                              may_have_arrived, count_as_arrived},
  [EST_WISH_DISCARD] = {"discarded", IN (WAITING) | IN (FAILED) | IN (HELD), NULL,             drop            },
};

static gboolean
is_possible (EstWish wish, const EstEntry *entry, GError **error)
{
  const Nature *nature = &natures[wish];
  EstState to = state_after (wish, entry);
  if ((nature->states & EST_STATE_BIT (entry->state)) != 0
      && (nature->fits == NULL || nature->fits (entry)))
    return entry->state == to || est_state_check (entry->id, entry->state, to, error);
  g_set_error (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_POSSIBLE,
               "%" G_GINT64_FORMAT " %s", entry->id, est_state_nick (entry->state));
  return FALSE;
}

static gboolean
note_change (EstDatabase *database,
             const EstDecision *decision,
             const EstEntry *entry,
             EstState to,
             GError **error)
{
  EstChange change = {entry->id, (int) entry->state, (int) to};
  g_array_append_val (decision->changes, change);
  return est_database_run (
    database, error, "UPDATE message SET state=?, settled=?, stamp=? WHERE id=?", "iiii",
    (gint64) to, decision->now, decision->stamp, entry->id);
}

static gboolean
note_in_journal (EstDatabase *database,
                 const EstDecision *decision,
                 const EstEntry *entry,
                 const char *word,
                 GError **error)
{
  return word == NULL
         || est_attempt_note (database, entry->id, decision->now, EST_REASON_BY_HAND,
                              word, error);
}

/* Ten thousand that are due already need not be written to. */
static gboolean
is_as_wished (EstWish wish, const EstEntry *entry, gint64 now)
{
  return wish == EST_WISH_SEND && entry->state == EST_STATE_WAITING
         && entry->not_before <= now;
}

static gboolean
grant (EstDatabase *database,
       EstDecision *decision,
       const EstEntry *entry,
       GError **error)
{
  if (is_as_wished (decision->wish, entry, decision->now))
    {
      decision->as_wished++;
      return TRUE;
    }
  const Nature *nature = &natures[decision->wish];
  EstState to = state_after (decision->wish, entry);
  gboolean again = decision->wish == EST_WISH_SEND && entry->state != EST_STATE_WAITING;
  return nature->apply (database, decision, entry, error)
         && note_change (database, decision, entry, to, error)
         && note_in_journal (database, decision, entry,
                             again ? "to be sent again" : nature->word, error)
         && (to != EST_STATE_SENT || est_write_drop_content (database, entry->id, error));
}

/* Runs through the messages; @check says whether it can be, @apply does it. */
typedef gboolean (*Check) (const EstDecision *decision,
                           const EstEntry *entry,
                           GError **error);
typedef gboolean (*Apply) (EstDatabase *database,
                           EstDecision *decision,
                           const EstEntry *entry,
                           GError **error);

static gboolean
for_each (
  EstDatabase *database, EstDecision *decision, Check check, Apply apply, GError **error)
{
  for (guint i = 0; i < decision->ids->len; i++)
    {
      g_autoptr (GError) refusal = NULL;
      gint64 id = g_array_index (decision->ids, gint64, i);
      g_autoptr (EstEntry) entry = est_entry_load (database, id, error);
      if (entry == NULL)
        return FALSE;
      if (!check (decision, entry, &refusal))
        {
          if (!decision->strict)
            continue;
          g_propagate_error (error, g_steal_pointer (&refusal));
          return FALSE;
        }
      if (!apply (database, decision, entry, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_wish (const EstDecision *decision, const EstEntry *entry, GError **error)
{
  return is_possible (decision->wish, entry, error);
}

gboolean
est_decide_wish (EstDatabase *database, gpointer decision, GError **error)
{
  return for_each (database, decision, check_wish, grant, error);
}

static gboolean
check_move (const EstDecision *decision, const EstEntry *entry, GError **error)
{
  if (!is_possible (EST_WISH_DISCARD, entry, error))
    return FALSE;
  if (decision->may (decision->account, entry->sender, decision->may_data))
    return TRUE;
  g_set_error_literal (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NOT_ITS_SENDER,
                       decision->account);
  return FALSE;
}

/* Another relay: what the first one said about it counts no more. */
static gboolean
move (EstDatabase *database, EstDecision *decision, const EstEntry *entry, GError **error)
{
  g_autofree char *words
    = g_strdup_printf ("moved from %s to %s", entry->account, decision->account);
  return est_database_run (database, error,
                           "UPDATE message SET account=?, first_answer=NULL, put_off=0,"
                           " attempts=0, not_before=?, ahead=0 WHERE id=?",
                           "sii", decision->account, due_time (decision, entry),
                           entry->id)
         && est_seal_set (database, entry->id, error)
         && note_change (database, decision, entry, entry->state, error)
         && note_in_journal (database, decision, entry, words, error);
}

gboolean
est_decide_move (EstDatabase *database, gpointer decision, GError **error)
{
  return for_each (database, decision, check_move, move, error);
}

static int
find_recipient (const EstEntry *entry, const char *address)
{
  for (guint i = 0; i < entry->n_recipients; i++)
    if (entry->recipients[i].state != EST_RECIPIENT_SENT
        && g_str_equal (entry->recipients[i].address, address))
      return (int) i;
  return -1;
}

static gboolean
check_readdress (const EstDecision *decision, const EstEntry *entry, GError **error)
{
  if (!is_possible (EST_WISH_SEND, entry, error))
    return FALSE;
  if (find_recipient (entry, decision->from) >= 0)
    return TRUE;
  g_set_error_literal (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_NO_SUCH_RECIPIENT,
                       decision->from);
  return FALSE;
}

/* Other refused recipients stay refused: only this one was mended. A held message stays
   held: its question is not answered yet. */
static gboolean
readdress (EstDatabase *database,
           EstDecision *decision,
           const EstEntry *entry,
           GError **error)
{
  g_autofree char *words
    = g_strdup_printf ("recipient %s changed to %s", decision->from, decision->to);
  EstState to = entry->state == EST_STATE_HELD ? EST_STATE_HELD : EST_STATE_WAITING;
  return est_database_run (database, error,
                           "UPDATE recipient SET address=?, state=?, reply=NULL"
                           " WHERE message=? AND number=?",
                           "siii", decision->to, (gint64) EST_RECIPIENT_PENDING,
                           entry->id, (gint64) find_recipient (entry, decision->from))
         && est_database_run (database, error,
                              "UPDATE message SET not_before=?, first_answer=NULL,"
                              " put_off=0, attempts=0 WHERE id=?",
                              "ii", AT_ONCE, entry->id)
         && est_seal_set (database, entry->id, error)
         && note_change (database, decision, entry, to, error)
         && note_in_journal (database, decision, entry, words, error);
}

gboolean
est_decide_readdress (EstDatabase *database, gpointer decision, GError **error)
{
  return for_each (database, decision, check_readdress, readdress, error);
}
