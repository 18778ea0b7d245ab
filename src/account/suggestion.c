/* Edit distance over short words. */
#include "account/suggestion.h"

#include <string.h>

#define LONGEST 40 /* a longer word is no misspelt key of ours */

/* How many letters must be put in, taken out, changed or swapped with their neighbour to
   make @a of @b; neither is longer than LONGEST. */
static guint
distance (const char *a, const char *b)
{
  guint steps[LONGEST + 1][LONGEST + 1]; /* for the first i letters of @a, j of @b */
  guint i = 0, j = 0;
  for (i = 0; i == 0 || a[i - 1] != '\0'; i++)
    for (j = 0; j == 0 || b[j - 1] != '\0'; j++)
      {
        if (i == 0 || j == 0)
          {
            steps[i][j] = i + j;
            continue;
          }
        guint changed = steps[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
        guint best = MIN (changed, MIN (steps[i - 1][j], steps[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          best = MIN (best, steps[i - 2][j - 2] + 1);
        steps[i][j] = best;
      }
  return steps[i - 1][j - 1];
}

const char *
est_suggestion_find (const char *word, const char *const *known)
{
  if (strlen (word) > LONGEST)
    return NULL;

  const char *found = NULL;
  guint nearest = G_MAXUINT;
  for (; *known != NULL; known++)
    {
      guint far = distance (word, *known);
      /* A third of the letters wrong is a slip, more is another word. */
      if (far > MAX (strlen (word), strlen (*known)) / 3 || far >= nearest)
        continue;
      nearest = far;
      found = *known;
    }
  return found;
}
