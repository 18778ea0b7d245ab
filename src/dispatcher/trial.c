/* One call at the server, and what it showed. */
#include "dispatcher/trial.h"

/* A person waits for it: a server that has not greeted by then counts as silent, although
   RFC 5321 would wait for minutes. */
#define PATIENCE 60 /* seconds, for each step */

typedef struct
{
  EstStep reached;
  const EstStepListener *listener;
} Progress;

static void
on_step (EstStep step, gpointer data)
{
  Progress *progress = data;
  progress->reached = step;
  if (progress->listener != NULL)
    progress->listener->begins (step, progress->listener->data);
}

static EstDeliverySettings
shorten (const EstDeliverySettings *limits)
{
  EstDeliverySettings shorter = *limits;
  shorter.greeting_seconds = MIN (limits->greeting_seconds, PATIENCE);
  shorter.command_seconds = MIN (limits->command_seconds, PATIENCE);
  return shorter;
}

static void
note_success (EstTrial *trial, EstRelay *relay)
{
  const EstRoute *route = est_relay_route (relay);
  trial->step = EST_STEP_DONE;
  trial->route.peer = g_strdup (route->peer);
  trial->route.tls = g_strdup (route->tls);
  trial->route.mechanism = g_strdup (route->mechanism);
  trial->size_limit = est_relay_offers (relay)->size_limit;
}

static void
note_failure (EstTrial *trial, EstStep reached, const GError *cause)
{
  trial->reason = (EstReason) cause->code;
  trial->step = est_step_of (reached, trial->reason);
  trial->detail = g_strdup (cause->message);
}

gboolean
est_trial_run (EstTrial *trial,
               EstAccount *account,
               const EstDeliverySettings *limits,
               EstCredentials *credentials,
               const EstStepListener *listener,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) cause = NULL;
  Progress progress = {EST_STEP_SETTINGS, listener};
  const EstStepListener own = {on_step, &progress};
  const EstDeliverySettings shorter = shorten (limits);
  g_autoptr (EstRelay) relay = est_relay_open_watched (
    account, &shorter, credentials, &own, cancellable, &trial->trouble, &cause);
  if (relay != NULL)
    note_success (trial, relay);
  else if (cause->domain == EST_RELAY_ERROR)
    note_failure (trial, progress.reached, cause);
  else
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return TRUE;
}

void
est_trial_clear (EstTrial *trial)
{
  g_free (trial->detail);
  est_trouble_clear (&trial->trouble);
  g_free (trial->route.peer);
  g_free (trial->route.tls);
  g_free (trial->route.mechanism);
}
