/* How many messages a program may hand in within 24 hours, and has. What is stored counts
   (the outbox is asked once for each program, then the times are kept here), and so does
   what is being received at this moment: two conversations cannot both take the last
   place. Any thread. */
#pragma once

#include "outbox/outbox.h"

typedef struct EstAllowance EstAllowance;

EstAllowance *est_allowance_new (EstOutbox *outbox);
void est_allowance_free (EstAllowance *allowance);

/* Takes a place for one message of @program, of which there are @per_day (0: any number);
   FALSE if none is left: @again (microseconds) is when there will be one, or 0 if that
   depends on messages being received now. With an error the outbox could not be asked. */
gboolean est_allowance_take (EstAllowance *allowance,
                             const char *program,
                             guint per_day,
                             gint64 *again,
                             GError **error);

/* Gives it back; @stored: the message has come in, and counts for a day. */
void est_allowance_return (EstAllowance *allowance, const char *program, gboolean stored);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstAllowance, est_allowance_free)
