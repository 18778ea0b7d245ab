/* Errors as SMTP replies, one table. */
#include "submission/answer.h"

#include "intake/intake.h"

EstReply *
est_answer (int code, const char *status, const char *text)
{
  return est_reply_new (code, status, text);
}

typedef struct
{
  int error; /* code in EST_INTAKE_ERROR */
  int code;
  const char *status;
} Meaning;

static const Meaning intake_meanings[] = {
  {EST_INTAKE_ERROR_NO_ACCOUNT,  550, "5.7.1"},
  {EST_INTAKE_ERROR_NO_SENDER,   550, "5.7.1"},
  {EST_INTAKE_ERROR_TOO_LARGE,   552, "5.3.4"},
  {EST_INTAKE_ERROR_HEADER,      552, "5.3.4"},
  {EST_INTAKE_ERROR_CONTENT,     554, "5.6.0"},
  {EST_INTAKE_ERROR_NOT_ALLOWED, 550, "5.7.1"},
  {EST_INTAKE_ERROR_TOO_MANY,    450, "4.7.1"},
  {EST_INTAKE_ERROR_NO_TOKEN,    421, "4.7.0"},
  {EST_INTAKE_ERROR_TOKENS,      451, "4.7.0"},
  {EST_INTAKE_ERROR_REFUSED,     550, "5.7.1"},
  {EST_INTAKE_ERROR_UNDECIDED,   450, "4.7.1"},
  {EST_INTAKE_ERROR_TOO_EARLY,   451, "4.3.0"},
};

GError *
est_answer_unclean (void)
{
  return g_error_new_literal (EST_INTAKE_ERROR, EST_INTAKE_ERROR_CONTENT,
                              "a bare CR or LF, or a NUL: lines must end with CRLF");
}

EstReply *
est_answer_error (const GError *error)
{
  if (error->domain == EST_INTAKE_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (intake_meanings); i++)
      if (intake_meanings[i].error == error->code)
        return est_answer (intake_meanings[i].code, intake_meanings[i].status,
                           error->message);

  if (g_error_matches (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_FULL))
    return est_answer (452, "4.3.1", "the disc is full; the message was not taken");
  return est_answer (451, "4.3.0",
                     "the outbox cannot be written; the message was not taken");
}
