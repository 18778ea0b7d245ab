/* What the name of a control group tells: service managers, sandboxes and container
 * engines each have a fixed way to name theirs.
 *
 * Of sandboxes the outermost counts, for what lies within one may have been named by it.
 * Of the desktop's units the innermost counts: a terminal is an app, the scope in which
 * it runs a shell is none. */
#include "base/origin.h"

#include <string.h>

#define LONG_ID  64 /* hexadecimal digits of a container's id */
#define SHORT_ID 12 /* how many of them people see */

/* How much of the text between prefix and suffix is the name; negative: it is none. */
typedef gssize (*MeasureFunction) (const char *text, gsize length);

typedef struct
{
  const char *prefix;
  const char *suffix; /* "": with or without ".scope" */
  const char *kind;
  MeasureFunction measure;
} Mark;

static gssize
take_all (const char *text, gsize length)
{
  return (gssize) length;
}

static gssize
take_to_last_dash (const char *text, gsize length)
{
  const char *dash = g_strrstr_len (text, (gssize) length, "-");
  return dash != NULL ? dash - text : (gssize) length;
}

static gssize
take_to (const char *text, gsize length, char end)
{
  const char *at = memchr (text, end, length);
  return at != NULL ? at - text : (gssize) length;
}

static gssize
take_to_at (const char *text, gsize length)
{
  return take_to (text, length, '@');
}

static gssize
take_to_dot (const char *text, gsize length)
{
  return take_to (text, length, '.');
}

/* Only ids: "docker-compose.service" is no container. */
static gssize
take_id (const char *text, gsize length)
{
  if (length < SHORT_ID)
    return -1;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isxdigit (text[i]))
      return -1;
  return SHORT_ID;
}

static gssize
take_long_id (const char *text, gsize length)
{
  return length == LONG_ID ? take_id (text, length) : -1;
}

static const Mark sandboxes[] = {
  {"app-flatpak-",    ".scope",   "flatpak",   take_to_last_dash}, /* -PID */
  {"app-flatpak-",    ".service", "flatpak",   take_to_at       },
  {"flatpak-",        ".scope",   "flatpak",   take_to_last_dash}, /* before 1.6 */
  {"snap.",           ".scope",   "snap",      take_to_dot      }, /* .APP-UUID, .APP.UUID */
  {"snap.",           ".service", "snap",      take_to_dot      },
  {"libpod-conmon-",  "",         "container", take_id          }, /* podman, toolbox, distrobox */
  {"libpod-payload-", "",         "container", take_id          },
  {"libpod-",         "",         "container", take_id          },
  {"docker-",         "",         "container", take_id          },
  {"nerdctl-",        "",         "container", take_id          },
  {"crio-",           "",         "container", take_id          },
  {"crio-conmon-",    "",         "container", take_id          },
  {"cri-containerd-", "",         "container", take_id          },
  {"rootless-netns-", ".scope",   "container", take_all         }, /* podman's way to the network */
  {"machine-",        ".scope",   "container", take_all         }, /* of machined; libvirt too */
  {"systemd-nspawn@", ".service", "container", take_all         },
  {"lxc.payload.",    "",         "container", take_all         },
  {"",                "",         "container", take_long_id     }, /* /docker/ID and others */
};

static gboolean
has_suffix (const char *text, gsize length, const char *suffix)
{
  gsize size = strlen (suffix);
  return length >= size && memcmp (text + length - size, suffix, size) == 0;
}

