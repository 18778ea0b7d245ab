/* Commands, their answers, and what goes wrong as one reason. */
#include "relay/talk.h"

#include "relay/reply-reader.h"
#include "wire/sasl.h"

#include <string.h>

#define WORDS_LIMIT 4096  /* kept of an answer: there may be one per recipient */
#define OFFER_LIMIT 65536 /* kept of one that is looked into: EHLO, AUTH */
#define LAST_WORD   1     /* seconds */

typedef struct
{
  GQuark (*domain) (void);
  int code;
  EstReason reason;
} Meaning;

/* Anything else, such as an answer that is none: PROTOCOL. */
static const Meaning meanings[] = {
  {est_wire_error_quark,        EST_WIRE_ERROR_CLOSED,                EST_REASON_DISCONNECTED   },
  {est_wire_error_quark,        EST_WIRE_ERROR_TIMED_OUT,             EST_REASON_TIMED_OUT      },
  {est_wire_error_quark,        EST_WIRE_ERROR_UNTRUSTED,             EST_REASON_UNTRUSTED      },
  {est_wire_error_quark,        EST_WIRE_ERROR_TOO_OLD,               EST_REASON_TLS            },
  {est_wire_error_quark,        EST_WIRE_ERROR_TLS,                   EST_REASON_TLS            },
  {est_wire_error_quark,        EST_WIRE_ERROR_INJECTED,              EST_REASON_TLS            },
  {est_wire_error_quark,        EST_WIRE_ERROR_IDENTITY,              EST_REASON_CLIENT_KEY     },
  {est_sasl_error_quark,        EST_SASL_ERROR_UNUSABLE,              EST_REASON_NO_MECHANISM   },
  {est_sasl_error_quark,        EST_SASL_ERROR_IMPOSTOR,              EST_REASON_IMPOSTOR       },
  {est_sasl_error_quark,        EST_SASL_ERROR_NO_TICKET,             EST_REASON_NO_TICKET      },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_MISSING,        EST_REASON_SECRET_MISSING },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_LOCKED,         EST_REASON_SECRET_LOCKED  },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_UNAVAILABLE,    EST_REASON_NO_KEYRING     },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_TIMED_OUT,      EST_REASON_NO_KEYRING     },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_COMMAND,        EST_REASON_COMMAND        },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_REFUSED,        EST_REASON_SIGN_IN        },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_ONLINE,         EST_REASON_ONLINE_ACCOUNTS},
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_CREDENTIAL,     EST_REASON_CREDENTIAL     },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_SIGNED_OUT,     EST_REASON_SIGNED_OUT     },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_TOKEN_SERVER,
   EST_REASON_TOKEN_SERVER                                                                      },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_CLIENT,         EST_REASON_OAUTH_CLIENT   },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_ONLINE_SIGN_IN,
   EST_REASON_ONLINE_SIGN_IN                                                                    },
};

static EstReason
reason_for (const GError *cause)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_error_matches (cause, meanings[i].domain (), meanings[i].code))
      return meanings[i].reason;
  return EST_REASON_PROTOCOL;
}

