/* Programs by their control groups. */
#include "base/origin.h"

#include <string.h>

void
est_origin_clear (EstOrigin *origin)
{
  g_clear_pointer (&origin->program, g_free);
  origin->sandboxed = FALSE;
}

/* "app-flatpak-org.example.App-1234.scope" */
static char *
read_flatpak (const char *unit)
{
  static const char prefix[] = "app-flatpak-";
  if (!g_str_has_prefix (unit, prefix))
    return NULL;
  const char *end = strrchr (unit, '-');
  const char *id = unit + strlen (prefix);
  return end > id ? g_strndup (id, (gsize) (end - id)) : NULL;
}

EstOrigin
est_origin_of_group (const char *path)
{
  g_auto (GStrv) units = g_strsplit (path, "/", -1);
  for (char **unit = units; *unit != NULL; unit++)
    {
      g_autofree char *id = read_flatpak (*unit);
      if (id != NULL)
        return (EstOrigin){g_strconcat ("flatpak:", id, NULL), TRUE};
    }
  return (EstOrigin){0};
}

/* The line "0::PATH" is that of the unified hierarchy. */
EstOrigin
est_origin_of_process (pid_t pid)
{
  g_autofree char *file = g_strdup_printf ("/proc/%d/cgroup", (int) pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (file, &text, NULL, NULL))
    return (EstOrigin){0};
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "0::"))
      return est_origin_of_group (*line + 3);
  return (EstOrigin){0};
}
