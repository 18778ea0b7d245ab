/* One alarm on the wall clock: a timerfd that rings after a suspend too and when the
   clock is set, so that no due time is slept through. Nothing polls. Main loop only. */
#pragma once

#include <glib.h>

typedef struct EstAlarm EstAlarm;

/* @ring is called when the time has come or the clock was set; it may set the alarm
   anew. */
EstAlarm *est_alarm_new (GSourceFunc ring, gpointer data);
void est_alarm_free (EstAlarm *alarm);

/* @time: microseconds since 1970 UTC; G_MAXINT64: no alarm. */
void est_alarm_set (EstAlarm *alarm, gint64 time);
