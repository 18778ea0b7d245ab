/* Names and values as application/x-www-form-urlencoded. Internal to web/. */
#pragma once

#include <glib.h>

/* Room enough that it does not move as it grows, and leaves no copy behind. */
GString *est_form_new (void);

/* Wipes it. */
void est_form_free (GString *form);

/* NULL: nothing is added. */
void est_form_add (GString *form, const char *name, const char *value);
