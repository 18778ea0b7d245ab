/* What one attempt came to. */
#include "outcome/outcome.h"

#include <string.h>

#define ANSWER_LIMIT (256 * 1024) /* octets of all answers together */

static const char *const recipient_nicks[EST_N_RECIPIENT_STATES] = {
  [EST_RECIPIENT_PENDING] = "pending",
  [EST_RECIPIENT_SENT] = "sent",
  [EST_RECIPIENT_FAILED] = "failed",
  [EST_RECIPIENT_DOUBTFUL] = "doubtful",
};

const char *
est_recipient_state_nick (EstRecipientState state)
{
  return recipient_nicks[state];
}

static void
clear_answer (gpointer data)
{
  est_reply_unref (((EstAnswer *) data)->reply);
}

EstOutcome *
est_outcome_new (guint recipients)
{
  EstOutcome *outcome = g_atomic_rc_box_new0 (EstOutcome);
  outcome->answers = g_array_new (FALSE, FALSE, sizeof (EstAnswer));
  g_array_set_clear_func (outcome->answers, clear_answer);
  outcome->n_verdicts = recipients;
  outcome->verdicts = g_new0 (EstVerdict, MAX (recipients, 1));
  return outcome;
}

static void
clear_outcome (gpointer data)
{
  EstOutcome *outcome = data;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    g_clear_pointer (&outcome->verdicts[i].reply, est_reply_unref);
  g_free (outcome->verdicts);
  g_array_unref (outcome->answers);
  g_free (outcome->detail);
  g_free (outcome->figures);
  g_clear_pointer (&outcome->reply, est_reply_unref);
  g_free (outcome->route.peer);
  g_free (outcome->route.tls);
  g_free (outcome->route.mechanism);
}

void
est_outcome_unref (EstOutcome *outcome)
{
  if (outcome != NULL)
    g_atomic_rc_box_release_full (outcome, clear_outcome);
}

static void
keep_reply (EstReply **place, EstReply *reply)
{
  EstReply *old = *place;
  *place = reply != NULL ? est_reply_ref (reply) : NULL;
  g_clear_pointer (&old, est_reply_unref);
}

void
est_outcome_set_reason (EstOutcome *outcome,
                        EstReason reason,
                        const char *detail,
                        EstReply *reply)
{
  outcome->reason = reason;
  g_free (outcome->detail);
  outcome->detail = g_strdup (detail);
  g_clear_pointer (&outcome->figures, g_free);
  keep_reply (&outcome->reply, reply);
}

void
est_outcome_set_figures (EstOutcome *outcome, const char *figures)
{
  g_free (outcome->figures);
  outcome->figures = g_strdup (figures);
}

void
est_outcome_set_rest (EstOutcome *outcome)
{
  outcome->rest = TRUE;
}

void
est_outcome_note_answer (EstOutcome *outcome,
                         EstStage stage,
                         guint recipient,
                         EstReply *reply)
{
  gsize length = strlen (reply->text);
  if (outcome->n_octets + length > ANSWER_LIMIT)
    return;
  outcome->n_octets += length;
  EstAnswer answer = {stage, recipient, est_reply_ref (reply)};
  g_array_append_val (outcome->answers, answer);
}

void
est_outcome_set_verdict (EstOutcome *outcome,
                         guint i,
                         EstRecipientState state,
                         EstReply *reply)
{
  g_return_if_fail (i < outcome->n_verdicts);
  outcome->verdicts[i].state = state;
  keep_reply (&outcome->verdicts[i].reply, reply);
}

void
est_outcome_set_relayed (EstOutcome *outcome, guint i)
{
  g_return_if_fail (i < outcome->n_verdicts);
  outcome->verdicts[i].relayed = TRUE;
}

void
est_outcome_settle_rest (EstOutcome *outcome, EstRecipientState state, EstReply *reply)
{
  for (guint i = 0; i < outcome->n_verdicts; i++)
    {
      const EstVerdict *verdict = &outcome->verdicts[i];
      if (verdict->state == EST_RECIPIENT_PENDING && verdict->reply == NULL)
        est_outcome_set_verdict (outcome, i, state, reply);
    }
}

guint
est_outcome_count (const EstOutcome *outcome, EstRecipientState state)
{
  guint count = 0;
  for (guint i = 0; i < outcome->n_verdicts; i++)
    count += outcome->verdicts[i].state == state;
  return count;
}
