/* Hears from logind that the machine goes to sleep, in time: it waits for us, a moment.
   On the thread-default main context of whoever made it; silent where there is no logind.
 */
#pragma once

#include <gio/gio.h>

typedef struct EstSleepWatch EstSleepWatch;

EstSleepWatch *est_sleep_watch_new (void (*sleeps) (gpointer data), gpointer data);
void est_sleep_watch_free (EstSleepWatch *watch);
