/* Incidents and their notices. */
#include "desktop/incident.h"

#include "base/clock.h"
#include "base/user.h"
#include "desktop/app-questions.h"
#include "desktop/batch.h"

/* Shorter waits for a budget are not told. */
#define SHORT_WAIT (10 * G_TIME_SPAN_MINUTE)

struct EstIncidents
{
  EstOutbox *outbox;
  EstNoticeBoard *board;
  EstBatch *batch;
  EstAppQuestions *questions;
  GHashTable *pauses; /* account -> EstPause as told */
  GHashTable *told;   /* account of @pauses -> how many messages were told to wait */
  gboolean news;      /* more or fewer messages wait, not told yet */
  gboolean asked;     /* messages with a question came or went, not told yet */
  guint asking[EST_N_REASONS]; /* how many ask together, as told */
};

static void
on_pressed (const char *incident, const char *code, GObject *buttons)
{
  est_buttons_press (EST_BUTTONS (buttons), incident, code);
}

EstIncidents *
est_incidents_new (EstOutbox *outbox, EstApps *apps, EstButtons *buttons)
{
  EstIncidents *incidents = g_new0 (EstIncidents, 1);
  incidents->outbox = g_object_ref (outbox);
  incidents->board = est_notice_board_new (on_pressed, G_OBJECT (buttons));
  incidents->batch = est_batch_new (outbox, incidents->board);
  incidents->questions = est_app_questions_new (outbox, apps, incidents->board);
  incidents->pauses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) est_pause_free);
  incidents->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  incidents->asked = TRUE; /* by an earlier run, perhaps */
  return incidents;
}

void
est_incidents_free (EstIncidents *incidents)
{
  g_object_unref (incidents->outbox);
  est_batch_free (incidents->batch);
  est_app_questions_free (incidents->questions);
  est_notice_board_free (incidents->board);
  g_hash_table_unref (incidents->pauses);
  g_hash_table_unref (incidents->told);
  g_free (incidents);
}

static void
put_pause (EstIncidents *incidents, const EstPause *pause)
{
  const char *account = pause->account;
  guint count = est_outbox_count_waiting (incidents->outbox, account);
  gboolean needs_somebody = est_reason_permanence (pause->reason) == EST_PERMANENT;
  g_autofree char *incident = est_buttons_name_account (account);
  g_autoptr (EstNotice) notice = est_notice_waiting (
    pause->reason, account, MAX (count, 1), pause->figures, pause->reply);
  g_hash_table_insert (incidents->told, g_strdup (account), GUINT_TO_POINTER (count));
  est_notice_board_put (incidents->board, incident,
                        needs_somebody ? EST_NOTICE_TROUBLE : EST_NOTICE_STAYS, notice);
}

static void
take_pause (EstIncidents *incidents, const char *account)
{
  g_autofree char *incident = est_buttons_name_account (account);
  g_hash_table_remove (incidents->told, account);
  est_notice_board_take (incidents->board, incident);
}

static void
forget_pause (EstIncidents *incidents, const char *account)
{
  g_hash_table_remove (incidents->pauses, account);
  take_pause (incidents, account);
}

static gboolean
is_for_a_budget (const EstPause *pause)
{
  return pause->reason == EST_REASON_BUDGET;
}

/* A budget that lets mail leave again within minutes is nobody's trouble. */
static gboolean
is_worth_telling (const EstPause *pause)
{
  return !is_for_a_budget (pause) || pause->retry - est_clock_now () > SHORT_WAIT;
}

/* What somebody is asked about is another question with other figures. */
static gboolean
is_the_same (const EstPause *told, const EstPause *pause)
{
  return told != NULL && told->reason == pause->reason
         && (est_reason_permanence (pause->reason) != EST_PERMANENT
             || g_strcmp0 (told->figures, pause->figures) == 0);
}

