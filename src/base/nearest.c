/* The distance between words (optimal string alignment). */
#include "base/nearest.h"

#include <string.h>

#define LONGEST 32

typedef guint Row[LONGEST + 1];

static void
fill_row (Row *rows, const char *a, const char *b, gsize i, gsize length)
{
  rows[i][0] = (guint) i;
  for (gsize j = 1; j <= length; j++)
    {
      guint cost = a[i - 1] != b[j - 1];
      guint best = MIN (rows[i - 1][j], rows[i][j - 1]) + 1;
      best = MIN (best, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = MIN (best, rows[i - 2][j - 2] + cost);
      rows[i][j] = best;
    }
}

guint
est_nearest_distance (const char *a, const char *b)
{
  gsize m = strnlen (a, LONGEST);
  gsize n = strnlen (b, LONGEST);
  Row rows[LONGEST + 1];
  for (gsize j = 0; j <= n; j++)
    rows[0][j] = (guint) j;
  for (gsize i = 1; i <= m; i++)
    fill_row (rows, a, b, i, n);
  return rows[m][n];
}

/* A third of the letters wrong is a slip, more is another word. */
static guint
tolerance (const char *word, const char *choice)
{
  return (guint) MAX (MAX (strlen (word), strlen (choice)) / 3, 1);
}

const char *
est_nearest (const char *word, const char *const *choices)
{
  const char *best = NULL;
  guint least = G_MAXUINT;
  for (; *choices != NULL; choices++)
    {
      guint distance = est_nearest_distance (word, *choices);
      if (distance >= least || distance > tolerance (word, *choices))
        continue;
      least = distance;
      best = *choices;
    }
  return best;
}
