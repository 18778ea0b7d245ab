/* timerfd_create(2) as a GSource. */
#include "dispatcher/alarm.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct EstAlarm
{
  int fd;
  gint64 time; /* as it was set last */
  guint source;
  EstAlarmFunc ring;
  EstAlarmFunc clock_set;
  gpointer data;
};

/* A clock that was set makes the read fail with ECANCELED: that is a ring like any other,
   since due times may be past now. */
static gboolean
on_ring (int fd, GIOCondition condition, gpointer data)
{
  EstAlarm *alarm = data;
  guint64 count;
  alarm->time = 0; /* it has rung: the same time may be set again */
  ssize_t got = read (fd, &count, sizeof count);
  gboolean clock_set = got < 0 && errno == ECANCELED;
  if (clock_set)
    alarm->clock_set (alarm->data);
  if (got >= 0 || clock_set)
    alarm->ring (alarm->data);
  return G_SOURCE_CONTINUE;
}

EstAlarm *
est_alarm_new (EstAlarmFunc ring, EstAlarmFunc clock_set, gpointer data)
{
  EstAlarm *alarm = g_new0 (EstAlarm, 1);
  alarm->fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (alarm->fd < 0)
    g_error ("cannot make a timer: %s", g_strerror (errno));
  alarm->source = g_unix_fd_add (alarm->fd, G_IO_IN, on_ring, alarm);
  alarm->ring = ring;
  alarm->clock_set = clock_set;
  alarm->data = data;
  return alarm;
}

void
est_alarm_free (EstAlarm *alarm)
{
  if (alarm == NULL)
    return;
  g_source_remove (alarm->source);
  close (alarm->fd);
  g_free (alarm);
}

void
est_alarm_set (EstAlarm *alarm, gint64 time)
{
  struct itimerspec when = {0};
  if (time == alarm->time)
    return;
  alarm->time = time;
  if (time != G_MAXINT64)
    {
      when.it_value.tv_sec = MAX (time, 1) / G_USEC_PER_SEC;
      when.it_value.tv_nsec = MAX (time, 1) % G_USEC_PER_SEC * 1000;
    }
  int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
  if (timerfd_settime (alarm->fd, flags, &when, NULL) != 0)
    g_warning ("cannot set the timer: %s", g_strerror (errno));
}