/* Undoes systemd's "\x2d". */
static char *
unescape (const char *text, gsize length)
{
  g_autoptr (GString) plain = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    if (length - i >= 4 && text[i] == '\\' && text[i + 1] == 'x'
        && g_ascii_isxdigit (text[i + 2]) && g_ascii_isxdigit (text[i + 3]))
      {
        int code
          = 16 * g_ascii_xdigit_value (text[i + 2]) + g_ascii_xdigit_value (text[i + 3]);
        g_string_append_c (plain, code != 0 ? (char) code : '_');
        i += 3;
      }
    else
      g_string_append_c (plain, text[i]);
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static EstOrigin
make (const char *kind, const char *text, gsize length, gboolean sandboxed)
{
  g_autofree char *name = unescape (text, length);
  return (EstOrigin){est_origin_name (kind, name), sandboxed};
}

static gboolean
fits (const Mark *mark, const char *unit, EstOrigin *origin)
{
  gsize length = strlen (unit), prefix = strlen (mark->prefix);
  const char *suffix = *mark->suffix != '\0' ? mark->suffix : ".scope";
  if (has_suffix (unit, length, suffix))
    length -= strlen (suffix);
  else if (*mark->suffix != '\0')
    return FALSE;
  if (length < prefix || memcmp (unit, mark->prefix, prefix) != 0)
    return FALSE;

  gssize size = mark->measure (unit + prefix, length - prefix);
  if (size < 0)
    return FALSE;
  *origin = make (mark->kind, unit + prefix, (gsize) size, TRUE);
  return TRUE;
}

static gboolean
is_sandbox (const char *unit, EstOrigin *origin)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sandboxes); i++)
    if (fits (&sandboxes[i], unit, origin))
      return TRUE;
  return FALSE;
}

/* Folders whose members are containers by any name. */
static gboolean
holds_containers (const char *unit)
{
  return g_str_equal (unit, "lxc") || g_str_equal (unit, "lxc.payload");
}

static gboolean
find_sandbox (char **units, EstOrigin *origin)
{
  gboolean pod = FALSE;
  for (char **unit = units; *unit != NULL; unit++)
    {
      if (is_sandbox (*unit, origin))
        return TRUE;
      if (holds_containers (*unit) && unit[1] != NULL)
        {
          *origin = make ("container", unit[1], strlen (unit[1]), TRUE);
          return TRUE;
        }
      pod = pod || g_str_has_prefix (*unit, "kubepods");
    }
  if (pod)
    *origin = make ("container", "kubepods", strlen ("kubepods"), TRUE);
  return pod;
}

/* The id in "[LAUNCHER-]ID": of launchers, letters and digits, none is without an id
   behind it; a dash within an id is escaped. */
static EstOrigin
read_app (const char *text, gsize length)
{
  gsize launcher = 0;
  while (launcher < length && g_ascii_isalnum (text[launcher]))
    launcher++;
  if (launcher > 0 && launcher + 1 < length && text[launcher] == '-')
    return make ("app", text + launcher + 1, length - launcher - 1, FALSE);
  return make ("app", text, length, FALSE);
}

/* "app-gnome-thunderbird-1234.scope", "app-org.kde.kmail2.service",
   "app-thunderbird@autostart.service", "dbus-:1.2-org.gnome.Geary@0.service" (systemd's
   page DESKTOP_ENVIRONMENTS). */
static EstOrigin
read_unit (const char *unit)
{
  gsize length = strlen (unit);
  gboolean scope = has_suffix (unit, length, ".scope");
  length -= strlen (scope ? ".scope" : ".service");
  if (g_str_has_prefix (unit, "app-") && length > 4)
    {
      gssize size = scope ? take_to_last_dash (unit + 4, length - 4)
                          : take_to_at (unit + 4, length - 4);
      return size > 0 ? read_app (unit + 4, (gsize) size) : (EstOrigin){0};
    }
  const char *id = g_str_has_prefix (unit, "dbus-:") ? strchr (unit + 6, '-') : NULL;
  gssize size = id != NULL ? take_to_at (id + 1, strlen (id + 1)) : 0;
  return size > 0 ? make ("app", id + 1, (gsize) size, FALSE) : (EstOrigin){0};
}

static gboolean
is_unit (const char *name)
{
  return g_str_has_suffix (name, ".scope") || g_str_has_suffix (name, ".service");
}

EstOrigin
est_origin_of_group (const char *path)
{
  EstOrigin origin = {0};
  const char *innermost = NULL;
  g_auto (GStrv) units = g_strsplit (path, "/", -1);
  if (find_sandbox (units, &origin))
    return origin;
  for (char **unit = units; *unit != NULL; unit++)
    if (is_unit (*unit))
      innermost = *unit;
  return innermost != NULL ? read_unit (innermost) : origin;
}
