/* One place where programs come in: a socket that listens. Main loop only. */
#pragma once

#include <gio/gio.h>

typedef struct EstDoor EstDoor;

/* Called for each client, with its connection; borrowed. */
typedef void (*EstDoorFunc) (EstDoor *door, GSocket *connection, gpointer data);

typedef struct
{
  EstDoorFunc entered;
  gpointer data;
} EstDoorKeeper;

/* @place: an address with its port as the settings write it, "127.0.0.1:2525". @tls: it
   begins at once there. G_IO_ERROR_ADDRESS_IN_USE if somebody listens there already. */
EstDoor *est_door_open (const char *place,
                        gboolean tls,
                        const EstDoorKeeper *keeper,
                        GError **error);

/* The Unix socket @path, which is replaced and, with the door, removed: only one daemon
   of this person runs, so that a file that is there was left by a crash. */
EstDoor *
est_door_open_unix (const char *path, const EstDoorKeeper *keeper, GError **error);

/* Lets nobody in any more; who is in stays. */
void est_door_close (EstDoor *door);

gboolean est_door_is_at (const EstDoor *door, const char *place, gboolean tls);
gboolean est_door_has_tls (const EstDoor *door);

/* "127.0.0.1:2525", "tls:127.0.0.1:2465", "unix:/run/..."; borrowed. */
const char *est_door_name (const EstDoor *door);

/* The socket address a @place stands for; NULL if it is none. */
GSocketAddress *est_door_read_place (const char *place, GError **error);
