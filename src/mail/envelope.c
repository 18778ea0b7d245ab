/* The envelope as a shared value: conversations, the outbox and the relay hold the same
 * one. */
#include "mail/envelope.h"

EstEnvelope *
est_envelope_new_with_options (const char *sender,
                               const char *const *recipients,
                               EstBody body,
                               const char *options,
                               const char *const *recipient_options)
{
  EstEnvelope *envelope = g_atomic_rc_box_new0 (EstEnvelope);

  envelope->sender = g_strdup (sender);
  envelope->recipients = g_strdupv ((char **) recipients);
  envelope->body = body;
  envelope->options = g_strdup (options);
  envelope->recipient_options = g_strdupv ((char **) recipient_options);
  return envelope;
}

EstEnvelope *
est_envelope_new (const char *sender, const char *const *recipients, EstBody body)
{
  guint n_recipients = g_strv_length ((char **) recipients);
  g_autofree const char **none = g_new0 (const char *, n_recipients + 1);

  for (guint i = 0; i < n_recipients; i++)
    none[i] = "";
  return est_envelope_new_with_options (sender, recipients, body, "", none);
}

EstEnvelope *
est_envelope_ref (EstEnvelope *envelope)
{
  return g_atomic_rc_box_acquire (envelope);
}

static void
clear (gpointer data)
{
  EstEnvelope *envelope = data;

  g_free (envelope->sender);
  g_strfreev (envelope->recipients);
  g_free (envelope->options);
  g_strfreev (envelope->recipient_options);
}

void
est_envelope_unref (EstEnvelope *envelope)
{
  g_atomic_rc_box_release_full (envelope, clear);
}
