/* The settings program of the person's desktop: opened by its bus, so that it belongs to
   the session and not to us. Main loop. */
#pragma once

/* At the page @panel, as GNOME's settings name it. Where no program has such pages it is
   logged: what to do stands in the notice itself. */
void est_desktop_settings_open (const char *panel);
