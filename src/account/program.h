/* A program started as the leader of a session of its own, so that it can be ended
   together with whatever it started, and nothing in it can ask on the terminal the daemon
   came from. */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

/* Standard output and standard error are pipes. @group: for est_program_end(). */
GSubprocess *est_program_start (const char *const *argv, pid_t *group, GError **error);

/* Kills all of it, without waiting. */
void est_program_end (GSubprocess *program, pid_t group);
