/* Guesses what was meant by a word that is misspelt. */
#pragma once

#include <glib.h>

/* How many letters must be put in, left out, changed or swapped with their neighbour to
   make @b of @a; words of up to 32 octets, longer ones are cut. */
guint est_nearest_distance (const char *a, const char *b);

/* The one of @choices (NULL-terminated) most like @word, NULL if none is like it. */
const char *est_nearest (const char *word, const char *const *choices);
