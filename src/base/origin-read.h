/* est_origin_of_process() and est_origin_of_socket() with the places of /proc and of the
   control groups given, for tests. Internal to base/. */
#pragma once

#include "base/control-groups.h"
#include "base/origin.h"

/* @proc: an open folder with one folder for each process, and "self". */
EstOrigin est_origin_read (int proc, pid_t pid);

EstOrigin
est_origin_look_up (int proc, EstControlGroups *groups, guint64 group, guint64 inode);
