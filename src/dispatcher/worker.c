/* Joins outbox and relay for the time of one connection. */
#include "dispatcher/worker.h"

#include "base/clock.h"
#include "dispatcher/delivery.h"

#define GRACE_USEC (3 * G_USEC_PER_SEC)

struct EstWorker
{
  EstErrand errand;
  EstWorkerNews told;
  EstWorkerNews done;
  gpointer data;
  GMainContext *context;
  GCancellable *cancellable;
  GThread *thread;
  EstPause *pause; /* what the account is left with */
  GPtrArray *news; /* GSource: on their way to the main loop */

  GMutex mutex; /* guards what is below */
  GCond settled;
  gboolean stopping;
  gboolean in_doubt; /* content is out, the relay's answer is not noted yet */
};

/* The same trouble going on is one incident: its beginning stays, its tries grow. */
static EstPause *
compose_pause (const EstWorker *worker,
               EstReason reason,
               const char *detail,
               const EstReply *reply)
{
  const EstDeliverySettings *limits = &worker->errand.settings->delivery;
  const EstPause *before = worker->pause;
  gboolean goes_on = before != NULL && before->reason == reason;
  gint64 now = est_clock_now ();
  EstPause *pause = g_new0 (EstPause, 1);
  pause->account = g_strdup (worker->errand.account->name);
  pause->reason = reason;
  pause->since = goes_on ? before->since : now;
  pause->tries = goes_on ? before->tries + 1 : 1;
  pause->retry = est_reason_passes (reason)
                   ? now + est_delivery_delay (limits, pause->tries - 1)
                   : G_MAXINT64;
  pause->detail = g_strdup (detail);
  pause->reply = reply != NULL ? est_reply_to_line (reply)
                 : goes_on     ? g_strdup (before->reply)
                               : NULL;
  return pause;
}

static void
pause_account (EstWorker *worker,
               EstReason reason,
               const char *detail,
               const EstReply *reply)
{
  g_autoptr (GError) error = NULL;
  if (g_cancellable_is_cancelled (worker->cancellable))
    return;
  EstPause *pause = compose_pause (worker, reason, detail, reply);
  est_pause_free (worker->pause);
  worker->pause = pause;
  g_message ("account %s waits: %s: %s", pause->account, est_reason_nick (reason),
             detail != NULL ? detail : "");
  if (!est_outbox_pause (worker->errand.outbox, pause, &error))
    g_warning ("the pause of %s could not be noted: %s", pause->account, error->message);
}

static void
set_in_doubt (gpointer data, gboolean in_doubt)
{
  EstWorker *worker = data;
  g_mutex_lock (&worker->mutex);
  worker->in_doubt = in_doubt;
  g_cond_signal (&worker->settled);
  g_mutex_unlock (&worker->mutex);
}

static void
send_news (EstWorker *worker, GSourceFunc tell, gpointer data, GDestroyNotify free)
{
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell, data, free);
  g_ptr_array_add (worker->news, source);
  g_source_attach (source, worker->context);
}

/* How the account stood when it was sent off. */
typedef struct
{
  EstWorker *worker;
  EstPause *pause;
} News;

static gboolean
tell_news (gpointer data)
{
  News *news = data;
  EstWorker *worker = news->worker;
  worker->told (worker->errand.account->name, g_steal_pointer (&news->pause),
                worker->data);
  return G_SOURCE_REMOVE;
}

static void
free_news (gpointer data)
{
  News *news = data;
  est_pause_free (news->pause);
  g_free (news);
}

static void
tell_how_it_stands (EstWorker *worker)
{
  News *news = g_new (News, 1);
  *news = (News){worker, worker->pause != NULL ? est_pause_copy (worker->pause) : NULL};
  send_news (worker, tell_news, news, free_news);
}

static void
on_stuck (gpointer data, const GError *error)
{
  EstWorker *worker = data;
  pause_account (worker, EST_REASON_STORE, error->message, NULL);
  tell_how_it_stands (worker);
}

/* Only a message the relay has answered about ends a pause: one that merely lets us in
   and then breaks off is still the same trouble. */
static void
end_pause (EstWorker *worker)
{
  g_autoptr (GError) error = NULL;
  if (worker->pause == NULL)
    return;
  if (!est_outbox_unpause (worker->errand.outbox, worker->errand.account->name, &error))
    g_warning ("the end of a pause could not be noted: %s", error->message);
  g_clear_pointer (&worker->pause, est_pause_free);
  tell_how_it_stands (worker);
}

/* TRUE: the next message may follow on this connection. */
static gboolean
deliver (EstWorker *worker, EstRelay *relay, const EstEntry *entry)
{
  EstDelivery delivery = {.outbox = worker->errand.outbox,
                          .limits = &worker->errand.settings->delivery,
                          .cancellable = worker->cancellable,
                          .in_doubt = set_in_doubt,
                          .stuck = on_stuck,
                          .data = worker};
  g_autoptr (EstOutcome) outcome = est_delivery_run (&delivery, relay, entry);
  if (est_reason_pauses (outcome->reason))
    {
      pause_account (worker, outcome->reason, outcome->detail, outcome->reply);
      return FALSE;
    }
  end_pause (worker);
  return est_relay_is_usable (relay);
}

