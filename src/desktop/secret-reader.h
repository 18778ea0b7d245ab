/* Reads a password from a descriptor another program passed over D-Bus. */
#pragma once

#include "base/secret.h"

/* Reads @fd to its end: one final line break is taken off, 64 KiB and ten seconds at
   most. NULL without an error if it is empty. */
EstSecret *est_secret_read (int fd, GError **error);
