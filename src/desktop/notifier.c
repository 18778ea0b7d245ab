/* The notifier's two halves: handlers on the main loop that only queue, and the thread
   that tells. */
#include "desktop/notifier.h"

#include "desktop/incident.h"

#include <locale.h>

#define QUEUE_LIMIT           10000 /* a hung server must not fill the memory */
#define TOGETHER_USEC         (1 * G_USEC_PER_SEC) /* what comes within it is told in one */
#define LONGEST_TOGETHER_USEC (3 * G_USEC_PER_SEC)
#define FAREWELL_USEC         (2 * G_USEC_PER_SEC)

typedef enum
{
  EVENT_MESSAGE,
  EVENT_PAUSED,
  EVENT_RESUMED,
  EVENT_PORT_TAKEN,
  EVENT_SETTINGS,
  EVENT_UNDECIDED,
  EVENT_SET_ASIDE,
  EVENT_BEREFT,
  EVENT_END,
} EventKind;

typedef struct
{
  EventKind kind;
  gint64 id;
  int from;
  EstState to;
  guint number; /* warning_seconds, or a uid */
  char *text;   /* account, address, program or problem */
  EstPause *pause;
} Event;

struct EstNotifier
{
  EstOutbox *outbox;
  EstDispatcher *dispatcher;
  EstAccounts *accounts;
  EstApps *apps;
  EstButtons *buttons;
  GAsyncQueue *events; /* Event */
  GAsyncQueue *farewell;
  GThread *thread;
};

static void
free_event (Event *event)
{
  g_free (event->text);
  est_pause_free (event->pause);
  g_free (event);
}

/* FALSE: that was the last one. */
static gboolean
handle (EstIncidents *incidents, Event *event)
{
  switch (event->kind)
    {
    case EVENT_MESSAGE:
      est_incidents_message (incidents, event->id, event->from, event->to, event->number);
      break;
    case EVENT_PAUSED:
      est_incidents_paused (incidents, event->pause);
      break;
    case EVENT_RESUMED:
      est_incidents_resumed (incidents, event->text);
      break;
    case EVENT_PORT_TAKEN:
      est_incidents_port_taken (incidents, event->text, event->number);
      break;
    case EVENT_SETTINGS:
      est_incidents_settings (incidents, event->text);
      break;
    case EVENT_UNDECIDED:
      est_incidents_undecided (incidents, event->text);
      break;
    case EVENT_SET_ASIDE:
      est_incidents_set_aside (incidents);
      break;
    case EVENT_BEREFT:
      est_incidents_bereft (incidents);
      break;
    case EVENT_END:
      return FALSE;
    }
  return TRUE;
}

/* What is told together waits for what else comes in that moment, but not for ever. */
static Event *
next_event (GAsyncQueue *events, EstIncidents *incidents, gint64 *due)
{
  gint64 now = g_get_monotonic_time ();
  if (!est_incidents_has_pending (incidents))
    *due = now + LONGEST_TOGETHER_USEC;
  if (!est_incidents_has_pending (incidents))
    return g_async_queue_pop (events);
  if (now >= *due)
    return NULL;
  return g_async_queue_timeout_pop (events, (guint64) MIN (TOGETHER_USEC, *due - now));
}

typedef struct
{
  EstOutbox *outbox;
  EstApps *apps;
  EstButtons *buttons;
  GAsyncQueue *events;
  GAsyncQueue *farewell;
} Telling;

/* Log and journal stay English, so the process as a whole does: only this thread speaks
   the person's language. 0 if that is none this machine knows. */
static locale_t
speak_as_the_person (void)
{
  locale_t own = newlocale (LC_ALL_MASK, "", (locale_t) 0);
  if (own != (locale_t) 0)
    uselocale (own);
  return own;
}

static void
fall_silent (locale_t own)
{
  uselocale (LC_GLOBAL_LOCALE);
  if (own != (locale_t) 0)
    freelocale (own);
}

static gpointer
tell (gpointer data)
{
  g_autofree Telling *telling = data;
  locale_t own = speak_as_the_person ();
  EstIncidents *incidents
    = est_incidents_new (telling->outbox, telling->apps, telling->buttons);
  gint64 due = 0;
  for (gboolean more = TRUE; more;)
    {
      Event *event = next_event (telling->events, incidents, &due);
      gboolean last = event != NULL && event->kind == EVENT_END;
      if ((event == NULL || last) && est_incidents_has_pending (incidents))
        est_incidents_tell_pending (incidents);
      if (event == NULL)
        continue;
      more = handle (incidents, event);
      free_event (event);
    }
  est_incidents_free (incidents);
  fall_silent (own);
  g_object_unref (telling->outbox);
  g_object_unref (telling->apps);
  g_object_unref (telling->buttons);
  g_async_queue_push (telling->farewell, GINT_TO_POINTER (TRUE));
  g_async_queue_unref (telling->events);
  g_async_queue_unref (telling->farewell);
  return NULL;
}

static void
queue (EstNotifier *notifier, Event event)
{
  gboolean full = g_async_queue_length (notifier->events) >= QUEUE_LIMIT;
  if (full && event.kind == EVENT_MESSAGE && event.to == EST_STATE_SENT)
    return;
  g_async_queue_push (notifier->events, g_memdup2 (&event, sizeof event));
}

