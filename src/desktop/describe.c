/* Values of the outbox as D-Bus dictionaries. */
#include "desktop/describe.h"

#include "desktop/attempt-values.h"
#include "dispatcher/budget.h"

static void
add (GVariantBuilder *builder, const char *key, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", key, value);
}

static void
add_text (GVariantBuilder *builder, const char *key, const char *text)
{
  if (text != NULL)
    add (builder, key, g_variant_new_string (text));
}

static void
add_time (GVariantBuilder *builder, const char *key, gint64 microseconds)
{
  add (builder, key, g_variant_new_int64 (microseconds / G_USEC_PER_SEC));
}

static void
add_reason (GVariantBuilder *builder,
            EstReason reason,
            const char *figures,
            const char *reply)
{
  if (reason == EST_REASON_NONE)
    return;
  add_text (builder, "reason", est_reason_nick (reason));
  add_text (builder, "figures", figures);
  add_text (builder, "reply", reply);
}

void
est_circumstances_clear (EstCircumstances *circumstances)
{
  g_clear_pointer (&circumstances->settings, est_settings_unref);
  g_clear_pointer (&circumstances->pauses, g_ptr_array_unref);
  g_clear_pointer (&circumstances->halts, g_hash_table_unref);
  g_clear_pointer (&circumstances->forecasts, g_hash_table_unref);
}

gint64
est_circumstances_stopped (const EstCircumstances *circumstances, const char *account)
{
  const gint64 *since = g_hash_table_lookup (circumstances->halts, account);
  return since != NULL ? *since : 0;
}

static gboolean
is_stopped (const EstCircumstances *circumstances, const char *account)
{
  return est_circumstances_stopped (circumstances, "") != 0
         || est_circumstances_stopped (circumstances, account) != 0;
}

const EstPause *
est_circumstances_pause (const EstCircumstances *circumstances, const char *account)
{
  for (guint i = 0; i < circumstances->pauses->len; i++)
    {
      const EstPause *pause = g_ptr_array_index (circumstances->pauses, i);
      if (g_str_equal (pause->account, account))
        return pause;
    }
  return NULL;
}

/* What waits for the budget has its turn. */
static void
add_turn (GVariantBuilder *builder,
          const EstEntry *entry,
          const EstCircumstances *circumstances)
{
  GHashTable *forecast
    = circumstances->forecasts != NULL
        ? g_hash_table_lookup (circumstances->forecasts, entry->account)
        : NULL;
  const gint64 *time
    = forecast != NULL ? g_hash_table_lookup (forecast, &entry->id) : NULL;
  if (time != NULL)
    add_time (builder, "leaves", *time);
}

/* A waiting message has no reason of its own while its account cannot send. */
static void
add_why (GVariantBuilder *builder,
         const EstEntry *entry,
         const EstCircumstances *circumstances)
{
  const EstPause *pause = est_circumstances_pause (circumstances, entry->account);
  if (entry->state != EST_STATE_WAITING)
    add_reason (builder, entry->reason, entry->figures, entry->reply);
  else if (est_settings_find (circumstances->settings, entry->account) == NULL)
    add_reason (builder, EST_REASON_NO_ACCOUNT, NULL, NULL);
  else if (is_stopped (circumstances, entry->account))
    add_reason (builder, EST_REASON_BY_HAND, NULL, NULL);
  else if (pause != NULL)
    {
      add_reason (builder, pause->reason, pause->figures, pause->reply);
      add_turn (builder, entry, circumstances);
    }
  else
    add_reason (builder, entry->reason, entry->figures, entry->reply);
}

static GVariant *
recipients_of (const EstEntry *entry)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < entry->n_recipients; i++)
    g_variant_builder_add (&list, "s", entry->recipients[i].address);
  return g_variant_builder_end (&list);
}

