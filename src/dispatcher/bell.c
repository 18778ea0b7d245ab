/* eventfd(2) by the names of what it is for. */
#include "dispatcher/bell.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
est_bell_new (void)
{
  int bell = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (bell < 0)
    g_error ("cannot make a bell: %s", g_strerror (errno));
  return bell;
}

/* The counter cannot be full: it would take centuries. */
void
est_bell_ring (int bell)
{
  if (eventfd_write (bell, 1) != 0)
    g_warning ("a bell is broken: %s", g_strerror (errno));
}

/* One that was not rung has nothing to read, which is fine. */
void
est_bell_hush (int bell)
{
  eventfd_t count;
  if (eventfd_read (bell, &count) != 0 && errno != EAGAIN)
    g_warning ("a bell is broken: %s", g_strerror (errno));
}

void
est_bell_free (int bell)
{
  close (bell);
}
