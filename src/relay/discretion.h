/* Servers quote what they did not understand, and that may be a password: what they say
   is kept in the journal and shown, and no secret may be in it. Pure. */
#pragma once

#include <glib.h>

/* @text without the words, of 8 octets and more, that are part of what the line @said
   told last, as it was or out of its base64; they become "***". The name @user (NULL:
   none) is no secret. New string; NULL: there was none. */
char *est_discretion_mask (const char *text, const char *said, const char *user);
