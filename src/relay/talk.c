/* Reading answers with bounds, and what goes wrong as one reason. */
#include "relay/talk.h"

#include <string.h>

#include "wire/sasl.h"

#define LINE_LIMIT  16384 /* a 334 may hold 12288 octets of base64 (RFC 4954 4) */
#define REPLY_LIMIT 65536

typedef struct
{
  GQuark (*domain) (void);
  int code;
  EstReason reason;
} Meaning;

/* Anything else, such as an answer that is none: PROTOCOL. */
static const Meaning meanings[] = {
  {est_wire_error_quark,        EST_WIRE_ERROR_CLOSED,             EST_REASON_DISCONNECTED  },
  {est_wire_error_quark,        EST_WIRE_ERROR_TIMED_OUT,          EST_REASON_TIMED_OUT     },
  {est_wire_error_quark,        EST_WIRE_ERROR_UNTRUSTED,          EST_REASON_UNTRUSTED     },
  {est_wire_error_quark,        EST_WIRE_ERROR_TOO_OLD,            EST_REASON_TLS           },
  {est_wire_error_quark,        EST_WIRE_ERROR_TLS,                EST_REASON_TLS           },
  {est_wire_error_quark,        EST_WIRE_ERROR_INJECTED,           EST_REASON_TLS           },
  {est_wire_error_quark,        EST_WIRE_ERROR_IDENTITY,           EST_REASON_CLIENT_KEY    },
  {est_sasl_error_quark,        EST_SASL_ERROR_UNUSABLE,           EST_REASON_NO_MECHANISM  },
  {est_sasl_error_quark,        EST_SASL_ERROR_IMPOSTOR,           EST_REASON_IMPOSTOR      },
  {est_sasl_error_quark,        EST_SASL_ERROR_NO_TICKET,          EST_REASON_NO_TICKET     },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_MISSING,     EST_REASON_SECRET_MISSING},
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_LOCKED,      EST_REASON_SECRET_LOCKED },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_UNAVAILABLE, EST_REASON_NO_KEYRING    },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_TIMED_OUT,   EST_REASON_NO_KEYRING    },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_COMMAND,     EST_REASON_COMMAND       },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_REFUSED,     EST_REASON_SIGN_IN       },
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

static gboolean
is_last_line (const char *line, gboolean *last, GError **error)
{
  int code;
  gboolean more;
  if (!est_reply_scan_line (line, &code, &more, error))
    return FALSE;
  *last = !more;
  return TRUE;
}

static EstReply *
read_lines (EstWire *wire, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean last = FALSE;
  for (gsize total = 0; !last; total += line->len + 1)
    {
      if (total > REPLY_LIMIT)
        {
          g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG,
                               "an answer without end");
          return NULL;
        }
      if (!est_wire_read_line (wire, line, LINE_LIMIT, NULL, error)
          || !is_last_line (line->str, &last, error))
        return NULL;
      g_ptr_array_add (lines, g_strdup (line->str));
    }
  g_ptr_array_add (lines, NULL);
  return est_reply_parse ((const char *const *) lines->pdata, error);
}

/* One that stood by and stays silent is given up as soon as a new one would be: all of
   the relay's time is for that one. */
static guint
patience (const EstRelay *relay, guint seconds)
{
  return relay->stood_by ? MIN (seconds, relay->limits.connect_seconds) : seconds;
}

EstReply *
est_talk_read (EstRelay *relay, guint seconds, GError **error)
{
  GError *cause = NULL;
  est_wire_set_deadline (relay->wire, (gint64) patience (relay, seconds) * 1000);
  EstReply *reply = read_lines (relay->wire, &cause);
  if (reply == NULL)
    est_talk_fail (cause, error);
  if (reply == NULL || reply->code == 421)
    relay->in_step = FALSE;
  else
    relay->kept = relay->stood_by = FALSE;
  return reply;
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

gboolean
est_talk_say (EstRelay *relay, guint seconds, const char *line, GError **error)
{
  GError *cause = NULL;
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
  g_autofree char *words = est_reply_to_line (reply);
  g_set_error_literal (error, EST_RELAY_ERROR, (int) reason, words);
  g_clear_pointer (&relay->trouble.reply, est_reply_unref);
  relay->trouble.reply = est_reply_ref (reply);
  return FALSE;
}

EstReply *
est_talk_ask (
  EstRelay *relay, EstStage stage, guint seconds, const char *line, GError **error)
{
  if (line != NULL && !est_talk_say (relay, seconds, line, error))
    return NULL;
  g_autoptr (EstReply) reply = est_talk_read (relay, seconds, error);
  if (reply == NULL || !accept_reply (relay, stage, reply, error))
    return NULL;
  return g_steal_pointer (&reply);
}
