/* The content of a message between the client and the outbox: in memory while it is
   small, in an unlinked file beside the outbox when it grows, so that memory does not
   grow with the mail and a crash leaves nothing behind. One thread at a time. */
#pragma once

#include <glib.h>

#define EST_CONTENT_IN_MEMORY (1024 * 1024) /* octets; more goes into the file */

typedef struct EstContent EstContent;

/* @folder: where the file is made, on the outbox's own file system: a temporary folder
   may be in memory. */
EstContent *est_content_new (const char *folder);
void est_content_free (EstContent *content);

/* EST_OUTBOX_ERROR_FULL when there is no room, _STORE for other trouble. */
gboolean
est_content_append (EstContent *content, const void *data, gsize length, GError **error);

guint64 est_content_size (const EstContent *content);

/* Reads up to @length octets from @offset into @buffer; all of them unless the end comes
   first. -1 on error. */
gssize est_content_read (
  EstContent *content, guint64 offset, void *buffer, gsize length, GError **error);

/* The content as an unnamed file that is open for reading, at its start; the caller
   closes it. -1 on error. */
int est_content_open (EstContent *content, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstContent, est_content_free)
