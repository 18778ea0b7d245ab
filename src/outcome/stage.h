/* Where in the conversation with a relay an answer came. */
#pragma once

#include <glib.h>

/* The numbers are stored: new ones go to the end. */
typedef enum
{
  EST_STAGE_GREETING,
  EST_STAGE_EHLO,
  EST_STAGE_STARTTLS,
  EST_STAGE_AUTH,
  EST_STAGE_MAIL,
  EST_STAGE_RCPT,
  EST_STAGE_DATA,  /* the answer to DATA itself */
  EST_STAGE_FINAL, /* the answer to the final dot, or the last chunk */
  EST_STAGE_CHUNK, /* the answer to a chunk that is not the last */
  EST_STAGE_RSET,
} EstStage;
#define EST_N_STAGES (EST_STAGE_RSET + 1)

const char *est_stage_nick (EstStage stage); /* "greeting" ... */
