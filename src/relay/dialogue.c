/* The lines of AUTH (RFC 4954 4), whatever the mechanism. */
#include "relay/dialogue.h"

#include "relay/discretion.h"

#include <string.h>

/* Octets with CRLF. */
#define USUAL_COMMAND   512   /* what every server takes: RFC 5321 4.5.3.1.4 */
#define LONGEST_COMMAND 12288 /* what AUTH may grow to: RFC 4954 4 */
#define MOST_CHALLENGES 8

static void
free_secret_text (char *text)
{
  if (text != NULL)
    est_secret_wipe (text, strlen (text));
  g_free (text);
}

typedef char SecretText;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecretText, free_secret_text)

/* The command with the initial response; NULL if there is none, or the line would be too
   long. */
static char *
make_long_command (const char *mechanism, const char *response)
{
  if (response == NULL)
    return NULL;
  char *line
    = g_strdup_printf ("AUTH %s %s\r\n", mechanism, *response != '\0' ? response : "=");
  if (strlen (line) <= LONGEST_COMMAND)
    return line;
  free_secret_text (line);
  return NULL;
}

/* "*" makes the relay end the exchange with a 501 (RFC 4954 4): then both are in step
   again and can part in peace. */
static void
call_off (EstRelay *relay)
{
  guint seconds = relay->limits.command_seconds;
  if (est_talk_say (relay, seconds, "*\r\n", NULL))
    est_talk_skip (relay, seconds);
}

static char *
answer_challenge (EstRelay *relay, EstSasl *sasl, const char *challenge, GError **error)
{
  GError *cause = NULL;
  g_autoptr (SecretText) response = NULL;
  if (!est_sasl_step (sasl, challenge, &response, &cause))
    {
      call_off (relay);
      est_talk_fail (cause, error);
      return NULL;
    }
  return g_strconcat (response != NULL ? response : "", "\r\n", NULL);
}

/* The relay said yes: did it also prove what the mechanism wants proved? */
static gboolean
is_proved (EstSasl *sasl, const char *mechanism, GError **error)
{
  if (est_sasl_is_complete (sasl))
    return TRUE;
  g_set_error (error, EST_RELAY_ERROR, EST_REASON_IMPOSTOR,
               "the relay cut %s short: it did not prove that it knows the password",
               mechanism);
  return FALSE;
}

/* Without what @line told, in the error too, where the relay quotes it. */
static void
be_discreet (EstRelay *relay, const char *line, const char *user, GError **error)
{
  g_autoptr (EstReply) reply = g_steal_pointer (&relay->trouble.reply);
  g_autofree char *masked
    = reply != NULL ? est_discretion_mask (reply->text, line, user) : NULL;
  if (masked == NULL)
    {
      relay->trouble.reply = g_steal_pointer (&reply);
      return;
    }
  relay->trouble.reply = est_reply_new (reply->code, reply->status, masked);
  g_free ((*error)->message);
  (*error)->message = est_reply_to_line (relay->trouble.reply);
}

/* Says a line that may have a secret in it. */
static EstReply *
ask (EstRelay *relay, const char *line, const char *user, GError **error)
{
  guint seconds = relay->limits.command_seconds;
  g_autoptr (GError) cause = NULL;
  g_clear_pointer (&relay->trouble.reply, est_reply_unref);
  EstReply *reply = est_talk_ask (relay, EST_STAGE_AUTH, seconds, line, &cause);
  if (reply != NULL)
    return reply;
  be_discreet (relay, line, user, &cause);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

/* A server that reads short lines only says so to a long one (RFC 4954 4). */
static gboolean
is_about_length (EstRelay *relay, const char *line)
{
  const EstReply *reply = relay->trouble.reply;
  return relay->in_step && strlen (line) > USUAL_COMMAND && reply != NULL
         && (reply->code == 500 || reply->code == 501);
}

/* The first command of the exchange, and its answer. What of @first went with it, or was
   none, is gone from there; what is left goes as the first answer. */
static EstReply *
begin_exchange (
  EstRelay *relay, const char *mechanism, const char *user, char **first, GError **error)
{
  guint seconds = relay->limits.command_seconds;
  g_autofree char *command = g_strdup_printf ("AUTH %s\r\n", mechanism);
  g_autoptr (SecretText) line = make_long_command (mechanism, *first);
  if (line == NULL)
    return est_talk_ask (relay, EST_STAGE_AUTH, seconds, command, error);

  g_autoptr (GError) cause = NULL;
  EstReply *reply = ask (relay, line, user, &cause);
  if (reply == NULL && is_about_length (relay, line))
    return est_talk_ask (relay, EST_STAGE_AUTH, seconds, command, error);
  if (reply == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  free_secret_text (g_steal_pointer (first));
  return reply;
}

/* Takes @reply over. Returns the next one. */
static EstReply *
go_on (EstRelay *relay,
       EstSasl *sasl,
       const char *user,
       EstReply *reply,
       char **first,
       GError **error)
{
  g_autoptr (EstReply) last = reply;
  g_autoptr (SecretText) line = *first != NULL
                                  ? g_strconcat (*first, "\r\n", NULL)
                                  : answer_challenge (relay, sasl, last->text, error);
  free_secret_text (g_steal_pointer (first));
  return line != NULL ? ask (relay, line, user, error) : NULL;
}

gboolean
est_dialogue_run (
  EstRelay *relay, EstSasl *sasl, const char *mechanism, const char *user, GError **error)
{
  g_autoptr (SecretText) first = NULL;
  GError *cause = NULL;
  if (!est_sasl_step (sasl, NULL, &first, &cause))
    return est_talk_fail (cause, error);

  EstReply *reply = begin_exchange (relay, mechanism, user, &first, error);
  for (guint challenges = 0; reply != NULL && est_reply_class (reply) == 3; challenges++)
    {
      if (challenges == MOST_CHALLENGES)
        {
          est_reply_unref (reply);
          call_off (relay);
          g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_PROTOCOL,
                               "signing in takes too many steps");
          return FALSE;
        }
      reply = go_on (relay, sasl, user, reply, &first, error);
    }
  if (reply == NULL)
    return FALSE;
  est_reply_unref (reply);
  return is_proved (sasl, mechanism, error);
}
