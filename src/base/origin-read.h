/* est_origin_of_process() with the place of /proc given, for tests. Internal to base/. */
#pragma once

#include "base/origin.h"

/* @proc: an open folder with one folder for each process, and "self". */
EstOrigin est_origin_read (int proc, pid_t pid);
