/* What can go wrong with the outbox, by what the caller can do about it. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_OUTBOX_ERROR_FULL,              /* no room now: 452, try again later */
  EST_OUTBOX_ERROR_STORE,             /* reading or writing failed */
  EST_OUTBOX_ERROR_CORRUPT,           /* the file is damaged, see est_outbox_repair() */
  EST_OUTBOX_ERROR_NEWER,             /* made by a newer version of this program */
  EST_OUTBOX_ERROR_FOREIGN,           /* not an outbox at all */
  EST_OUTBOX_ERROR_DAMAGED,           /* content does not match its sum */
  EST_OUTBOX_ERROR_NO_SUCH_MESSAGE,   /* there is none of this number */
  EST_OUTBOX_ERROR_NOT_POSSIBLE,      /* not in this state */
  EST_OUTBOX_ERROR_CALLED_BACK,       /* its person wants the message back */
  EST_OUTBOX_ERROR_UNDER_WAY,         /* it is out, and the relay has not answered yet */
  EST_OUTBOX_ERROR_NO_CONTENT,        /* it has left or was discarded */
  EST_OUTBOX_ERROR_NO_SUCH_RECIPIENT, /* none of this address that waits for it */
  EST_OUTBOX_ERROR_NOT_ITS_SENDER,    /* the account does not send for this address */
} EstOutboxError;

#define EST_OUTBOX_ERROR (est_outbox_error_quark ())
GQuark est_outbox_error_quark (void);
