/* Words that strangers wrote (subjects, addresses, replies), made fit to be shown to a
   person: on a terminal, in a notification, inside a sentence of ours. */
#pragma once

#include <glib.h>

/* A new string of one line by est_plain_text(), of no more than @limit characters, the
   last one "…" where something was cut; 0: no limit. "" for NULL. */
char *est_text_tame (const char *text, guint limit);
