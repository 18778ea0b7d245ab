/* What the main loop holds of a worker's thread: how to end it, soon or now, and what
   that has to wait for. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  GCancellable *cancellable; /* ends every wait of the thread but a rest */
  GMutex mutex;              /* guards what is below */
  GCond settled;
  gboolean stopping; /* no further message is to be claimed */
  gboolean ending;   /* the program is */
  guint in_doubt;    /* messages that are out, and whose outcome is not noted yet */
} EstReins;

void est_reins_init (EstReins *reins);
void est_reins_clear (EstReins *reins);

/* The thread: asks. */
gboolean est_reins_is_stopping (EstReins *reins);

/* The thread: tells, see EstDelivery. */
void est_reins_set_in_doubt (EstReins *reins, gboolean in_doubt);

/* The thread: waits so long; FALSE if the program ends meanwhile. */
gboolean est_reins_rest (EstReins *reins, guint milliseconds);

/* The main loop: no further message. */
void est_reins_stop (EstReins *reins);

/* The main loop: waits until nothing is in doubt, up to @until (monotonic), and cancels
   everything else. */
void est_reins_end (EstReins *reins, gint64 until);
