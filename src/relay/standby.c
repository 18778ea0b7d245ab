/* A connection between two messages. */
#include "relay/talk.h"

/* What can be read now is a farewell, or the end: nobody is there to say goodbye to. */
gboolean
est_relay_stand_by (EstRelay *relay, int wake, gint64 milliseconds)
{
  est_wire_set_deadline (relay->wire, milliseconds);
  gboolean called = est_wire_wait_or (relay->wire, wake, NULL);
  if (est_wire_is_readable (relay->wire) || !est_wire_has_way (relay->wire))
    relay->in_step = FALSE;
  relay->stood_by = TRUE;
  return called && relay->in_step;
}

gboolean
est_relay_is_stale (EstRelay *relay)
{
  return relay->kept && !relay->in_step;
}
