/* Reading answers with bounds, and what goes wrong as one reason. */
#include "relay/talk.h"

#include <string.h>

#define LINE_LIMIT  16384   /* a 334 may hold 12288 octets of base64 (RFC 4954 4) */
#define REPLY_LIMIT 1048576 /* octets; what goes on is no answer any more */
#define WORDS_LIMIT 4096    /* kept of an answer: there may be one per recipient */
#define OFFER_LIMIT 65536   /* kept of one that is looked into: EHLO, AUTH */
#define LAST_WORD   1       /* seconds */

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
  {est_wire_error_quark,        EST_WIRE_ERROR_TLS,                EST_REASON_TLS           },
  {est_wire_error_quark,        EST_WIRE_ERROR_INJECTED,           EST_REASON_TLS           },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_MISSING,     EST_REASON_SECRET_MISSING},
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_LOCKED,      EST_REASON_SECRET_LOCKED },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_UNAVAILABLE, EST_REASON_NO_KEYRING    },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_TIMED_OUT,   EST_REASON_NO_KEYRING    },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_COMMAND,     EST_REASON_COMMAND       },
  {est_credentials_error_quark, EST_CREDENTIALS_ERROR_REFUSED,     EST_REASON_SIGN_IN       },
  {g_io_error_quark,            G_IO_ERROR_NOT_SUPPORTED,          EST_REASON_NO_MECHANISM  }, /* SASL */
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

/* Lines of one answer. Its code is what counts: of the words those beyond @keep octets
   are read and dropped, however long they go on, up to a bound. */
typedef struct
{
  EstWire *wire;
  gsize left; /* octets it may still have */
  gsize keep; /* and of those to be kept */
  int code;   /* of the lines so far; 0: none */
  gboolean more;
  GPtrArray *kept;
} Lines;

static gboolean
set_endless (GError **error)
{
  g_set_error_literal (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG,
                       "an answer without end");
  return FALSE;
}

static gboolean
drop_rest_of_line (Lines *lines, GError **error)
{
  gboolean over = FALSE;
  while (!over)
    {
      gsize length;
      const char *data = est_wire_peek (lines->wire, &length, error);
      if (data == NULL)
        return FALSE;
      const char *feed = memchr (data, '\n', length);
      over = feed != NULL;
      length = over ? (gsize) (feed - data) + 1 : length;
      est_wire_consume (lines->wire, length);
      if (length > lines->left)
        return set_endless (error);
      lines->left -= length;
    }
  return TRUE;
}

static gboolean
read_line (Lines *lines, GString *line, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean read = est_wire_read_line (lines->wire, line, LINE_LIMIT, NULL, &cause);
  gboolean cut = g_error_matches (cause, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG);
  if (!read && !cut)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (line->len >= lines->left)
    return set_endless (error);
  lines->left -= line->len + 1;
  return read || drop_rest_of_line (lines, error);
}

/* Of the first line at least the code is kept. */
static gboolean
take_line (Lines *lines, const GString *line, GError **error)
{
  int code;
  if (!est_reply_scan_line (line->str, &code, &lines->more, error))
    return FALSE;
  if (lines->code != 0 && code != lines->code)
    {
      g_set_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_TOO_LONG,
                   "one answer has the codes %d and %d", lines->code, code);
      return FALSE;
    }
  if (lines->code == 0 || lines->keep > 0)
    {
      gsize length = MIN (line->len, MAX (lines->keep, 3));
      g_ptr_array_add (lines->kept, g_strndup (line->str, length));
      lines->keep -= MIN (length + 1, lines->keep);
    }
  lines->code = code;
  return TRUE;
}

static EstReply *
read_lines (EstWire *wire, gsize keep, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) line = g_string_new (NULL);
  Lines lines = {wire, REPLY_LIMIT, keep, 0, TRUE, kept};
  while (lines.more)
    if (!read_line (&lines, line, error) || !take_line (&lines, line, error))
      return NULL;
  g_ptr_array_add (kept, NULL);
  return est_reply_parse ((const char *const *) kept->pdata, error);
}

static EstReply *
read_reply (EstRelay *relay, guint seconds, gsize keep, GError **error)
{
  GError *cause = NULL;
  est_wire_set_deadline (relay->wire, (gint64) seconds * 1000);
  EstReply *reply = read_lines (relay->wire, keep, &cause);
  if (reply == NULL)
    est_talk_fail (cause, error);
  if (reply == NULL || reply->code == 421)
    relay->in_step = FALSE;
  return reply;
}

EstReply *
est_talk_read (EstRelay *relay, guint seconds, GError **error)
{
  return read_reply (relay, seconds, WORDS_LIMIT, error);
}

void
est_talk_skip (EstRelay *relay, guint seconds)
{
  EstReply *reply = est_talk_read (relay, seconds, NULL);
  g_clear_pointer (&reply, est_reply_unref);
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
  if (!est_wire_is_readable (relay->wire))
    return TRUE;
  g_autoptr (EstReply) reply
    = est_talk_read (relay, relay->limits.command_seconds, error);
  return reply != NULL && set_out_of_turn (relay, reply, error);
}

EstReply *
est_talk_last_word (EstRelay *relay)
{
  EstReply *reply = NULL;
  if (est_wire_is_readable (relay->wire))
    reply = est_talk_read (relay, LAST_WORD, NULL);
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
