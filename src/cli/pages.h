/* The daemon answers long questions page by page. */
#pragma once

#include "interface/interface.h"

/* est_bus_outbox1_call_list_sync() and its like. */
typedef gboolean (*EstPageCall) (EstBusOutbox1 *outbox,
                                 GVariant *filter,
                                 guint64 after,
                                 guint limit,
                                 GVariant **page,
                                 GCancellable *cancellable,
                                 GError **error);

/* All pages as one aa{sv}, of which @key ("id") numbers the records; with @last > 0 no
   more than the last so many. */
GVariant *est_pages_fetch (EstBusOutbox1 *outbox,
                           EstPageCall call,
                           GVariant *filter,
                           const char *key,
                           int last,
                           GError **error);
