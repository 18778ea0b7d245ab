/* The thread, its beginning and its end. */
#include "dispatcher/shift.h"

struct EstWorker
{
  EstShift shift;
  GThread *thread;
};

/* Callbacks that have not come yet do not come any more. */
static void
free_worker (EstWorker *worker)
{
  EstShift *shift = &worker->shift;
  g_thread_join (worker->thread);
  est_messenger_free (shift->messenger);
  est_hand_free (shift->hand);
  est_crew_unref (shift->errand.crew);
  g_object_unref (shift->errand.outbox);
  g_object_unref (shift->errand.credentials);
  est_settings_unref (shift->errand.settings);
  est_account_unref (shift->errand.account);
  est_pause_free (shift->pause);
  est_reins_clear (&shift->reins);
  g_free (worker);
}

static gboolean
tell_done (gpointer data)
{
  EstWorker *worker = data;
  g_autofree char *account = g_strdup (worker->shift.errand.account->name);
  EstWorkerListener listener = worker->shift.listener;
  free_worker (worker);
  listener.done (worker, account, listener.data);
  return G_SOURCE_REMOVE;
}

/* The farewell comes before the news of the end, for whoever gets that waits for this
   thread. */
static gpointer
work (gpointer data)
{
  EstWorker *worker = data;
  est_shift_work (&worker->shift);
  est_messenger_send (worker->shift.messenger, tell_done, worker, NULL);
  return NULL;
}

static void
set_in_doubt (gpointer shift, gboolean in_doubt)
{
  est_reins_set_in_doubt (&((EstShift *) shift)->reins, in_doubt);
}

static gboolean
rest (gpointer shift, guint milliseconds)
{
  return est_reins_rest (&((EstShift *) shift)->reins, milliseconds);
}

static void
on_stuck (gpointer shift, const GError *error)
{
  est_shift_pause (shift, EST_REASON_STORE, error->message, NULL);
}

static EstDelivery
describe_delivery (EstShift *shift)
{
  return (EstDelivery){.outbox = shift->errand.outbox,
                       .account = shift->errand.account,
                       .limits = &shift->errand.settings->delivery,
                       .stint = &shift->errand.stint,
                       .cancellable = shift->reins.cancellable,
                       .in_doubt = set_in_doubt,
                       .stuck = on_stuck,
                       .rest = rest,
                       .data = shift};
}

static void
take_errand (EstShift *shift, const EstErrand *errand)
{
  shift->errand = *errand;
  g_object_ref (errand->outbox);
  g_object_ref (errand->credentials);
  est_settings_ref (errand->settings);
  est_account_ref (errand->account);
  est_crew_ref (errand->crew);
  shift->errand.pause = NULL;
  shift->pause = errand->pause != NULL ? est_pause_copy (errand->pause) : NULL;
}

EstWorker *
est_worker_start (const EstErrand *errand, const EstWorkerListener *listener)
{
  EstWorker *worker = g_new0 (EstWorker, 1);
  EstShift *shift = &worker->shift;
  take_errand (shift, errand);
  shift->listener = *listener;
  shift->hand = est_hand_new (errand->crew);
  shift->messenger = est_messenger_new ();
  est_reins_init (&shift->reins);
  shift->delivery = describe_delivery (shift);
  worker->thread = g_thread_new ("relay-worker", work, worker);
  return worker;
}

void
est_worker_finish (EstWorker *worker)
{
  est_reins_stop (&worker->shift.reins);
  est_hand_ring (worker->shift.hand);
}

void
est_worker_stop (EstWorker *worker, gint64 until)
{
  est_reins_end (&worker->shift.reins, until);
  free_worker (worker);
}
