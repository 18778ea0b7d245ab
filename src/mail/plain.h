/* Words that a stranger wrote, made fit for a terminal, a notification, one SMTP line. */
#pragma once

#include <glib.h>

/* Valid UTF-8 without controls: an octet that is none becomes the replacement character;
   a control, a line separator or a change of writing direction (it would let hostile
   words rearrange ours) becomes a blank, and so does a line end. Blanks at both ends are
   taken off. @length -1: up to the NUL. New string. */
char *est_plain_text (const char *text, gssize length);