/* The same trouble going on for hours is told once, not at each attempt. */
void
est_incidents_paused (EstIncidents *incidents, const EstPause *pause)
{
  const EstPause *told = g_hash_table_lookup (incidents->pauses, pause->account);
  if (is_the_same (told, pause))
    return;
  if (!is_worth_telling (pause))
    {
      if (told != NULL)
        forget_pause (incidents, pause->account);
      return;
    }
  g_hash_table_insert (incidents->pauses, g_strdup (pause->account),
                       est_pause_copy (pause));
  put_pause (incidents, pause);
}

/* Whether something waits that is not for later anyway. */
static gboolean
is_due (EstIncidents *incidents, const char *account)
{
  return est_outbox_next_due (incidents->outbox, account, G_MAXUINT64)
         <= est_clock_now ();
}

/* A full window lets one message through now and then, and is full again: it is one
   incident until nothing waits for it any more. */
void
est_incidents_resumed (EstIncidents *incidents, const char *account)
{
  const EstPause *told = g_hash_table_lookup (incidents->pauses, account);
  if (told == NULL || !is_for_a_budget (told) || !is_due (incidents, account))
    forget_pause (incidents, account);
}

/* New messages for an account that cannot send: the person who has just written one
   should see that it waits, and for what. When none is left, nothing is in trouble. */
static void
tell_waiting (EstIncidents *incidents)
{
  GHashTableIter iterator;
  gpointer account, pause;
  g_hash_table_iter_init (&iterator, incidents->pauses);
  while (g_hash_table_iter_next (&iterator, &account, &pause))
    {
      if (is_for_a_budget (pause) && !is_due (incidents, account))
        {
          take_pause (incidents, account);
          g_hash_table_iter_remove (&iterator);
          continue;
        }
      guint count = est_outbox_count_waiting (incidents->outbox, account);
      gpointer told = g_hash_table_lookup (incidents->told, account);
      if (count > GPOINTER_TO_UINT (told))
        put_pause (incidents, pause);
      else if (count == 0)
        take_pause (incidents, account);
    }
}

static gboolean
waits_for_a_budget (EstIncidents *incidents)
{
  GHashTableIter iterator;
  gpointer pause;
  g_hash_table_iter_init (&iterator, incidents->pauses);
  while (g_hash_table_iter_next (&iterator, NULL, &pause))
    if (is_for_a_budget (pause))
      return TRUE;
  return FALSE;
}

static gboolean
is_asked_together (EstReason reason)
{
  return reason == EST_REASON_OLD || reason == EST_REASON_RESTORED
         || reason == EST_REASON_APP;
}

/* One question, however many messages ask it; once, as long as they are as many. */
static void
tell_asked (EstIncidents *incidents, EstReason reason, const char *incident)
{
  guint count = est_outbox_count_held (incidents->outbox, reason);
  if (count == incidents->asking[reason])
    return;
  incidents->asking[reason] = count;
  if (count == 0)
    {
      est_notice_board_take (incidents->board, incident);
      return;
    }
  g_autoptr (EstNotice) notice = est_notice_asked (reason, count);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

static void
tell_put_off (EstIncidents *incidents,
              const EstEntry *entry,
              const char *incident,
              guint warning_seconds)
{
  gboolean long_enough = entry->put_off >= (gint64) warning_seconds * G_USEC_PER_SEC;
  if (entry->reason != EST_REASON_DEFERRED || !long_enough
      || est_notice_board_has (incidents->board, incident))
    return;
  g_autoptr (EstNotice) notice
    = est_notice_waiting (entry->reason, entry->account, 1, entry->figures, entry->reply);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_STAYS, notice);
}

