/* For tests: a conversation with a relay that follows a script, and what came of a
   message. */
#pragma once

#include "relay/handover.h"

#include "script.h"

static EstRelay *
open_relay (Script *script)
{
  EstAccount account = {
    .name = (char *) "test",
    .host = (char *) "127.0.0.1",
    .port = script->port,
    .security = EST_SECURITY_NONE,
    .auth = (char *) "none",
  };
  const EstDeliverySettings limits = SCRIPT_LIMITS;
  g_autoptr (GError) error = NULL;
  EstRelay *relay = est_relay_open (&account, &limits, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return relay;
}

/* "sent 250,pending 0": of each recipient the state and the code of its reply, 0: none.
 */
static char *
describe_verdicts (const EstOutcome *outcome)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < outcome->n_verdicts; i++)
    {
      const EstVerdict *verdict = &outcome->verdicts[i];
      g_string_append_printf (text, "%s%s %d", i > 0 ? "," : "",
                              est_recipient_state_nick (verdict->state),
                              verdict->reply != NULL ? verdict->reply->code : 0);
    }
  return g_string_free (text, FALSE);
}
