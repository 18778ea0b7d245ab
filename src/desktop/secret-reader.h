/* Reads a password from a descriptor another program passed over D-Bus. */
#pragma once

#include "base/secret.h"

#include <gio/gunixfdlist.h>

/* The one that came with a call in @list at the place that @handle names, read to its
   end: one final line break is taken off, 64 KiB and ten seconds at most. TRUE and NULL
   in @secret if it is empty. */
gboolean est_secret_receive (GUnixFDList *list,
                             GVariant *handle,
                             EstSecret **secret,
                             GError **error);
