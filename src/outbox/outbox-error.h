/* What can go wrong with the outbox, by what the caller can do about it. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_OUTBOX_ERROR_FULL,            /* no room now: 452, try again later */
  EST_OUTBOX_ERROR_STORE,           /* reading or writing failed */
  EST_OUTBOX_ERROR_NEWER,           /* made by a newer version of this program */
  EST_OUTBOX_ERROR_FOREIGN,         /* not an outbox at all */
  EST_OUTBOX_ERROR_DAMAGED,         /* content does not match its sum */
  EST_OUTBOX_ERROR_NO_SUCH_MESSAGE, /* there is none of this number */
  EST_OUTBOX_ERROR_NOT_POSSIBLE,    /* not in this state */
} EstOutboxError;

#define EST_OUTBOX_ERROR (est_outbox_error_quark ())
GQuark est_outbox_error_quark (void);