static gboolean
is_stopping (EstWorker *worker)
{
  g_mutex_lock (&worker->mutex);
  gboolean stopping = worker->stopping;
  g_mutex_unlock (&worker->mutex);
  return stopping;
}

static EstEntry *
claim (EstWorker *worker)
{
  g_autoptr (GError) error = NULL;
  if (is_stopping (worker))
    return NULL;
  EstEntry *entry
    = est_outbox_claim (worker->errand.outbox, worker->errand.account->name, &error);
  if (error != NULL)
    pause_account (worker, EST_REASON_STORE, error->message, NULL);
  return entry;
}

/* Callbacks that have not come yet do not come any more. */
static void
free_worker (EstWorker *worker)
{
  g_thread_join (worker->thread);
  for (guint i = 0; i < worker->news->len; i++)
    g_source_destroy (g_ptr_array_index (worker->news, i));
  g_ptr_array_unref (worker->news);
  g_object_unref (worker->errand.outbox);
  g_object_unref (worker->errand.credentials);
  est_settings_unref (worker->errand.settings);
  est_account_unref (worker->errand.account);
  est_pause_free (worker->pause);
  g_object_unref (worker->cancellable);
  g_mutex_clear (&worker->mutex);
  g_cond_clear (&worker->settled);
  g_main_context_unref (worker->context);
  g_free (worker);
}

static gboolean
tell_done (gpointer data)
{
  EstWorker *worker = data;
  g_autofree char *account = g_strdup (worker->errand.account->name);
  EstPause *pause = g_steal_pointer (&worker->pause);
  EstWorkerNews done = worker->done;
  gpointer listener = worker->data;
  free_worker (worker);
  done (account, pause, listener);
  return G_SOURCE_REMOVE;
}

static EstRelay *
open_relay (EstWorker *worker)
{
  g_autoptr (EstReply) refusal = NULL;
  g_autoptr (GError) error = NULL;
  EstRelay *relay
    = est_relay_open (worker->errand.account, &worker->errand.settings->delivery,
                      worker->errand.credentials, worker->cancellable, &refusal, &error);
  if (relay == NULL && error->domain == EST_RELAY_ERROR)
    pause_account (worker, (EstReason) error->code, error->message, refusal);
  return relay;
}

/* The first message is claimed before the relay is called: nobody is called for nothing.
   The farewell comes before the news of the end, for whoever gets that waits for this
   thread. */
static gpointer
work (gpointer data)
{
  EstWorker *worker = data;
  g_autoptr (EstEntry) entry = claim (worker);
  g_autoptr (EstRelay) relay = entry != NULL ? open_relay (worker) : NULL;
  if (entry != NULL && relay == NULL)
    est_outbox_release (worker->errand.outbox, entry->id);
  while (entry != NULL && relay != NULL)
    {
      gboolean more = deliver (worker, relay, entry);
      g_clear_pointer (&entry, est_entry_free);
      if (more)
        entry = claim (worker);
    }
  g_clear_pointer (&relay, est_relay_close);
  send_news (worker, tell_done, worker, NULL);
  return NULL;
}

EstWorker *
est_worker_start (const EstErrand *errand,
                  EstWorkerNews told,
                  EstWorkerNews done,
                  gpointer data)
{
  EstWorker *worker = g_new0 (EstWorker, 1);
  worker->errand = (EstErrand){
    .outbox = g_object_ref (errand->outbox),
    .credentials = g_object_ref (errand->credentials),
    .settings = est_settings_ref (errand->settings),
    .account = est_account_ref (errand->account),
  };
  worker->pause = errand->pause != NULL ? est_pause_copy (errand->pause) : NULL;
  worker->told = told;
  worker->done = done;
  worker->data = data;
  g_mutex_init (&worker->mutex);
  g_cond_init (&worker->settled);
  worker->context = g_main_context_ref_thread_default ();
  worker->cancellable = g_cancellable_new ();
  worker->news = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  worker->thread = g_thread_new ("relay-worker", work, worker);
  return worker;
}

/* An answer that is under way is waited for: without it the message would be in doubt,
   and sent again. */
void
est_worker_stop (EstWorker *worker)
{
  gint64 until = g_get_monotonic_time () + GRACE_USEC;
  g_mutex_lock (&worker->mutex);
  worker->stopping = TRUE;
  while (worker->in_doubt && g_cond_wait_until (&worker->settled, &worker->mutex, until))
    ;
  g_mutex_unlock (&worker->mutex);
  g_cancellable_cancel (worker->cancellable);
  free_worker (worker);
}
