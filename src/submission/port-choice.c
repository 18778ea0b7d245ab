/* Which port, and whether there is one already. */
#include "submission/port-choice.h"

#include "submission/door.h"

const char *
est_port_state_nick (EstPortState state)
{
  static const char *const nicks[] = {"chosen", "kept", "taken"};
  return nicks[state];
}

char **
est_port_choice_places (guint16 port)
{
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_autofree char *old = g_strdup_printf ("127.0.0.1:%u", port);
  g_autofree char *new = g_strdup_printf ("[::1]:%u", port);
  g_strv_builder_add_many (places, old, new, NULL);
  return g_strv_builder_end (places);
}

static char *
line_for (guint16 port)
{
  g_auto (GStrv) places = est_port_choice_places (port);
  return g_strjoinv (";", places);
}

/* The port of the first place: that is the one a person told the clients. */
static guint16
first_port (const EstSubmissionSettings *settings)
{
  const char *place = settings->listen[0];
  g_autoptr (GSocketAddress) address
    = place != NULL ? est_door_read_place (place, NULL) : NULL;
  return address != NULL
           ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
           : 0;
}

static gboolean
is_taken (EstListener *listener, const EstSubmissionSettings *settings)
{
  GPtrArray *troubles = est_listener_troubles (listener);
  for (guint i = 0; i < troubles->len; i++)
    {
      const EstListenerTrouble *trouble = g_ptr_array_index (troubles, i);
      if (trouble->taken
          && g_strv_contains ((const char *const *) settings->listen, trouble->address))
        return TRUE;
    }
  return FALSE;
}

/* What had to be held open for nothing is closed again. */
static gboolean
choose (EstListener *listener, EstAccounts *accounts, guint16 *port, GError **error)
{
  *port = est_listener_hold_free_port (listener, EST_PORT_FIRST, EST_PORT_MOST, error);
  if (*port == 0)
    return FALSE;
  g_autofree char *line = line_for (*port);
  if (est_accounts_set_listen (accounts, line, error))
    return TRUE;
  est_listener_update (listener);
  return FALSE;
}

gboolean
est_port_choice_make (EstListener *listener,
                      EstAccounts *accounts,
                      guint16 *port,
                      EstPortState *state,
                      GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (accounts);
  const EstSubmissionSettings *submission = &settings->submission;
  if (!submission->listen_said)
    {
      *state = EST_PORT_CHOSEN;
      return choose (listener, accounts, port, error);
    }
  *port = first_port (submission);
  *state = is_taken (listener, submission) ? EST_PORT_TAKEN : EST_PORT_KEPT;
  return TRUE;
}

gboolean
est_port_choice_forget (EstAccounts *accounts, guint16 port, GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (accounts);
  g_auto (GStrv) places = est_port_choice_places (port);
  if (!settings->submission.listen_said
      || !g_strv_equal ((const char *const *) settings->submission.listen,
                        (const char *const *) places))
    return TRUE;
  return est_accounts_set_listen (accounts, NULL, error);
}
