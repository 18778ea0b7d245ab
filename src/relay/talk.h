/* Commands and answers: what every step of the conversation does. Internal to relay/. */
#pragma once

#include "outcome/refusal.h"
#include "relay/relay.h"
#include "wire/dane.h"

struct EstRelay
{
  EstWire *wire; /* NULL before the connection */
  EstDeliverySettings limits;
  char *acquaintance; /* under which name it is known */
  GCancellable *cancellable;
  EstStepListener listener;      /* while it opens */
  EstDane *dane;                 /* asked meanwhile; NULL: nothing, or taken */
  EstCapabilities *capabilities; /* of the last EHLO */
  EstRoute route;
  EstReply *greeting;   /* for the delivery note */
  EstTrouble trouble;   /* what ended est_relay_open() */
  gboolean in_step;     /* both sides agree that a command may come next */
  gboolean needs_rset;  /* a transaction was begun and not finished */
  guint n_transactions; /* begun */
  gboolean kept;        /* a message is behind it, and nothing was answered since */
  gboolean stood_by;    /* nothing was answered since it stood by */
};

/* Says in @error what @cause, from the wire or the keyring, means for the conversation:
   EST_RELAY_ERROR; G_IO_ERROR_CANCELLED stays what it is. Takes @cause over. Returns
   FALSE. */
gboolean est_talk_fail (GError *cause, GError **error);

/* Reads one answer within @seconds, however its octets come. Of very many words only the
   beginning is kept, and of more than a mebibyte it is no answer. On an error, and with a
   421, the conversation is out of step. */
EstReply *est_talk_read (EstRelay *relay, guint seconds, GError **error);

/* Whether reading an answer would not have to wait: a whole one has arrived, or the
   stream has ended. */
gboolean est_talk_has_answer (EstRelay *relay);

/* Reads an answer that changes nothing, so that both sides stay in step. */
void est_talk_skip (EstRelay *relay, guint seconds);

/* Before something is said that an answer is awaited to: whether nothing was said
   already. A word out of turn would be taken for that answer, and every other one for the
   next. It is a PROTOCOL error, or BUSY if it is 421. */
gboolean est_talk_is_quiet (EstRelay *relay, GError **error);

/* After the connection broke: what the relay said before that; NULL: nothing. */
EstReply *est_talk_last_word (EstRelay *relay);

/* Hands @line (with its CRLF), and what was written before it, to the kernel. */
gboolean est_talk_say (EstRelay *relay, guint seconds, const char *line, GError **error);

/* Says @line (NULL: nothing, only the answer is awaited) and reads the answer. One that
 * is no progress at @stage is an error and becomes the relay's refusal. */
EstReply *est_talk_ask (
  EstRelay *relay, EstStage stage, guint seconds, const char *line, GError **error);
