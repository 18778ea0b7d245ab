/* Content on its way in: memory, then an unlinked file; the same octets either way. */
#include "outbox/content.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static guint
count_files (void)
{
  guint count = 0;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
check_octets (gsize size, gsize piece)
{
  g_autoptr (EstContent) content = est_content_new (folder);
  g_autofree guint8 *data = g_malloc (size + 1), *back = g_malloc (size + 1);
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 7 + i / 251);
  for (gsize at = 0; at < size; at += piece)
    {
      gsize length = MIN (piece, size - at);
      g_assert_true (est_content_append (content, data + at, length, NULL));
    }
  g_assert_cmpuint (est_content_size (content), ==, size);
  g_assert_cmpuint (count_files (), ==, 0);

  gssize got = est_content_read (content, 0, back, size + 1, NULL);
  g_assert_cmpmem (back, (gsize) got, data, size);
  got = est_content_read (content, size / 2, back, 10, NULL);
  g_assert_cmpmem (back, (gsize) got, data + size / 2, MIN (10, size - size / 2));
  g_assert_cmpint (est_content_read (content, size, back, 1, NULL), ==, 0);
}

static void
test_octets (void)
{
  static const gsize sizes[] = {0,
                                1,
                                1000,
                                EST_CONTENT_IN_MEMORY,
                                EST_CONTENT_IN_MEMORY + 1,
                                3 * EST_CONTENT_IN_MEMORY};
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      check_octets (sizes[i], 16384);
      check_octets (sizes[i], 1000003);
    }
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstContent) content = est_content_new ("/nonexistent/folder");
  g_autofree char *data = g_malloc0 (EST_CONTENT_IN_MEMORY + 1);
  g_assert_true (est_content_append (content, data, EST_CONTENT_IN_MEMORY, NULL));
  g_assert_false (est_content_append (content, data, 1, &error));
  g_assert_nonnull (strstr (error->message, "data folder"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("estafeta-content-XXXXXX", NULL);
  g_test_add_func ("/outbox/content/octets", test_octets);
  g_test_add_func ("/outbox/content/no-folder", test_no_folder);
  int result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
