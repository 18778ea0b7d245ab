/* Where and how a relay said no, and what that means. */
#include "outcome/refusal.h"

#include "outcome/limit-text.h"

#include <string.h>

typedef struct
{
  EstReason temporary; /* 4xx */
  EstReason permanent; /* 5xx */
} Meaning;

static const Meaning by_stage[] = {
  [EST_STAGE_GREETING] = {EST_REASON_BUSY,     EST_REASON_TURNED_AWAY      },
  [EST_STAGE_EHLO] = {EST_REASON_BUSY,     EST_REASON_TURNED_AWAY      },
  [EST_STAGE_STARTTLS] = {EST_REASON_BUSY,     EST_REASON_NO_TLS           },
  [EST_STAGE_AUTH] = {EST_REASON_BUSY,     EST_REASON_SIGN_IN          },
  [EST_STAGE_MAIL] = {EST_REASON_DEFERRED, EST_REASON_REFUSED          },
  [EST_STAGE_RCPT] = {EST_REASON_DEFERRED, EST_REASON_RECIPIENT_REFUSED},
  [EST_STAGE_DATA] = {EST_REASON_DEFERRED, EST_REASON_REFUSED          },
  [EST_STAGE_FINAL] = {EST_REASON_DEFERRED, EST_REASON_REFUSED          },
  [EST_STAGE_CHUNK] = {EST_REASON_DEFERRED, EST_REASON_REFUSED          },
  [EST_STAGE_RSET] = {EST_REASON_BUSY,     EST_REASON_TURNED_AWAY      },
};

static gboolean
is_progress (EstStage stage, const EstReply *reply)
{
  if (est_reply_class (reply) == 3)
    return stage == EST_STAGE_AUTH || stage == EST_STAGE_DATA;
  return est_reply_class (reply) == 2 && stage != EST_STAGE_DATA;
}

/* "Bad sequence of commands": first of all sign in. */
static gboolean
asks_for_auth (EstStage stage, const EstReply *reply)
{
  return reply->code == 503 && (stage == EST_STAGE_MAIL || stage == EST_STAGE_RCPT)
         && strcasestr (reply->text, "auth") != NULL;
}

/* RFC 4954 6: these speak of signing in whatever command they answer. 534 and 538 ask for
   another mechanism or for encryption, which only the person can change. */
static gboolean
is_about_signing_in (EstStage stage, const EstReply *reply)
{
  static const int codes[] = {530, 534, 535, 538};
  if (stage < EST_STAGE_AUTH)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (reply->code == codes[i])
      return TRUE;
  return asks_for_auth (stage, reply);
}

/* RFC 5321 4.5.3.1.10: "too many recipients" with a final code only means "not all at
   once". */
static gboolean
is_too_many (EstStage stage, const EstReply *reply)
{
  if (stage != EST_STAGE_RCPT)
    return FALSE;
  return g_strcmp0 (reply->status, "5.5.3") == 0
         || (reply->code == 552 && reply->status == NULL);
}

/* Signing in is not refused as such: the relay does not do it this way, or not here. */
static EstReason
judge_auth (const EstReply *reply)
{
  if (reply->code == 502 || reply->code == 504)
    return EST_REASON_NO_MECHANISM;
  return reply->code == 503 ? EST_REASON_PROTOCOL : EST_REASON_NONE;
}

/* An answer to another question: neither yes nor no, or one that says that the commands
   came in the wrong order or are not known at all, which of MAIL, RCPT and DATA cannot be
   true. Each side has its own idea of where they are. After the content that means
   doubt. Chunks are another matter: there are relays that do not know them. */
static EstReason
judge_step (EstStage stage, const EstReply *reply)
{
  if (est_reply_class (reply) < 4)
    return stage == EST_STAGE_FINAL ? EST_REASON_UNCERTAIN : EST_REASON_PROTOCOL;
  gboolean lost = reply->code == 502 || reply->code == 503;
  gboolean envelope = stage == EST_STAGE_MAIL || stage == EST_STAGE_RCPT
                      || stage == EST_STAGE_DATA || stage == EST_STAGE_RSET;
  return lost && envelope ? EST_REASON_PROTOCOL : EST_REASON_NONE;
}

/* RFC 1870 6.2, 6.3. At RCPT it is that recipient's limit. */
static gboolean
is_too_large (EstStage stage, const EstReply *reply)
{
  return stage >= EST_STAGE_MAIL && stage != EST_STAGE_RCPT
         && g_strcmp0 (reply->status, "5.3.4") == 0;
}

/* What is not said by where it comes. */
static EstReason
judge_by_itself (EstStage stage, const EstReply *reply)
{
  if (reply->code == 421)
    return EST_REASON_BUSY;
  if (is_about_signing_in (stage, reply))
    return EST_REASON_SIGN_IN;
  EstReason reason = judge_step (stage, reply);
  if (reason != EST_REASON_NONE || stage == EST_STAGE_STARTTLS)
    return reason;
  if (is_too_large (stage, reply))
    return EST_REASON_TOO_LARGE;
  return stage == EST_STAGE_AUTH ? judge_auth (reply) : est_limit_text_judge (reply);
}

EstReason
est_refusal_judge (EstStage stage, const EstReply *reply)
{
  if (is_progress (stage, reply))
    return EST_REASON_NONE;
  EstReason reason = judge_by_itself (stage, reply);
  if (reason != EST_REASON_NONE)
    return reason;
  if (est_reply_class (reply) == 5 && !is_too_many (stage, reply))
    return by_stage[stage].permanent;
  return by_stage[stage].temporary;
}

gboolean
est_refusal_is_too_many (const EstReply *reply)
{
  if ((reply->code != 452 && reply->code != 552)
      || est_refusal_judge (EST_STAGE_RCPT, reply) != EST_REASON_DEFERRED)
    return FALSE;
  return reply->status == NULL || g_str_equal (reply->status, "4.5.3")
         || g_str_equal (reply->status, "5.5.3");
}

EstReply *
est_refusal_late (void)
{
  return est_reply_new (554, "5.4.7",
                        "the time by which the message had to be there is over");
}
