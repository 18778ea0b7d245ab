/* The AUTH command. Nothing slows down who tries secrets: they are random, and cannot be
   guessed within the life of a disk; only what tries for ever is sent away. */
#include "submission/login.h"

#include "base/secret.h"
#include "submission/answer.h"
#include "wire/sasl-server.h"

#include <string.h>

#define LINE_LIMIT    (12288 + 2) /* octets (RFC 4954 4), with CRLF */
#define FAILURE_LIMIT 3           /* in one conversation */
#define NAME_SIZE     32          /* of a mechanism: 20 octets by RFC 4422 3.1 */

/* One exchange. */
typedef struct
{
  EstSession *session;
  gboolean stranger; /* nobody vouches for it */
  EstToken *token;   /* of the name that was said, or NULL */
  EstScramKeys decoy;
  gboolean unreadable; /* the tokens are */
  gboolean nameless;   /* SCRAM by a name that is no token's */
} Login;

static void
clear_login (Login *login)
{
  g_clear_pointer (&login->token, est_token_unref);
  est_scram_keys_clear (&login->decoy);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Login, clear_login)

/* SCRAM cannot do without the right secret: offered to somebody who needs none it would
   be preferred by clients like mutt to what takes any password, and fail: so only if the
   settings say so. Who asks for it all the same gets it. */
const char *
est_login_offer (const EstSession *session)
{
  gboolean scram = session->must_sign_in || session->settings->submission.scram;
  return scram ? "AUTH SCRAM-SHA-256 PLAIN LOGIN" : "AUTH PLAIN LOGIN";
}

/* FALSE: the tokens cannot be believed. */
static gboolean
find_token (Login *login, const char *name)
{
  EstTokens *tokens = est_intake_tokens (login->session->intake);
  g_clear_pointer (&login->token, est_token_unref);
  login->unreadable
    = tokens != NULL && !est_tokens_find (tokens, name, &login->token, NULL);
  return !login->unreadable;
}

/* Where there is no such token a stranger's secret is compared all the same, with keys
   that are nobody's: how long it takes betrays no name. */
static const EstScramKeys *
keys_for (Login *login, const char *name)
{
  if (login->token != NULL)
    return &login->token->keys;
  est_scram_keys_clear (&login->decoy);
  login->decoy = est_scram_keys_decoy (name);
  return &login->decoy;
}

static gboolean
admits (gpointer data, const char *user, const char *password)
{
  Login *login = data;
  if (!find_token (login, user))
    return FALSE;
  if (login->token == NULL && !login->stranger)
    return TRUE;
  return est_scram_keys_fit (keys_for (login, user), password) && login->token != NULL;
}

static gboolean
find_keys (gpointer data, const char *user, EstSaslKeys *found)
{
  Login *login = data;
  if (!find_token (login, user))
    return FALSE;
  login->nameless = login->token == NULL && !login->stranger;
  const EstScramKeys *keys = keys_for (login, user);
  *found = (EstSaslKeys){keys->salt, keys->rounds, keys->stored_key, keys->server_key};
  return !login->nameless;
}

/* What is said of a sign-in that came to nothing. */
static EstReply *
explain (const Login *login, EstSaslVerdict verdict)
{
  if (login->unreadable)
    return est_answer (454, "4.7.0",
                       "the tokens cannot be read; see: estafeta token list");
  if (login->nameless)
    return est_answer (504, "5.5.4",
                       "there is no token of this name; use PLAIN or LOGIN, with any "
                       "password, or: estafeta token add");
  if (verdict == EST_SASL_MALFORMED)
    return est_answer (501, "5.5.2", "that cannot be decoded");
  return est_answer (535, "5.7.8", "wrong name or password; see: estafeta token add");
}

static EstReply *
welcome (Login *login)
{
  EstSession *session = login->session;
  session->signed_in = TRUE;
  if (login->token == NULL)
    return est_answer (235, "2.7.0", "welcome; no password was needed");
  est_origin_clear (&session->origin);
  session->origin.program = g_strconcat ("token:", login->token->name, NULL);
  session->must_sign_in = FALSE;
  est_transaction_sign_in (session->transaction, login->token->name);
  return est_answer (235, "2.7.0", "welcome");
}