gboolean
est_talk_fail (GError *cause, GError **error)
{
  if (cause->domain == EST_RELAY_ERROR
      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  g_set_error_literal (error, EST_RELAY_ERROR, (int) reason_for (cause), cause->message);
  g_error_free (cause);
  return FALSE;
}

/* One that stood by and stays silent is given up as soon as a new one would be: all of
   the relay's time is for that one. */
static guint
patience (const EstRelay *relay, guint seconds)
{
  return relay->stood_by ? MIN (seconds, relay->limits.connect_seconds) : seconds;
}

static EstReply *
read_reply (EstRelay *relay, guint seconds, gsize keep, GError **error)
{
  GError *cause = NULL;
  est_wire_set_deadline (relay->wire, (gint64) patience (relay, seconds) * 1000);
  EstReply *reply = est_reply_read (relay->wire, keep, &cause);
  if (reply == NULL)
    est_talk_fail (cause, error);
  if (reply == NULL || reply->code == 421)
    relay->in_step = FALSE;
  else
    relay->kept = relay->stood_by = FALSE;
  return reply;
}

EstReply *
est_talk_read (EstRelay *relay, guint seconds, GError **error)
{
  return read_reply (relay, seconds, WORDS_LIMIT, error);
}

/* One of several lines is whole with the line that says no more follow (RFC 5321
   4.2.1). What is no answer is to be read as well. */
static gboolean
holds_answer (const char *data, gsize length)
{
  const char *end = data + length;
  for (const char *feed; (feed = memchr (data, '\n', (gsize) (end - data))) != NULL;
       data = feed + 1)
    if (feed - data < 4 || data[3] != '-')
      return TRUE;
  return FALSE;
}

gboolean
est_talk_has_answer (EstRelay *relay)
{
  gsize length;
  if (!est_wire_take_in (relay->wire))
    return TRUE;
  const char *data = est_wire_has_input (relay->wire)
                       ? est_wire_peek (relay->wire, &length, NULL)
                       : NULL;
  return data != NULL && holds_answer (data, length);
}

void
est_talk_skip (EstRelay *relay, guint seconds)
{
  EstReply *reply = est_talk_read (relay, seconds, NULL);
  g_clear_pointer (&reply, est_reply_unref);
}

/* What was said before it heard us is no sign that it still does. */
static EstReply *
read_unasked (EstRelay *relay, guint seconds, GError **error)
{
  gboolean kept = relay->kept, stood_by = relay->stood_by;
  EstReply *reply = est_talk_read (relay, seconds, error);
  relay->kept = kept;
  relay->stood_by = stood_by;
  return reply;
}

/* Whatever it is, it answers nothing we asked; only a farewell makes sense. */
static gboolean
set_out_of_turn (EstRelay *relay, const EstReply *reply, GError **error)
{
  g_autofree char *words = est_reply_to_line (reply);
  EstReason reason = reply->code == 421 ? EST_REASON_BUSY : EST_REASON_PROTOCOL;
  relay->in_step = FALSE;
  g_set_error (error, EST_RELAY_ERROR, (int) reason, "the relay spoke out of turn: %s",
               words);
  return FALSE;
}

gboolean
est_talk_is_quiet (EstRelay *relay, GError **error)
{
  if (est_wire_take_in (relay->wire) && !est_wire_has_input (relay->wire))
    return TRUE;
  guint seconds = relay->limits.command_seconds;
  g_autoptr (EstReply) reply = read_unasked (relay, seconds, error);
  return reply != NULL && set_out_of_turn (relay, reply, error);
}

EstReply *
est_talk_last_word (EstRelay *relay)
{
  EstReply *reply = NULL;
  if (est_wire_is_readable (relay->wire))
    reply = read_unasked (relay, LAST_WORD, NULL);
  relay->in_step = FALSE;
  return reply;
}

gboolean
est_talk_say (EstRelay *relay, guint seconds, const char *line, GError **error)
{
  GError *cause = NULL;
  if (est_wire_has_input (relay->wire))
    return est_talk_is_quiet (relay, error);
  est_wire_set_deadline (relay->wire, (gint64) seconds * 1000);
  if (est_wire_print (relay->wire, &cause, "%s", line)
      && est_wire_flush (relay->wire, &cause))
    return TRUE;
  relay->in_step = FALSE;
  return est_talk_fail (cause, error);
}

static gboolean
accept_reply (EstRelay *relay, EstStage stage, EstReply *reply, GError **error)
{
  EstReason reason = est_refusal_judge (stage, reply);
  if (reason == EST_REASON_NONE)
    return TRUE;
  if (reason == EST_REASON_PROTOCOL)
    relay->in_step = FALSE;
  g_autofree char *words = est_reply_to_line (reply);
  g_set_error_literal (error, EST_RELAY_ERROR, (int) reason, words);
  g_clear_pointer (&relay->trouble.reply, est_reply_unref);
  relay->trouble.reply = est_reply_ref (reply);
  return FALSE;
}

/* A relay that hangs up says why, if it is a good one, and cannot know that somebody
   speaks to it at that moment. */
static gboolean
say_or_hear_why (
  EstRelay *relay, EstStage stage, guint seconds, const char *line, GError **error)
{
  g_autoptr (GError) cause = NULL;
  if (est_talk_say (relay, seconds, line, &cause))
    return TRUE;
  g_autoptr (EstReply) why = NULL;
  if (g_error_matches (cause, EST_RELAY_ERROR, EST_REASON_DISCONNECTED))
    why = est_talk_last_word (relay);
  if (why != NULL && !accept_reply (relay, stage, why, error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

EstReply *
est_talk_ask (
  EstRelay *relay, EstStage stage, guint seconds, const char *line, GError **error)
{
  gboolean offer = stage == EST_STAGE_EHLO || stage == EST_STAGE_AUTH;
  if (line != NULL && !say_or_hear_why (relay, stage, seconds, line, error))
    return NULL;
  g_autoptr (EstReply) reply
    = read_reply (relay, seconds, offer ? OFFER_LIMIT : WORDS_LIMIT, error);
  if (reply == NULL || !accept_reply (relay, stage, reply, error))
    return NULL;
  return g_steal_pointer (&reply);
}
