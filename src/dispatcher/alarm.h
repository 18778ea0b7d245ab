/* One alarm on the wall clock: a timerfd that rings after a suspend too and when the
   clock is set, so that no due time is slept through. Nothing polls. Main loop only. */
#pragma once

#include <glib.h>

typedef struct EstAlarm EstAlarm;

typedef void (*EstAlarmFunc) (gpointer data);

/* @ring is called when the time has come or the clock was set, @clock_set before it in
   the second case; both may set the alarm anew. */
EstAlarm *est_alarm_new (EstAlarmFunc ring, EstAlarmFunc clock_set, gpointer data);
void est_alarm_free (EstAlarm *alarm);

/* @time: microseconds since 1970 UTC; G_MAXINT64: no alarm. */
void est_alarm_set (EstAlarm *alarm, gint64 time);
