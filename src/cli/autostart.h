/* The daemon in the desktop session's autostart folder, for sessions that no user manager
   of systemd looks after. */
#pragma once

#include <glib.h>

typedef struct EstAutostart EstAutostart;

/* Writes the file, unless it is there as it should be. NULL with an error. */
EstAutostart *est_autostart_write (GError **error);

const char *est_autostart_path (const EstAutostart *autostart);

/* As it was before est_autostart_write(): another text, or no file. */
void est_autostart_undo (EstAutostart *autostart);
void est_autostart_free (EstAutostart *autostart);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstAutostart, est_autostart_free)
