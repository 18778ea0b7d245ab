/* The envelope as a shared value: conversations, the outbox and the relay hold the same
 * one. */
#include "mail/envelope.h"

EstEnvelope *
est_envelope_new (const char *sender, const char *const *recipients, EstBody body)
{
  EstEnvelope *envelope = g_atomic_rc_box_new0 (EstEnvelope);

  envelope->sender = g_strdup (sender);
  envelope->recipients = g_strdupv ((char **) recipients);
  envelope->body = body;
  return envelope;
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
}

void
est_envelope_unref (EstEnvelope *envelope)
{
  g_atomic_rc_box_release_full (envelope, clear);
}
