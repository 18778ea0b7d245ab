/* How many, and which. */
#include "cli/confirm.h"

#include "cli/messages.h"
#include "cli/pages.h"
#include "cli/record.h"
#include "cli/trouble.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define NAMED 5 /* the others are counted */

static GVariant *
find_numbered (EstBusOutbox1 *outbox, GVariant *ids, GError **error)
{
  gsize n = g_variant_n_children (ids);
  g_auto (GVariantBuilder) found = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; i < n; i++)
    {
      guint64 id;
      g_autoptr (GVariant) message = NULL;
      g_variant_get_child (ids, i, "t", &id);
      if (!est_bus_outbox1_call_show_sync (outbox, id, &message, NULL, error))
        return NULL;
      g_variant_builder_add_value (&found, message);
    }
  return g_variant_ref_sink (g_variant_builder_end (&found));
}

/* By filter, all others are left alone. */
static gboolean
can_be_discarded (GVariant *message)
{
  static const char *const states[] = {"waiting", "failed", "held", NULL};
  g_autofree char *state = est_record_text (message, "state");
  return g_strv_contains (states, state);
}

static GVariant *
find_fitting (EstBusOutbox1 *outbox, GVariant *filter, GError **error)
{
  g_autoptr (GVariant) all
    = est_pages_fetch (outbox, est_bus_outbox1_call_list_sync, filter, "id", 0, error);
  if (all == NULL)
    return NULL;
  gsize n = g_variant_n_children (all);
  g_auto (GVariantBuilder) found = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) message = g_variant_get_child_value (all, i);
      if (can_be_discarded (message))
        g_variant_builder_add_value (&found, message);
    }
  return g_variant_ref_sink (g_variant_builder_end (&found));
}

gboolean
est_confirm_ask (const char *question)
{
  char answer[16] = "";
  const char *yes = C_ ("answer", "yes");
  g_print ("%s", question);
  return fgets (answer, sizeof answer, stdin) != NULL
         && (g_ascii_tolower (answer[0]) == 'y'
             || g_unichar_tolower (g_utf8_get_char (answer)) == g_utf8_get_char (yes));
}

gboolean
est_confirm_discard_count (guint count)
{
  g_autofree char *question
    = g_strdup_printf (ngettext ("Discard %u message for good? [y/N] ",
                                 "Discard %u messages for good? [y/N] ", count),
                       count);
  return est_confirm_ask (question);
}

EstExit
est_confirm_discard (EstBusOutbox1 *outbox, GVariant *ids, GVariant *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) messages = g_variant_n_children (ids) > 0
                                    ? find_numbered (outbox, ids, &error)
                                    : find_fitting (outbox, filter, &error);
  if (messages == NULL)
    return est_trouble_report (error, NULL);
  guint count = (guint) g_variant_n_children (messages);
  if (count == 0)
    return EST_EXIT_OK; /* of which the answer says so */
  est_messages_print (messages, NAMED);
  return est_confirm_discard_count (count) ? EST_EXIT_OK : EST_EXIT_FAILED;
}
