/* TLS as a server. Nothing that came in the clear counts afterwards, and after a
   handshake that failed nothing is said in the clear. */
#include "submission/starttls.h"

#include "base/paths.h"
#include "submission/answer.h"

/* Milliseconds for the first octet where TLS begins at once: whoever says nothing there
   waits for a greeting in the clear. */
#define SILENCE_LIMIT 5000

static EstIdentity *
find_identity (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = est_paths_identity_file ();
  EstIdentity *identity = est_identity_get (path, &error);
  if (identity == NULL)
    g_warning ("no TLS for local programs: %s", error->message);
  return identity;
}

static gint64
command_limit (const EstSession *session)
{
  return (gint64) session->settings->submission.command_seconds * 1000;
}

static gboolean
shake_hands (EstSession *session, EstIdentity *identity)
{
  g_autoptr (GError) error = NULL;
  est_wire_set_deadline (session->wire, command_limit (session));
  if (est_wire_accept_tls (session->wire, identity, &error))
    return TRUE;
  g_message ("a TLS handshake with a local program failed: %s", error->message);
  return FALSE;
}

/* STARTTLS is the last of its group (RFC 3207 4): what came behind it was put there by
   somebody who hopes that it is read inside. */
static gboolean
is_followed (EstSession *session)
{
  if (!est_wire_is_readable (session->wire))
    return FALSE;
  g_message ("closed a connection that spoke on behind STARTTLS");
  session->ended = TRUE;
  return TRUE;
}

EstReply *
est_starttls_answer (EstSession *session, const char *argument)
{
  if (est_wire_is_secure (session->wire))
    return est_answer (503, "5.5.1", "TLS is on already");
  if (!session->settings->submission.starttls)
    return est_answer (502, "5.5.1", "there is no TLS here");
  if (*argument != '\0')
    return est_answer (501, "5.5.4", "STARTTLS stands alone");
  if (session->signed_in)
    return est_answer (503, "5.5.1", "begin TLS before you sign in");
  if (is_followed (session))
    return est_answer (554, "5.5.1", "nothing may follow STARTTLS");
  session->identity = find_identity ();
  if (session->identity == NULL)
    return est_answer (454, "4.7.0", "there is no certificate for TLS");
  return est_answer (220, "2.0.0", "begin the handshake");
}

/* What was said in the clear is forgotten (RFC 3207 4.2). */
gboolean
est_starttls_follow_up (EstSession *session)
{
  g_autoptr (EstIdentity) identity = g_steal_pointer (&session->identity);
  if (identity == NULL)
    return TRUE;
  est_session_forget (session);
  session->greeted = session->extended = FALSE;
  return shake_hands (session, identity);
}

static void
say_last (EstSession *session, const char *text)
{
  if (est_wire_print (session->wire, NULL, "%s", text))
    est_wire_flush (session->wire, NULL);
}

static gboolean
is_silent (EstSession *session)
{
  g_autoptr (GError) error = NULL;
  est_wire_set_deadline (session->wire, MIN (SILENCE_LIMIT, command_limit (session)));
  if (est_wire_wait (session->wire, &error))
    return FALSE;
  if (g_error_matches (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TIMED_OUT))
    say_last (session, "421 4.7.0 TLS begins at once at this port\r\n");
  return TRUE;
}

gboolean
est_starttls_at_once (EstSession *session)
{
  if (is_silent (session))
    return FALSE;
  g_autoptr (EstIdentity) identity = find_identity ();
  return identity != NULL && shake_hands (session, identity);
}