static void
add_entry (GVariantBuilder *builder,
           const EstEntry *entry,
           const EstCircumstances *circumstances)
{
  add (builder, "id", g_variant_new_uint64 ((guint64) entry->id));
  add_text (builder, "state", est_state_nick (entry->state));
  add_text (builder, "account", entry->account);
  add_text (builder, "sender", entry->sender);
  add (builder, "recipients", recipients_of (entry));
  add_text (builder, "subject", entry->subject);
  if (entry->program != NULL)
    add_text (builder, "program", entry->program);
  if (entry->priority != 0)
    add (builder, "priority", g_variant_new_int32 (entry->priority));
  add (builder, "size", g_variant_new_uint64 (entry->size));
  add (builder, "attempts", g_variant_new_uint32 (entry->attempts));
  add_time (builder, "created", entry->created);
  if (entry->state == EST_STATE_WAITING && entry->not_before > 0)
    add_time (builder, "due", entry->not_before);
  if (entry->late > 0)
    add_time (builder, "deliver-by", entry->late);
  if (entry->ahead > 0)
    add_time (builder, "kept-until", entry->ahead);
  add_why (builder, entry, circumstances);
}

GVariant *
est_describe_entry (const EstEntry *entry, const EstCircumstances *circumstances)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add_entry (&builder, entry, circumstances);
  return g_variant_builder_end (&builder);
}

static GVariant *
addressees_of (const EstEntry *entry)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entry->n_recipients; i++)
    {
      const EstRecipient *recipient = &entry->recipients[i];
      g_auto (GVariantBuilder) one = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      add_text (&one, "address", recipient->address);
      add_text (&one, "state", est_recipient_state_nick (recipient->state));
      add_text (&one, "reply", recipient->reply);
      if (recipient->relayed)
        add (&one, "relayed", g_variant_new_boolean (TRUE));
      g_variant_builder_add_value (&list, g_variant_builder_end (&one));
    }
  return g_variant_builder_end (&list);
}

GVariant *
est_describe_journal (const EstAttempt *attempt, const EstEntry *entry)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add (&builder, "number", g_variant_new_uint64 ((guint64) attempt->number));
  add (&builder, "message", g_variant_new_uint64 ((guint64) attempt->message));
  est_attempt_values_add (attempt, &builder);
  if (entry != NULL)
    {
      add_text (&builder, "program", entry->program);
      add_text (&builder, "sender", entry->sender);
      add (&builder, "recipients", recipients_of (entry));
      add_text (&builder, "subject", entry->subject);
    }
  return g_variant_builder_end (&builder);
}

GVariant *
est_describe_whole (const EstEntry *entry,
                    const EstCircumstances *circumstances,
                    GPtrArray *attempts)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add_entry (&builder, entry, circumstances);
  add_text (&builder, "message-id", entry->message_id);
  add (&builder, "addressees", addressees_of (entry));
  add (&builder, "attempts-made", est_attempt_values_of (attempts, entry));
  return g_variant_builder_end (&builder);
}

/* Nothing where as much may leave as there is. */
static void
add_budget (GVariantBuilder *builder,
            const char *name,
            const EstCircumstances *circumstances)
{
  const EstAccount *account = est_settings_find (circumstances->settings, name);
  if (circumstances->book == NULL || account == NULL)
    return;
  g_autoptr (GArray) allotments = est_book_allotments (circumstances->book, account);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < allotments->len; i++)
    {
      const EstAllotment *one = &g_array_index (allotments, EstAllotment, i);
      g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      add_text (&dict, "what", one->counts_recipients ? "recipients" : "messages");
      add_text (&dict, "span", est_span_nick (one->span));
      add (&dict, "limit", g_variant_new_uint32 (one->limit));
      add (&dict, "left", g_variant_new_uint32 (one->left));
      add_text (&dict, "source", est_ration_source_nick (one->source));
      g_variant_builder_add_value (&list, g_variant_builder_end (&dict));
    }
  if (allotments->len > 0)
    add (builder, "budget", g_variant_builder_end (&list));
}

GVariant *
est_describe_account (const char *name, const EstCircumstances *circumstances)
{
  const EstPause *pause = est_circumstances_pause (circumstances, name);
  gint64 stopped = est_circumstances_stopped (circumstances, name);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "name", name);
  if (pause != NULL)
    {
      add_text (&builder, "paused", est_reason_nick (pause->reason));
      add_time (&builder, "since", pause->since);
      if (pause->retry != G_MAXINT64)
        add_time (&builder, "retry", pause->retry);
      add_text (&builder, "detail", pause->detail);
      add_text (&builder, "figures", pause->figures);
      add_text (&builder, "reply", pause->reply);
    }
  if (stopped != 0)
    add_time (&builder, "stopped", stopped);
  add_budget (&builder, name, circumstances);
  return g_variant_builder_end (&builder);
}
