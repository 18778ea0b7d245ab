/* Incidents and their notices. */
#include "desktop/incident.h"

#include "base/clock.h"
#include "base/user.h"

#define SENT_LOOKED_AT 20 /* of many messages sent together, how many are looked up */

struct EstIncidents
{
  EstOutbox *outbox;
  EstNoticeBoard *board;
  GArray *sent;        /* gint64: ids not told yet */
  GHashTable *reasons; /* account -> EstReason it is paused for, as told */
};

EstIncidents *
est_incidents_new (EstOutbox *outbox)
{
  EstIncidents *incidents = g_new0 (EstIncidents, 1);
  incidents->outbox = g_object_ref (outbox);
  incidents->board = est_notice_board_new ();
  incidents->sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  incidents->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return incidents;
}

void
est_incidents_free (EstIncidents *incidents)
{
  g_object_unref (incidents->outbox);
  est_notice_board_free (incidents->board);
  g_array_unref (incidents->sent);
  g_hash_table_unref (incidents->reasons);
  g_free (incidents);
}

static char *
name_message (gint64 id)
{
  return g_strdup_printf ("message %" G_GINT64_FORMAT, id);
}

static char *
name_account (const char *account)
{
  return g_strconcat ("account ", account, NULL);
}

static void
put_pause (EstIncidents *incidents,
           const char *account,
           EstReason reason,
           const char *reply)
{
  guint count = est_outbox_count_waiting (incidents->outbox, account);
  gboolean needs_somebody = est_reason_permanence (reason) == EST_PERMANENT;
  g_autofree char *incident = name_account (account);
  g_autoptr (EstNotice) notice
    = est_notice_waiting (reason, account, MAX (count, 1), reply);
  est_notice_board_put (incidents->board, incident,
                        needs_somebody ? EST_NOTICE_TROUBLE : EST_NOTICE_STAYS, notice);
}

/* The same trouble going on for hours is told once, not at each attempt. */
void
est_incidents_paused (EstIncidents *incidents, const EstPause *pause)
{
  gpointer told = g_hash_table_lookup (incidents->reasons, pause->account);
  if (GPOINTER_TO_INT (told) == (int) pause->reason)
    return;
  g_hash_table_insert (incidents->reasons, g_strdup (pause->account),
                       GINT_TO_POINTER (pause->reason));
  put_pause (incidents, pause->account, pause->reason, pause->reply);
}

void
est_incidents_resumed (EstIncidents *incidents, const char *account)
{
  g_autofree char *incident = name_account (account);
  g_hash_table_remove (incidents->reasons, account);
  est_notice_board_take (incidents->board, incident);
}

static void
put_failed (EstIncidents *incidents, const EstEntry *entry, const char *incident)
{
  guint n_sent = 0;
  g_autoptr (GPtrArray) refused = g_ptr_array_new ();
  const char *reply = entry->reply;
  for (guint i = 0; i < entry->n_recipients; i++)
    {
      const EstRecipient *recipient = &entry->recipients[i];
      n_sent += recipient->state == EST_RECIPIENT_SENT;
      if (recipient->state != EST_RECIPIENT_FAILED)
        continue;
      g_ptr_array_add (refused, recipient->address);
      if (recipient->reply != NULL)
        reply = recipient->reply;
    }
  g_ptr_array_add (refused, NULL);
  g_autoptr (EstNotice) notice = est_notice_failed (
    entry->subject, (const char *const *) refused->pdata, n_sent, reply);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

/* A new message for an account that cannot send: the person who has just written it
   should see that it waits, and for what. */
static void
tell_new (EstIncidents *incidents, const EstEntry *entry)
{
  gpointer reason = g_hash_table_lookup (incidents->reasons, entry->account);
  if (reason != NULL)
    put_pause (incidents, entry->account, (EstReason) GPOINTER_TO_INT (reason), NULL);
}

static void
tell_put_off (EstIncidents *incidents,
              const EstEntry *entry,
              const char *incident,
              guint warning_seconds)
{
  gint64 limit = (gint64) warning_seconds * G_USEC_PER_SEC;
  gboolean long_enough
    = entry->first_answer != 0 && est_clock_now () - entry->first_answer >= limit;
  if (entry->reason != EST_REASON_DEFERRED || !long_enough
      || est_notice_board_has (incidents->board, incident))
    return;
  g_autoptr (EstNotice) notice
    = est_notice_waiting (entry->reason, entry->account, 1, entry->reply);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_STAYS, notice);
}

static void
tell_waiting (EstIncidents *incidents,
              const EstEntry *entry,
              int from,
              const char *incident,
              guint warning_seconds)
{
  if (from < 0)
    tell_new (incidents, entry);
  else if (from == EST_STATE_SENDING)
    tell_put_off (incidents, entry, incident, warning_seconds);
  else
    est_notice_board_take (incidents->board, incident);
}

static void
put_held (EstIncidents *incidents, const EstEntry *entry, const char *incident)
{
  g_autoptr (EstNotice) notice = est_notice_held (entry->reason, entry->subject);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

void
est_incidents_message (
  EstIncidents *incidents, gint64 id, int from, EstState to, guint warning_seconds)
{
  g_autofree char *incident = name_message (id);
  if (to == EST_STATE_SENDING)
    return;
  if (to == EST_STATE_SENT)
    {
      est_notice_board_take (incidents->board, incident);
      g_array_append_val (incidents->sent, id);
      return;
    }
  g_autoptr (EstEntry) entry = est_outbox_get (incidents->outbox, id, NULL);
  if (entry == NULL)
    return;
  if (to == EST_STATE_WAITING)
    tell_waiting (incidents, entry, from, incident, warning_seconds);
  else if (to == EST_STATE_FAILED)
    put_failed (incidents, entry, incident);
  else if (to == EST_STATE_HELD)
    put_held (incidents, entry, incident);
}

gboolean
est_incidents_has_sent (EstIncidents *incidents)
{
  return incidents->sent->len > 0;
}

void
est_incidents_tell_sent (EstIncidents *incidents)
{
  guint count = incidents->sent->len;
  g_autofree char *subject = NULL;
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < MIN (count, SENT_LOOKED_AT); i++)
    {
      gint64 id = g_array_index (incidents->sent, gint64, i);
      g_autoptr (EstEntry) entry = est_outbox_get (incidents->outbox, id, NULL);
      for (guint j = 0; entry != NULL && j < entry->n_recipients; j++)
        g_ptr_array_add (recipients, g_strdup (entry->recipients[j].address));
      if (entry != NULL && count == 1)
        subject = g_strdup (entry->subject);
    }
  g_ptr_array_add (recipients, NULL);
  g_autoptr (EstNotice) notice
    = est_notice_sent (count, subject, (const char *const *) recipients->pdata);
  est_notice_board_put (incidents->board, "sent", EST_NOTICE_QUIET, notice);
  g_array_set_size (incidents->sent, 0);
}

void
est_incidents_port_taken (EstIncidents *incidents, const char *address, guint uid)
{
  g_autofree char *user = est_user_name (uid);
  g_autofree char *incident = g_strconcat ("port ", address, NULL);
  g_autoptr (EstNotice) notice = est_notice_port_taken (address, user);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}

void
est_incidents_settings (EstIncidents *incidents, const char *problem)
{
  static const char incident[] = "settings";
  if (problem == NULL)
    {
      est_notice_board_take (incidents->board, incident);
      return;
    }
  g_autoptr (EstNotice) notice = est_notice_settings (problem);
  est_notice_board_put (incidents->board, incident, EST_NOTICE_TROUBLE, notice);
}
