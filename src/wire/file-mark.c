/* Inode, size and time together: a file replaced by rename differs in the first, one
   written in place in the others. */
#include "wire/file-mark.h"

GStatBuf
est_file_mark_take (const char *path)
{
  GStatBuf mark = {0};
  if (path == NULL || g_stat (path, &mark) != 0)
    return (GStatBuf){0};
  return mark;
}

gboolean
est_file_mark_equal (const GStatBuf *a, const GStatBuf *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec
         && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}
