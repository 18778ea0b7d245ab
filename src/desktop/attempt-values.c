/* Attempts, and the conversations in them. */
#include "desktop/attempt-values.h"

#include "outbox/answers.h"

static void
add_text (GVariantBuilder *builder, const char *key, const char *text)
{
  if (text != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (text));
}

void
est_attempt_values_add (const EstAttempt *attempt, GVariantBuilder *builder)
{
  g_variant_builder_add (builder, "{sv}", "when",
                         g_variant_new_int64 (attempt->time / G_USEC_PER_SEC));
  add_text (builder, "account", attempt->account);
  add_text (builder, "reason", est_reason_nick (attempt->reason));
  add_text (builder, "detail", attempt->detail);
  add_text (builder, "reply", attempt->reply);
  add_text (builder, "queue-id", attempt->queue_id);
  add_text (builder, "renamed", attempt->renamed);
  add_text (builder, "peer", attempt->route.peer);
  add_text (builder, "tls", attempt->route.tls);
  add_text (builder, "mechanism", attempt->route.mechanism);
}

/* An address that was changed since stands as it is now. */
static GVariant *
name_recipients (const EstSaid *said, const EstEntry *entry)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = said->first; i <= said->last && i < entry->n_recipients; i++)
    g_variant_builder_add (&list, "s", entry->recipients[i].address);
  return g_variant_builder_end (&list);
}

static GVariant *
describe_said (const EstSaid *said, const EstEntry *entry)
{
  g_auto (GVariantBuilder) one = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add_text (&one, "stage", said->stage);
  if (said->of_recipients)
    g_variant_builder_add (&one, "{sv}", "recipients", name_recipients (said, entry));
  g_variant_builder_add (&one, "{sv}", "lines",
                         g_variant_new_strv ((const char *const *) said->lines, -1));
  return g_variant_builder_end (&one);
}

static void
add_answers (GVariantBuilder *builder, const EstAttempt *attempt, const EstEntry *entry)
{
  g_autoptr (GPtrArray) all = est_answers_parse (attempt->answers);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < all->len; i++)
    g_variant_builder_add_value (&list,
                                 describe_said (g_ptr_array_index (all, i), entry));
  if (all->len > 0)
    g_variant_builder_add (builder, "{sv}", "answers", g_variant_builder_end (&list));
}

GVariant *
est_attempt_values_of (GPtrArray *attempts, const EstEntry *entry)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < attempts->len; i++)
    {
      const EstAttempt *attempt = g_ptr_array_index (attempts, i);
      g_auto (GVariantBuilder) one = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      est_attempt_values_add (attempt, &one);
      add_answers (&one, attempt, entry);
      g_variant_builder_add_value (&list, g_variant_builder_end (&one));
    }
  return g_variant_builder_end (&list);
}
