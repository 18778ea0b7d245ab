/* The door: the kernel says whose the client is, the settings who else may come in. */
#include "submission/admission.h"

#include "base/user.h"
#include "wire/peer.h"

#include <unistd.h>

static void
refuse_user (uid_t uid)
{
  g_autofree char *name = est_user_name (uid);
  g_warning ("refused a connection of another user (uid %u, %s)", (guint) uid, name);
}

static EstAdmission
admit_other (const EstSettings *settings, uid_t uid, EstOrigin *origin)
{
  const GArray *users = settings->submission.users;
  for (guint i = 0; i < users->len; i++)
    {
      const EstUser *user = &g_array_index (users, EstUser, i);
      if (user->uid != uid)
        continue;
      origin->program = est_origin_name ("user", user->name);
      return user->must_sign_in ? EST_ADMISSION_SIGN_IN : EST_ADMISSION_VOUCHED;
    }
  refuse_user (uid);
  return EST_ADMISSION_REFUSED;
}

/* A process that connected and ended could have been any program; what it left the
   connection to may be a sandbox. */
static EstAdmission
admit_own (const EstPeer *peer, EstOrigin *origin)
{
  *origin = peer->pid > 0 ? est_origin_of_process (peer->pid)
                          : est_origin_of_socket (peer->group, peer->inode);
  if (!est_peer_is_gone (peer))
    return EST_ADMISSION_VOUCHED;
  est_origin_clear (origin);
  g_warning ("refused a connection whose program has ended");
  return EST_ADMISSION_REFUSED;
}

/* Told once; it stays so as long as we run. */
static EstAdmission
demand_sign_in (const GError *error)
{
  static gsize told;
  if (g_once_init_enter (&told))
    {
      g_warning ("programs must sign in at the port: %s", error->message);
      g_once_init_leave (&told, 1);
    }
  return EST_ADMISSION_SIGN_IN;
}

EstAdmission
est_admission_decide (const EstSettings *settings, GSocket *connection, EstOrigin *origin)
{
  g_auto (EstPeer) peer = {.process = -1};
  g_autoptr (GError) error = NULL;
  *origin = (EstOrigin){0};
  if (est_peer_look (connection, &peer, &error))
    return peer.uid == geteuid () ? admit_own (&peer, origin)
                                  : admit_other (settings, peer.uid, origin);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return demand_sign_in (error);
  g_warning ("refused a connection whose owner is unknown: %s", error->message);
  return EST_ADMISSION_REFUSED;
}
