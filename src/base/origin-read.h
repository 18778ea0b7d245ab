/* What est_origin_of_process() and est_origin_of_socket() are made of, with the places of
   /proc and of the control groups given, for tests. Internal to base/. */
#pragma once

#include "base/control-groups.h"
#include "base/origin.h"

/* @proc: an open folder with one folder for each process, and "self". */
EstOrigin est_origin_read (int proc, pid_t pid);

EstOrigin
est_origin_look_up (int proc, EstControlGroups *groups, guint64 group, guint64 inode);

/* Of a group, but for the containers that the process @self is in as well. */
EstOrigin est_origin_judge_group (const char *path, int self);

/* Of an open process (base/process.h), which it closes; -1 is none. */
EstOrigin est_origin_judge_process (int proc, int process);
