/* The file header and the table of tables, https://sqlite.org/fileformat2.html 1.3. */
#include "outbox/graft.h"

#include "outbox/outbox-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_SIZE 4096

/* Places in the header; 4 octets each, most significant first. */
enum
{
  CHANGE_COUNTER = 24,
  PAGE_COUNT = 28,
  FIRST_FREE_PAGE = 32,
  N_FREE_PAGES = 36,
  COUNT_IS_OF_CHANGE = 92,
};

static void
put_number (guint8 *page, guint place, guint32 number)
{
  guint32 octets = GUINT32_TO_BE (number);
  memcpy (page + place, &octets, sizeof octets);
}

static gboolean
read_first_page (const char *path, guint8 *page)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean good = fd >= 0 && pread (fd, page, PAGE_SIZE, 0) == PAGE_SIZE;
  if (fd >= 0)
    close (fd);
  return good;
}

/* The list of free pages is given up: what stands in them is not read. */
static gboolean
write_first_page (const char *path, guint8 *page)
{
  struct stat status;
  int fd = open (path, O_RDWR | O_CLOEXEC);
  gboolean good = fd >= 0 && fstat (fd, &status) == 0 && status.st_size >= PAGE_SIZE;
  if (good)
    {
      put_number (page, CHANGE_COUNTER, 1);
      put_number (page, COUNT_IS_OF_CHANGE, 1);
      put_number (page, PAGE_COUNT, (guint32) (status.st_size / PAGE_SIZE));
      put_number (page, FIRST_FREE_PAGE, 0);
      put_number (page, N_FREE_PAGES, 0);
      good = pwrite (fd, page, PAGE_SIZE, 0) == PAGE_SIZE;
    }
  if (fd >= 0)
    close (fd);
  return good;
}

gboolean
est_graft (const char *path, const char *fresh, GError **error)
{
  guint8 page[PAGE_SIZE];
  if (read_first_page (fresh, page) && write_first_page (path, page))
    return TRUE;
  g_set_error_literal (error, EST_OUTBOX_ERROR, EST_OUTBOX_ERROR_CORRUPT,
                       "the damaged outbox is too short to be read");
  return FALSE;
}
