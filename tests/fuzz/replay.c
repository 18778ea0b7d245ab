/* Runs a fuzz target over every file of a folder, so that what was found once is tried by
   every test run, without a fuzzer. Speaks TAP. */
#include "target.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_names (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* A target that finds something wrong aborts. */
static gboolean
replay (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *data = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, NULL))
    return FALSE;
  /* A copy of the exact size, so that a sanitizer sees the first octet behind it. */
  g_autofree char *exact = size > 0 ? g_memdup2 (data, size) : g_strdup ("");
  return LLVMFuzzerTestOneInput ((const uint8_t *) exact, size) == 0;
}

int
main (int argc, char **argv)
{
  const char *folder = argc > 1 ? argv[1] : "";
  g_autoptr (GPtrArray) names = list_names (folder);
  gboolean good = names->len > 0;

  printf ("1..%u\n", MAX (names->len, 1));
  if (names->len == 0)
    printf ("not ok 1 - no files in \"%s\"\n", folder);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      gboolean passed = replay (folder, name);

      printf ("%s %u - %s\n", passed ? "ok" : "not ok", i + 1, name);
      fflush (stdout);
      good = good && passed;
    }
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
