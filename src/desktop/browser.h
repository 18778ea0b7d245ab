/* The person's web browser. */
#pragma once

#include <gio/gio.h>

/* Asks the desktop's portal to open @uri (org.freedesktop.portal.OpenURI), so that the
   browser is no child of the daemon; where there is none, starts the program for it.
   Blocks; any thread. */
gboolean est_browser_open (const char *uri, GError **error);