static void
on_changed (EstOutbox *outbox, gint64 id, int from, int to, EstNotifier *notifier)
{
  g_autoptr (EstSettings) settings = est_accounts_get (notifier->accounts);
  queue (notifier, (Event){.kind = EVENT_MESSAGE,
                           .id = id,
                           .from = from,
                           .to = (EstState) to,
                           .number = settings->delivery.warning_seconds});
}

static void
on_paused (EstDispatcher *dispatcher, const EstPause *pause, EstNotifier *notifier)
{
  queue (notifier, (Event){.kind = EVENT_PAUSED, .pause = est_pause_copy (pause)});
}

static void
on_resumed (EstDispatcher *dispatcher, const char *account, EstNotifier *notifier)
{
  queue (notifier, (Event){.kind = EVENT_RESUMED, .text = g_strdup (account)});
}

static void
on_settings (EstAccounts *accounts, EstNotifier *notifier)
{
  queue (notifier,
         (Event){.kind = EVENT_SETTINGS, .text = est_accounts_dup_problem (accounts)});
}

static void
on_undecided (EstApps *apps, const char *program, EstNotifier *notifier)
{
  queue (notifier, (Event){.kind = EVENT_UNDECIDED, .text = g_strdup (program)});
}

void
est_notifier_port_taken (EstNotifier *notifier, const char *address, guint uid)
{
  queue (notifier,
         (Event){.kind = EVENT_PORT_TAKEN, .text = g_strdup (address), .number = uid});
}

static void
start_thread (EstNotifier *notifier)
{
  Telling *telling = g_new (Telling, 1);
  *telling = (Telling){.outbox = g_object_ref (notifier->outbox),
                       .apps = g_object_ref (notifier->apps),
                       .buttons = g_object_ref (notifier->buttons),
                       .events = g_async_queue_ref (notifier->events),
                       .farewell = g_async_queue_ref (notifier->farewell)};
  notifier->thread = g_thread_new ("notifier", tell, telling);
}

/* What the person has to mend is told anew after each start: mail must not wait silently.
   What passes by itself is tried at once, and told then if need be. */
static void
tell_old_pauses (EstNotifier *notifier)
{
  g_autoptr (GPtrArray) pauses = est_outbox_pauses (notifier->outbox, NULL);
  for (guint i = 0; pauses != NULL && i < pauses->len; i++)
    {
      const EstPause *pause = g_ptr_array_index (pauses, i);
      if (!est_reason_passes (pause->reason)
          && est_outbox_count_waiting (notifier->outbox, pause->account) > 0)
        on_paused (notifier->dispatcher, pause, notifier);
    }
}

EstNotifier *
est_notifier_new (EstOutbox *outbox,
                  EstDispatcher *dispatcher,
                  EstAccounts *accounts,
                  EstApps *apps,
                  EstButtons *buttons)
{
  EstNotifier *notifier = g_new0 (EstNotifier, 1);
  notifier->outbox = g_object_ref (outbox);
  notifier->dispatcher = g_object_ref (dispatcher);
  notifier->accounts = g_object_ref (accounts);
  notifier->apps = g_object_ref (apps);
  notifier->buttons = g_object_ref (buttons);
  notifier->events = g_async_queue_new_full ((GDestroyNotify) free_event);
  notifier->farewell = g_async_queue_new ();
  start_thread (notifier);
  g_signal_connect (outbox, "changed", G_CALLBACK (on_changed), notifier);
  g_signal_connect (dispatcher, "paused", G_CALLBACK (on_paused), notifier);
  g_signal_connect (dispatcher, "resumed", G_CALLBACK (on_resumed), notifier);
  g_signal_connect (accounts, "changed", G_CALLBACK (on_settings), notifier);
  g_signal_connect (apps, "undecided", G_CALLBACK (on_undecided), notifier);
  g_autofree char *problem = est_accounts_dup_problem (accounts);
  if (problem != NULL)
    on_settings (accounts, notifier);
  queue (notifier, (Event){.kind = EVENT_SET_ASIDE});
  if (est_outbox_is_bereft (outbox))
    queue (notifier, (Event){.kind = EVENT_BEREFT});
  tell_old_pauses (notifier);
  return notifier;
}

static void
stop_listening (EstNotifier *notifier)
{
  g_signal_handlers_disconnect_by_data (notifier->outbox, notifier);
  g_signal_handlers_disconnect_by_data (notifier->dispatcher, notifier);
  g_signal_handlers_disconnect_by_data (notifier->accounts, notifier);
  g_signal_handlers_disconnect_by_data (notifier->apps, notifier);
}

/* A thread that hangs in a notification server is left behind: it holds all it needs. */
void
est_notifier_free (EstNotifier *notifier)
{
  if (notifier == NULL)
    return;
  stop_listening (notifier);
  queue (notifier, (Event){.kind = EVENT_END});
  if (g_async_queue_timeout_pop (notifier->farewell, FAREWELL_USEC) != NULL)
    g_thread_join (notifier->thread);
  else
    g_thread_unref (notifier->thread);
  g_async_queue_unref (notifier->events);
  g_async_queue_unref (notifier->farewell);
  g_object_unref (notifier->outbox);
  g_object_unref (notifier->dispatcher);
  g_object_unref (notifier->accounts);
  g_object_unref (notifier->apps);
  g_object_unref (notifier->buttons);
  g_free (notifier);
}
