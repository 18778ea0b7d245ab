/* What the daemon and its helper say to each other: values in, records out. Internal to
   web/. */
#pragma once

#include <glib.h>

#define EST_EXCHANGE_LIMIT (64 * 1024) /* octets of the input */

/* Lines of KEY=VALUE up to the end of @fd; of two with one key the later counts. The
   table wipes what it held. NULL: there is too much, or a line of another kind. */
GHashTable *est_exchange_read (int fd);

/* NULL: not said, or empty. Borrowed. */
const char *est_exchange_get (GHashTable *input, const char *key);

/* One line on standard output, at once: @word, then pairs of key and value up to a NULL
   key, each behind a tab. Pairs without a value are left out; what is no UTF-8 or a
   control character is replaced. */
void est_exchange_print (const char *word, ...) G_GNUC_NULL_TERMINATED;
