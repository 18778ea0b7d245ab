/* "Did you mean ...?": the known word that looks most like a misspelt one. */
#pragma once

#include <glib.h>

/* The nearest of @known (NULL-terminated) if it is near enough to be meant, else NULL. */
const char *est_suggestion_find (const char *word, const char *const *known);
