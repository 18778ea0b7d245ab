/* The one place that starts GMime: its own counter of g_mime_init() calls is not safe
   when two conversations come first at the same moment. */
#include "mail/mime.h"

void
est_mime_ready (void)
{
  static gsize ready;

  if (!g_once_init_enter (&ready))
    return;
  g_mime_init ();
  g_once_init_leave (&ready, 1);
}