/* Who has stopped a message by hand knows it. */
static void
put_held (EstIncidents *incidents, const EstEntry *entry, const char *incident)
{
  if (is_asked_together (entry->reason) || entry->reason == EST_REASON_BY_HAND)
    return;
  g_autoptr (EstNotice) notice
    = est_notice_held (entry->reason, entry->subject, entry->figures);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

static void
tell_outcome (EstIncidents *incidents,
              gint64 id,
              EstState to,
              const char *incident,
              guint warning_seconds)
{
  g_autoptr (EstEntry) entry = est_outbox_get (incidents->outbox, id, NULL);
  if (entry == NULL)
    return;
  if (to == EST_STATE_WAITING)
    tell_put_off (incidents, entry, incident, warning_seconds);
  else if (to == EST_STATE_FAILED)
    est_batch_add_failed (incidents->batch, entry);
  else if (to == EST_STATE_HELD)
    put_held (incidents, entry, incident);
}

/* What came of an attempt, which is one message at a time, and not what its person or the
   calendar decided about thousands together: those are not looked at one by one. */
static gboolean
is_outcome (int from, EstState to)
{
  return from == EST_STATE_SENDING || from == EST_STATE_UNCERTAIN
         || to == EST_STATE_FAILED;
}

void
est_incidents_message (
  EstIncidents *incidents, gint64 id, int from, EstState to, guint warning_seconds)
{
  g_autofree char *incident = est_batch_incident (id);
  if (to == EST_STATE_SENDING)
    return;
  if (from == EST_STATE_HELD || to == EST_STATE_HELD || from == EST_STATE_FAILED)
    incidents->asked = TRUE;
  if (from != EST_STATE_SENDING && (from == EST_STATE_WAITING || to == EST_STATE_WAITING))
    incidents->news = g_hash_table_size (incidents->pauses) > 0;
  if (is_outcome (from, to) && to != EST_STATE_SENT && to != EST_STATE_DISCARDED)
    tell_outcome (incidents, id, to, incident, warning_seconds);
  else if (from >= 0)
    est_notice_board_take (incidents->board, incident);
  if (to == EST_STATE_SENT && from == EST_STATE_SENDING)
    {
      est_batch_add_sent (incidents->batch, id);
      incidents->news = incidents->news || waits_for_a_budget (incidents);
    }
}

gboolean
est_incidents_has_pending (EstIncidents *incidents)
{
  return est_batch_is_pending (incidents->batch) || incidents->news || incidents->asked;
}

void
est_incidents_tell_pending (EstIncidents *incidents)
{
  est_batch_tell (incidents->batch);
  if (incidents->news)
    tell_waiting (incidents);
  incidents->news = FALSE;
  if (incidents->asked)
    {
      tell_asked (incidents, EST_REASON_OLD, "old");
      tell_asked (incidents, EST_REASON_RESTORED, "restored");
      est_batch_tidy (incidents->batch);
      est_app_questions_tell (incidents->questions);
    }
  incidents->asked = FALSE;
}

void
est_incidents_set_aside (EstIncidents *incidents)
{
  g_auto (GStrv) names = est_outbox_set_aside (incidents->outbox);
  guint n = g_strv_length (names);
  if (n == 0)
    return;
  g_autoptr (EstNotice) notice = est_notice_set_aside (names[n - 1]);
  est_notice_board_put (incidents->board, "set aside", EST_NOTICE_TROUBLE, notice);
}

void
est_incidents_bereft (EstIncidents *incidents)
{
  g_autoptr (EstNotice) notice = est_notice_bereft ();
  est_notice_board_put (incidents->board, "bereft", EST_NOTICE_TROUBLE, notice);
}

void
est_incidents_undecided (EstIncidents *incidents, const char *program)
{
  est_app_questions_forget (incidents->questions, program);
  incidents->asked = TRUE;
}

void
est_incidents_port_taken (EstIncidents *incidents, const char *address, guint uid)
{
  static const char incident[] = "port";
  if (address == NULL)
    {
      est_notice_board_take (incidents->board, incident);
      return;
    }
  g_autofree char *user = est_user_name (uid);
  g_autoptr (EstNotice) notice = est_notice_port_taken (address, user);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

void
est_incidents_settings (EstIncidents *incidents, const char *problem)
{
  static const char incident[] = "settings";
  incidents->asked = TRUE; /* what is said about apps stands there too */
  if (problem == NULL)
    {
      est_notice_board_take (incidents->board, incident);
      return;
    }
  g_autoptr (EstNotice) notice = est_notice_settings (problem);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}