/* The client's answer to @challenge (base64 or NULL), into session->line. FALSE: @reply
   says why there is none, or the connection broke. */
static gboolean
ask (EstSession *session, const char *challenge, EstReply **reply)
{
  g_autoptr (EstReply) question
    = est_answer (334, NULL, challenge != NULL ? challenge : "");
  if (!est_session_say (session, question) || !est_wire_flush (session->wire, NULL)
      || !est_session_read_line (session, LINE_LIMIT, reply))
    {
      session->ended = TRUE;
      return FALSE;
    }
  if (*reply == NULL && strlen (session->line->str) != session->line->len)
    *reply = est_answer (501, "5.5.2", "that cannot be decoded");
  else if (*reply == NULL && strcmp (session->line->str, "*") == 0)
    *reply = est_answer (501, "5.0.0", "given up");
  return *reply == NULL;
}

/* A last challenge, by which SCRAM's client sees that we know its keys, is answered by an
   empty line (RFC 4954 4). */
static EstReply *
conclude (Login *login, const char *challenge)
{
  EstReply *reply = NULL;
  EstSession *session = login->session;
  if (challenge != NULL && !ask (session, challenge, &reply))
    return reply;
  if (challenge != NULL && session->line->len > 0)
    return est_answer (501, "5.5.2", "nothing more was asked for");
  return welcome (login);
}

static EstReply *
exchange (Login *login, EstSaslServer *server, const char *initial)
{
  EstReply *reply = NULL;
  const char *response = initial;
  for (;;)
    {
      g_autofree char *challenge = NULL;
      EstSaslVerdict verdict = est_sasl_server_step (server, response, &challenge);
      if (verdict == EST_SASL_ADMITTED)
        return conclude (login, challenge);
      if (verdict != EST_SASL_GOES_ON)
        return explain (login, verdict);
      if (!ask (login->session, challenge, &reply))
        return reply;
      response = login->session->line->str;
    }
}

/* "PLAIN", "PLAIN =" (empty) or "PLAIN AGEAYg==". @initial: NULL if there is none. */
static gboolean
read_argument (const char *argument, char name[NAME_SIZE], const char **initial)
{
  gsize length = strcspn (argument, " ");
  g_strlcpy (name, argument, MIN (length + 1, NAME_SIZE));
  for (char *c = name; *c != '\0'; c++)
    *c = g_ascii_toupper (*c);
  *initial = argument[length] == ' ' ? argument + length + 1 : NULL;
  if (g_strcmp0 (*initial, "=") == 0)
    *initial = "";
  return length > 0 && length < NAME_SIZE
         && (*initial == NULL || strchr (*initial, ' ') == NULL);
}

static EstReply *
sign_in (EstSession *session, const char *argument)
{
  char name[NAME_SIZE];
  const char *initial;
  g_auto (Login) login = {.session = session, .stranger = session->must_sign_in};
  const EstSaslJudge judge = {admits, find_keys, &login};
  if (!read_argument (argument, name, &initial))
    return est_answer (501, "5.5.4", "say AUTH, a mechanism, and perhaps a response");
  g_autoptr (EstSaslServer) server = est_sasl_server_new (name, &judge);
  if (server == NULL)
    return est_answer (504, "5.5.4", "there is PLAIN, LOGIN and SCRAM-SHA-256");
  return exchange (&login, server, initial);
}

/* The last of too many, in place of its own answer. */
static EstReply *
count_failure (EstSession *session, EstReply *reply)
{
  if (reply == NULL || reply->code == 235 || ++session->failures < FAILURE_LIMIT)
    return reply;
  g_message ("closed a conversation in which sign-ins failed %d times", FAILURE_LIMIT);
  est_reply_unref (reply);
  session->ended = TRUE;
  return est_answer (421, "4.7.0", "too many sign-ins failed");
}

EstReply *
est_login_on_auth (EstSession *session, const char *argument)
{
  if (!session->extended || session->signed_in)
    return est_answer (503, "5.5.1",
                       session->signed_in ? "you have signed in" : "say EHLO first");
  EstReply *reply = sign_in (session, argument);
  est_secret_wipe (session->line->str, session->line->allocated_len);
  g_string_truncate (session->line, 0);
  return count_failure (session, reply);
}
