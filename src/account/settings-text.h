/* The settings file as lines of text: what GKeyFile would swallow silently (a key given
   twice, a group opened twice) is found here with its line number, and groups are put in
   and taken out without touching another character of the person's file. */
#pragma once

#include "account/settings.h"

/* EST_SETTINGS_ERROR_SYNTAX with the number of the first bad line. Lines are never
   quoted: one may hold a secret that was put there by mistake. */
gboolean est_settings_text_check (const char *text, gsize length, GError **error);

/* The line of @key in @group, of the group itself (@key NULL) or of what begins it where
   it has no such line; 0: there is no such group. */
guint est_settings_text_find (const char *text, const char *group, const char *key);

/* Whether @key and @value would make one line, and no key of another name. */
gboolean est_settings_text_stays (const char *key, const char *value);

/* @text with the group at its end; @values: key -> value, written in alphabetical order.
   EST_SETTINGS_ERROR_VALUE if a key or value would not stay on its line. */
char *est_settings_text_append (const char *text,
                                const char *group,
                                GHashTable *values,
                                GError **error);

/* @text without the group, its keys and the comment that stands directly on top of it. */
char *est_settings_text_cut (const char *text, const char *group);

/* Whether the group is there and has neither key nor comment. */
gboolean est_settings_text_is_bare (const char *text, const char *group);

/* @text with @value (NULL: without a line) for @key in @group, which is put at the end if
   it is missing; everything else stays. */
char *est_settings_text_set (const char *text,
                             const char *group,
                             const char *key,
                             const char *value);
