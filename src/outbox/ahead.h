/* Messages for later that a relay may be given before, because it keeps them until then
   (RFC 4865), so that they leave while this machine sleeps. */
#pragma once

#include "outbox/turn.h"

/* The first message of @question that can be handed over ahead of its time sooner than
   @*due: then @id and @due say so. What was tried so already, or is not wanted later but
   put off, waits here. */
gboolean est_ahead_find (EstDatabase *database,
                         const EstDueQuestion *question,
                         gint64 *id,
                         gint64 *due,
                         GError **error);
