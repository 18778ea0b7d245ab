#include "web/own-file.h"

#include "base/secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_usual (int fd, gsize limit, gsize *length)
{
  struct stat info;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)
      || (info.st_uid != geteuid () && info.st_uid != 0) || (gsize) info.st_size > limit)
    return FALSE;
  *length = (gsize) info.st_size;
  return TRUE;
}

static char *
read_whole (int fd, gsize length)
{
  char *text = g_malloc0 (length + 1);
  for (gsize got = 0; got < length;)
    {
      gssize more = read (fd, text + got, length - got);
      if (more <= 0)
        break; /* it became shorter */
      got += (gsize) more;
    }
  return text;
}

char *
est_own_file_read (const char *path, gsize limit)
{
  gsize length;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return NULL;
  char *text = is_usual (fd, limit, &length) ? read_whole (fd, length) : NULL;
  close (fd);
  return text;
}

static gboolean
is_group (const char *line)
{
  gsize length = strlen (line);
  return length > 2 && line[0] == '[' && strcspn (line + 1, "[]") == length - 2
         && line[length - 1] == ']';
}

static gboolean
is_key (const char *line)
{
  gsize length = strcspn (line, "=");
  return length > 0 && line[length] == '=' && memchr (line, '[', length) == NULL
         && !g_ascii_isspace (line[0]) && line[0] != '#';
}

static void
append_line (GString *good, const char *line)
{
  g_string_append (good, line);
  g_string_append_c (good, '\n');
}

GKeyFile *
est_own_file_parse (const char *text)
{
  GKeyFile *file = g_key_file_new ();
  GString *good = g_string_sized_new (strlen (text) + 1);
  char **lines = g_strsplit (text, "\n", -1);
  gboolean within = FALSE;
  for (char **line = lines; *line != NULL; line++)
    {
      g_strchomp (*line);
      if ((*line)[0] == '[')
        within = is_group (*line);
      if (within && (is_group (*line) || is_key (*line)))
        append_line (good, *line);
      est_secret_wipe (*line, strlen (*line));
    }
  g_strfreev (lines);
  g_key_file_load_from_data (file, good->str, good->len, G_KEY_FILE_NONE, NULL);
  est_secret_free_text (g_string_free (good, FALSE));
  return file;
}
