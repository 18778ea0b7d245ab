/* Idle sources. */
#include "dispatcher/messenger.h"

struct EstMessenger
{
  GMainContext *context;
  GPtrArray *under_way; /* GSource */
};

EstMessenger *
est_messenger_new (void)
{
  EstMessenger *messenger = g_new0 (EstMessenger, 1);
  messenger->context = g_main_context_ref_thread_default ();
  messenger->under_way = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  return messenger;
}

void
est_messenger_free (EstMessenger *messenger)
{
  for (guint i = 0; i < messenger->under_way->len; i++)
    g_source_destroy (g_ptr_array_index (messenger->under_way, i));
  g_ptr_array_unref (messenger->under_way);
  g_main_context_unref (messenger->context);
  g_free (messenger);
}

/* Those that have come; a worker may live for days. */
static void
forget_the_arrived (EstMessenger *messenger)
{
  for (guint i = messenger->under_way->len; i > 0; i--)
    if (g_source_is_destroyed (g_ptr_array_index (messenger->under_way, i - 1)))
      g_ptr_array_remove_index (messenger->under_way, i - 1);
}

void
est_messenger_send (EstMessenger *messenger,
                    GSourceFunc call,
                    gpointer data,
                    GDestroyNotify free)
{
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, call, data, free);
  forget_the_arrived (messenger);
  g_ptr_array_add (messenger->under_way, source);
  g_source_attach (source, messenger->context);
}
