/* Who a program is: by the names of control groups as systemd, sandboxes and container
   engines write them, by a /proc of our own making, and by real processes. */
#include "base/origin-read.h"

#include "folder.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USER "/user.slice/user-1000.slice/user@1000.service/"
#define APPS USER "app.slice/"
#define ID   "4f3cdeadbeef00112233445566778899aabbccddeeff00112233445566778899"

typedef struct
{
  const char *path;
  const char *program;
  gboolean sandboxed;
} GroupCase;

static const GroupCase group_cases[] = {
  /* Flatpak. */
  {APPS "app-flatpak-org.mozilla.Thunderbird-1234.scope",
   "flatpak:org.mozilla.Thunderbird",                                                                                      TRUE },
  {APPS "app-flatpak-org.telegram.desktop@12345.service",                                  "flatpak:org.telegram.desktop",
   TRUE                                                                                                                         },
  {APPS "app-flatpak-org.example.App.service",                                             "flatpak:org.example.App",      TRUE },
  {APPS "app-flatpak-com.example.a\\x2db-77.scope",                                        "flatpak:com.example.a-b",      TRUE },
  {APPS "app-flatpak-com.example.a-b-77.scope",                                            "flatpak:com.example.a-b",      TRUE },
  {USER "flatpak-org.gnome.Geary-99.scope",                                                "flatpak:org.gnome.Geary",      TRUE },
  {APPS "app-flatpak--1.scope",                                                            "flatpak:unknown",              TRUE },
  {APPS "app-flatpak-.scope",                                                              "flatpak:unknown",              TRUE },
  {APPS "app-flatpak-org.x.Y-1.scope/app-gnome-evil-2.scope",                              "flatpak:org.x.Y",              TRUE },
  {APPS "app-gnome-org.x.Y-1.scope/app-flatpak-org.x.Y-2.scope",                           "flatpak:org.x.Y",              TRUE },
 /* Snap. */
  {APPS "snap.thunderbird.thunderbird-4f3c9f52-1111-2222-3333-444455556666.scope",
   "snap:thunderbird",                                                                                                     TRUE },
  {APPS "snap.firefox.firefox.4f3c9f52-1111-2222-3333-444455556666.scope",                 "snap:firefox",
   TRUE                                                                                                                         },
  {"/system.slice/snap.nextcloud.apache.service",                                          "snap:nextcloud",               TRUE },
  {APPS "snap.foo_bar.hook.configure.4f3c9f52.scope",                                      "snap:foo_bar",                 TRUE },
  {APPS "snap.slice/x.scope",                                                              NULL,                           FALSE},
  {"/system.slice/snap-core-123.mount",                                                    NULL,                           FALSE},
 /* Containers. */
  {USER "user.slice/libpod-" ID ".scope/container",                                        "container:4f3cdeadbeef",       TRUE },
  {USER "user.slice/libpod-" ID ".scope/init.scope",                                       "container:4f3cdeadbeef",       TRUE },
  {USER "user.slice/libpod-" ID ".scope/app-flatpak-org.trusted.App-1.scope",
   "container:4f3cdeadbeef",                                                                                               TRUE },
  {USER "user.slice/libpod-conmon-" ID ".scope",                                           "container:4f3cdeadbeef",       TRUE },
  {"/libpod_parent/libpod-" ID,                                                            "container:4f3cdeadbeef",       TRUE },
  {"/machine.slice/libpod-payload-" ID,                                                    "container:4f3cdeadbeef",       TRUE },
  {"/system.slice/docker-" ID ".scope",                                                    "container:4f3cdeadbeef",       TRUE },
  {"/docker/" ID,                                                                          "container:4f3cdeadbeef",       TRUE },
  {"/docker/" ID "/system.slice/cron.service",                                             "container:4f3cdeadbeef",       TRUE },
  {"/system.slice/nerdctl-" ID ".scope",                                                   "container:4f3cdeadbeef",       TRUE },
  {"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/"
   "cri-containerd-" ID ".scope",
   "container:4f3cdeadbeef",                                                                                               TRUE },
  {"/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope",                                "container:4f3cdeadbeef",
   TRUE                                                                                                                         },
  {"/kubepods/burstable/pod1/" ID,                                                         "container:4f3cdeadbeef",       TRUE },
  {"/kubepods/burstable/pod1",                                                             "container:kubepods",           TRUE },
  {"/machine.slice/machine-debian.scope",                                                  "container:debian",             TRUE },
  {"/machine.slice/machine-qemu\\x2d1\\x2dwin10.scope/libvirt/emulator",
   "container:qemu-1-win10",                                                                                               TRUE },
  {"/machine.slice/systemd-nspawn@web.service/payload/system.slice/x.service",
   "container:web",                                                                                                        TRUE },
  {USER "user.slice/rootless-netns-4f3c.scope",                                            "container:4f3c",               TRUE },
  {"/lxc.payload.waydroid",                                                                "container:waydroid",           TRUE },
  {"/lxc.payload/box/init.scope",                                                          "container:box",                TRUE },
  {"/lxc/box",                                                                             "container:box",                TRUE },
  {"/lxc",                                                                                 NULL,                           FALSE},
  {"/system.slice/docker.service",                                                         NULL,                           FALSE},
  {APPS "docker-compose.service",                                                          NULL,                           FALSE},
  {APPS "machine-learning.service",                                                        NULL,                           FALSE},
  {"/system.slice/libpod-short.scope",                                                     NULL,                           FALSE},
 /* Apps. */
  {APPS "app-gnome-thunderbird-1234.scope",                                                "app:thunderbird",              FALSE},
  {APPS "app-gnome-org.gnome.Evolution\\x2dalarm\\x2dnotify-2437.scope",
   "app:org.gnome.Evolution-alarm-notify",                                                                                 FALSE},
  {APPS "app-thunderbird-1234.scope",                                                      "app:thunderbird",              FALSE},
  {APPS "app-org.kde.kmail2-0123456789abcdef.scope",                                       "app:org.kde.kmail2",           FALSE},
  {APPS "app-KDE-org.kde.okular@12345.service",                                            "app:org.kde.okular",           FALSE},
  {APPS "app-org.kde.kmail2@4f3c.service",                                                 "app:org.kde.kmail2",           FALSE},
  {APPS "app-org.kde.amarok.service",                                                      "app:org.kde.amarok",           FALSE},
  {APPS "app-thunderbird@autostart.service",                                               "app:thunderbird",              FALSE},
  {APPS "app-gnome-birdtray-1.scope/deeper/below",                                         "app:birdtray",                 FALSE},
  {APPS "app-dbus\\x2d:1.2\\x2dorg.gnome.Geary.slice/dbus-:1.2-org.gnome.Geary@0.service",
   "app:org.gnome.Geary",                                                                                                  FALSE},
  {APPS "app-gnome-a\\x00b\\x0a-1.scope",                                                  "app:a_b_",                     FALSE},
  {APPS "app-gnome-<b>\"x\" y-1.scope",                                                    "app:_b__x__y",                 FALSE},
  {APPS "app-gnome-\xc3\xa9-1.scope",                                                      "app:__",                       FALSE},
  {APPS "app-gnome-a\\x2-1.scope",                                                         "app:a_x2",                     FALSE},
 /* No apps. */
  {APPS "app-org.gnome.Terminal.slice/vte-spawn-4f3c.scope",                               NULL,                           FALSE},
  {APPS "app-org.gnome.Terminal.slice",                                                    NULL,                           FALSE},
  {APPS "app-gnome-x-1.scope/tmux-spawn-4f3c.scope",                                       NULL,                           FALSE},
  {APPS "app-.scope",                                                                      NULL,                           FALSE},
  {APPS "app--1.scope",                                                                    NULL,                           FALSE},
  {APPS "dbus.service",                                                                    NULL,                           FALSE},
  {APPS "dbus-:1.2.service",                                                               NULL,                           FALSE},
  {APPS "mbsync.service",                                                                  NULL,                           FALSE},
  {"/user.slice/user-1000.slice/session-2.scope",                                          NULL,                           FALSE},
  {USER "init.scope",                                                                      NULL,                           FALSE},
  {"/system.slice/cron.service",                                                           NULL,                           FALSE},
  {"/system.slice/.scope",                                                                 NULL,                           FALSE},
  {"/..",                                                                                  NULL,                           FALSE},
  {"/",                                                                                    NULL,                           FALSE},
  {"",                                                                                     NULL,                           FALSE},
};

static void
test_groups (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (group_cases); i++)
    {
      g_auto (EstOrigin) origin = est_origin_of_group (group_cases[i].path);
      g_test_message ("%s", group_cases[i].path);
      g_assert_cmpstr (origin.program, ==, group_cases[i].program);
      g_assert_cmpint (origin.sandboxed, ==, group_cases[i].sandboxed);
    }
}

static void
test_long_name (void)
{
  g_autofree char *id = g_strnfill (100000, 'a');
  g_autofree char *path = g_strdup_printf ("/app-flatpak-%s-1.scope", id);
  g_auto (EstOrigin) origin = est_origin_of_group (path);
  g_assert_true (origin.sandboxed);
  g_assert_cmpuint (strlen (origin.program), ==, 128);
}

/* A /proc of one process, 7, its parent, 5, and ourselves. NULL: no such file. */
typedef struct
{
  const char *name;
  const char *group; /* the file cgroup */
  const char *above; /* that of the parent */
  const char *exe;
  const char *users; /* ns/user; ours is user:[1] */
  const char *view;  /* ns/mnt; ours is mnt:[1] */
  const char *mounts;
  const char *flatpak;
  const char *label;
  const char *own; /* our own group */
  const char *program;
  gboolean sandboxed;
} Process;

#define ROOT    "1 0 0:1 / / rw - tmpfs tmpfs rw\n"
#define BOTH    ROOT "2 1 0:2 /f /.flatpak-info ro - tmpfs tmpfs rw\n"
#define APP     "[Instance]\nname=no\n[Application]\nname=org.x.Y\n"
#define SESSION "0::/user.slice/session-2.scope\n"
#define KITTY   "0::" APPS "app-gnome-kitty-1.scope\n"

static const Process processes[] = {
  {.name = "file name",
   .group = SESSION,
   .exe = "/usr/bin/msmtp",
   .program = "program:msmtp"                                                                                                                                                                                   },
  {                         .name = "deleted",
   .group = SESSION,
   .exe = "/usr/bin/a b (deleted)",
   .program = "program:a_b"                                                                                                                                                                                   },
  {         .name = "no file",                                                          .group = SESSION                                           },
  {                         .name = "no group",                                             .exe = "/usr/bin/mutt",                                                .program = "program:mutt"},
  {                                                                                                                                                                                                                .name = "app",
   .group = KITTY,
   .above = SESSION,
   .exe = "/usr/bin/kitty",
   .program = "app:kitty"},
  { .name = "app without parent",
   .group = KITTY,
   .exe = "/usr/bin/kitty",
   .program = "app:kitty"                                                                                                                                                                                       },
  {                                                                                                                                                                              .name = "within an app",
   .group = KITTY,
   .above = KITTY,
   .exe = "/bin/mutt",
   .program = "program:mutt"},
  {                                                                                                                                                                                            .name = "hidden within an app",
   .group = KITTY,
   .above = KITTY,
   .program = "app:kitty"                                                                                                                                                                                  },
  {                                                                                                                                                                                                            .name = "scope",
   .group = "0::/app-flatpak-org.a.B-1.scope\n",
   .program = "flatpak:org.a.B",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                       .name = "systemd's hierarchy",
   .group = "3:cpu:/\n1:name=systemd:/app-flatpak-org.a.B-1.scope\n0::/\n",
   .program = "flatpak:org.a.B",
   .sandboxed = TRUE                                                                                                                                      },
  {                         .name = "systemd's hierarchy last",
   .group = "0::/\n1:name=systemd:/app-flatpak-org.a.B-1.scope\n",
   .program = "flatpak:org.a.B",
   .sandboxed = TRUE                                                                                                                                                                                 },
  {                                                                                                                                                                                                            .name = "unified first",
   .group = "1:name=systemd:/x\n0::/app-flatpak-org.a.B-1.scope\n",
   .program = "flatpak:org.a.B",
   .sandboxed = TRUE                                                                                                                                                                                            },
  {                                                                                                                                                                                                                          .name = "flatpak without scope",
   .group = SESSION,
   .exe = "/app/bin/y",
   .mounts = BOTH,
   .flatpak = APP,
   .program = "flatpak:org.x.Y",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                        .name = "flatpak by users too",
   .group = SESSION,
   .users = "user:[2]",
   .mounts = BOTH,
   .flatpak = APP,
   .program = "flatpak:org.x.Y",
   .sandboxed = TRUE},
  {                                                                                                                                                                                         .name = "info not mounted",
   .group = SESSION,
   .exe = "/bin/y",
   .mounts = ROOT,
   .flatpak = APP,
   .program = "program:y"},
  {                                                                                                                                                                                                                .name = "info by fuse",
   .group = SESSION,
   .exe = "/bin/y",
   .mounts = BOTH "3 2 0:3 / /.flatpak-info rw - fuse.x x rw\n",
   .flatpak = APP,
   .program = "program:y"},
  {                                                                                                                                                                                                                          .name = "root by fuse",
   .group = SESSION,
   .exe = "/bin/y",
   .users = "user:[2]",
   .mounts
   = "1 0 0:1 / / rw - fuse x rw\n2 1 0:2 /f /.flatpak-info ro - tmpfs tmpfs rw\n",
   .flatpak = APP,
   .program = "container:y",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                          .name = "info without name",
   .group = SESSION,
   .mounts = BOTH,
   .flatpak = "[Application]\n",
   .program = "flatpak:unknown",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                        .name = "info of nonsense",
   .group = SESSION,
   .mounts = BOTH,
   .flatpak = "\xff\xfe[Application\nname=x",
   .program = "flatpak:unknown",
   .sandboxed = TRUE},
  {                                                                                                                                                                                          .name = "info of controls",
   .group = SESSION,
   .mounts = BOTH,
   .flatpak = "[Application]\nname=a\033[1m\tb\n",
   .program = "flatpak:a__1m_b",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                     .name = "mounts of nonsense",
   .group = SESSION,
   .exe = "/bin/y",
   .mounts = " /.flatpak-info \n- -\n",
   .flatpak = APP,
   .program = "program:y"},
  {                                                                                                                                                                                                                  .name = "snap",
   .group = SESSION,
   .exe = "/snap/x/1/y",
   .label = "snap.x.y (enforce)\n",
   .program = "snap:x",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                     .name = "classic snap",
   .group = SESSION,
   .exe = "/snap/x/1/y",
   .view = "mnt:[1]",
   .label = "snap.x.y (complain)\n",
   .program = "program:y"},
  {                                                                                                                                                                                                                       .name = "other view",
   .group = SESSION,
   .exe = "/usr/bin/y",
   .view = "mnt:[2]",
   .label = "snap.x.y (enforce)\n",
   .program = "snap:x",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                     .name = "other label",
   .group = SESSION,
   .exe = "/usr/bin/y",
   .label = "unconfined\n",
   .program = "program:y"},
  {.name = "own users",
   .group = SESSION,
   .exe = "/usr/bin/y",
   .users = "user:[2]",
   .program = "container:y",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                  .name = "own users, hidden",
   .group = SESSION,
   .users = "user:[2]",
   .program = "container:unknown",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                     .name = "our users",
   .group = SESSION,
   .exe = "/usr/bin/y",
   .users = "user:[1]",
   .program = "program:y"},
  {                                                                                                                                                                                                                     .name = "our own container",
   .group = "0::/docker/" ID "/x\n",
   .own = "0::/docker/" ID "/y\n",
   .exe = "/bin/y",
   .program = "program:y"},
  {                                                                                                                                                                                                                .name = "our own container and scope",
   .group = "0::/docker/" ID "\n",
   .own = "0::/docker/" ID "\n",
   .exe = "/bin/y",
   .program = "program:y"},
  {                                                                                                                                                                                                                .name = "within our container",
   .group = "0::/docker/" ID "/app-flatpak-org.a.B-1.scope\n",
   .own = "0::/docker/" ID "/y\n",
   .program = "flatpak:org.a.B",
   .sandboxed = TRUE},
  {                                                                                                                                                                                                                .name = "beside our container",
   .group = "0::/docker/" ID "\n",
   .own = "0::/docker/4\n",
   .program = "container:4f3cdeadbeef",
   .sandboxed = TRUE},
};

static void
put (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  if (content != NULL)
    g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
put_link (const char *folder, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  put (folder, name, NULL);
  if (target != NULL)
    g_assert_cmpint (symlink (target, path), ==, 0);
}

static EstOrigin
read_fake (const char *proc)
{
  int fd = open (proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  EstOrigin origin = est_origin_read (fd, 7);
  close (fd);
  return origin;
}

#define SEVENTH      "7/"
#define FLATPAK_INFO "root/.flatpak-info" /* as a process sees it */

static char *
make_proc (const Process *process)
{
  char *proc = g_dir_make_tmp ("estafeta-proc-XXXXXX", NULL);
  put_link (proc, "self/ns/user", "user:[1]");
  put_link (proc, "self/ns/mnt", "mnt:[1]");
  put (proc, "self/cgroup", process->own);
  put (proc, "5/cgroup", process->above);
  put (proc, "7/stat", "7 (a) b) S 5 7 7 0");
  put (proc, "7/cgroup", process->group);
  put (proc, "7/mountinfo", process->mounts);
  put (proc, SEVENTH FLATPAK_INFO, process->flatpak);
  put (proc, "7/attr/current", process->label);
  put_link (proc, "7/exe", process->exe);
  put_link (proc, "7/ns/user", process->users);
  put_link (proc, "7/ns/mnt", process->view);
  return proc;
}

static void
test_process (gconstpointer data)
{
  const Process *process = data;
  g_autofree char *proc = make_proc (process);
  g_auto (EstOrigin) origin = read_fake (proc);
  g_assert_cmpstr (origin.program, ==, process->program);
  g_assert_cmpint (origin.sandboxed, ==, process->sandboxed);
  remove_folder (proc);
}

/* A pipe and a link in place of the file must neither hang nor be followed. */
static void
test_hostile_files (void)
{
  static const Process process
    = {.group = SESSION, .exe = "/bin/y", .mounts = BOTH, .flatpak = NULL};
  g_autofree char *proc = make_proc (&process);
  g_autofree char *info = g_build_filename (proc, SEVENTH FLATPAK_INFO, NULL);
  g_assert_cmpint (mkfifo (info, 0600), ==, 0);
  g_auto (EstOrigin) piped = read_fake (proc);
  g_assert_cmpstr (piped.program, ==, "program:y");
  g_unlink (info);
  put_link (proc, SEVENTH FLATPAK_INFO, "/etc/passwd");
  g_auto (EstOrigin) linked = read_fake (proc);
  g_assert_cmpstr (linked.program, ==, "program:y");
  remove_folder (proc);
}

static void
test_huge_file (void)
{
  g_autofree char *filler = g_strnfill (4 * 1024 * 1024, 'x');
  g_autofree char *info = g_strconcat (filler, "\n" APP, NULL);
  const Process process = {.group = SESSION, .mounts = BOTH, .flatpak = info};
  g_autofree char *proc = make_proc (&process);
  g_auto (EstOrigin) origin = read_fake (proc);
  g_assert_cmpstr (origin.program, ==, "flatpak:unknown");
  g_assert_true (origin.sandboxed);
  remove_folder (proc);
}

/* What died while it was asked has no name, rather than a harmless one. */
static void
test_ended (void)
{
  static const Process process = {.group = SESSION, .exe = "/bin/y"};
  static const char *const ends[] = {"7 (y) Z 5", "7 (y) X 5", "", "7 y", NULL};
  for (const char *const *end = ends; *end != NULL; end++)
    {
      g_autofree char *proc = make_proc (&process);
      put (proc, "7/stat", *end);
      g_auto (EstOrigin) origin = read_fake (proc);
      g_assert_null (origin.program);
      remove_folder (proc);
    }
}

/* A tree of folders in the place of the control groups. */
typedef struct
{
  char *mount, *proc;
  EstControlGroups *groups;
} Tree;

static void
set_up (Tree *tree, gconstpointer data)
{
  static const Process process = {.group = SESSION, .exe = "/usr/bin/y"};
  tree->mount = g_dir_make_tmp ("estafeta-groups-XXXXXX", NULL);
  tree->proc = make_proc (&process);
  put (tree->mount, "user.slice/session-2.scope/cgroup.procs", "999\n7\n");
  put (tree->mount, "app-flatpak-org.a.B-1.scope/cgroup.procs", "7\n");
  put (tree->mount, "app-gnome-thunderbird-1.scope/cgroup.procs",
       "junk\n-1\n\n99999999999\n");
  put_link (tree->proc, "7/fd/0", "/dev/null");
  put_link (tree->proc, "7/fd/3", "socket:[42]");
  tree->groups = est_control_groups_new (tree->mount);
}

static void
tear_down (Tree *tree, gconstpointer data)
{
  est_control_groups_free (tree->groups);
  remove_folder (tree->mount);
  remove_folder (tree->proc);
  g_free (tree->mount);
  g_free (tree->proc);
}

static guint64
id_of (Tree *tree, const char *group)
{
  struct stat status;
  g_autofree char *path = g_build_filename (tree->mount, group, NULL);
  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_ino;
}

static void
assert_found (
  Tree *tree, guint64 id, guint64 inode, const char *program, gboolean sandboxed)
{
  int proc = open (tree->proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_auto (EstOrigin) origin = est_origin_look_up (proc, tree->groups, id, inode);
  g_assert_cmpstr (origin.program, ==, program);
  g_assert_cmpint (origin.sandboxed, ==, sandboxed);
  close (proc);
}

/* The group first, then whoever in it holds the socket; another's socket tells nothing.
 */
static void
test_socket (Tree *tree, gconstpointer data)
{
  guint64 session = id_of (tree, "user.slice/session-2.scope");
  assert_found (tree, id_of (tree, "app-flatpak-org.a.B-1.scope"), 42, "flatpak:org.a.B",
                TRUE);
  assert_found (tree, id_of (tree, "app-gnome-thunderbird-1.scope"), 42,
                "app:thunderbird", FALSE);
  assert_found (tree, session, 42, "program:y", FALSE);
  assert_found (tree, session, 4, NULL, FALSE);
  assert_found (tree, id_of (tree, "."), 42, NULL, FALSE);
  assert_found (tree, id_of (tree, "user.slice"), 42, NULL, FALSE);
  assert_found (tree, 0, 42, NULL, FALSE);
  assert_found (tree, G_MAXUINT64, 42, NULL, FALSE);
  g_autofree char *users = g_build_filename (tree->proc, "7/ns/user", NULL);
  g_assert_cmpint (symlink ("user:[2]", users), ==, 0);
  assert_found (tree, session, 42, "container:y", TRUE);
}

/* A remembered path whose folder is another by now is looked for again. */
static void
test_remembered_group (Tree *tree, gconstpointer data)
{
  guint64 id = id_of (tree, "user.slice");
  g_autofree char *old = g_build_filename (tree->mount, "user.slice", NULL);
  g_autofree char *new = g_build_filename (tree->mount, "other.slice", NULL);
  g_autofree char *first = est_control_groups_dup_path (tree->groups, id);
  g_assert_cmpstr (first, ==, "/user.slice");
  g_assert_cmpint (g_rename (old, new), ==, 0);
  g_assert_cmpint (g_mkdir (old, 0700), ==, 0);
  g_autofree char *second = est_control_groups_dup_path (tree->groups, id);
  g_assert_cmpstr (second, ==, "/other.slice");
}

/* More groups than are remembered; each is found twice. */
static void
test_many_groups (Tree *tree, gconstpointer data)
{
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < 600; i++)
      {
        g_autofree char *name = g_strdup_printf ("user.slice/%u.scope", i);
        g_autofree char *path = g_build_filename (tree->mount, name, NULL);
        g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
        g_autofree char *found
          = est_control_groups_dup_path (tree->groups, id_of (tree, name));
        g_assert_cmpstr (found + 1, ==, name);
      }
}

/* Whatever is in there, the walk ends. */
static void
test_deep_groups (Tree *tree, gconstpointer data)
{
  g_autoptr (GString) deep = g_string_new ("a");
  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "/b");
  g_autofree char *file = g_strconcat (deep->str, "/file", NULL);
  put (tree->mount, file, "");
  g_autofree char *path
    = est_control_groups_dup_path (tree->groups, id_of (tree, deep->str));
  g_assert_null (path);
}

static void
test_no_groups (void)
{
  g_autoptr (EstControlGroups) groups = est_control_groups_new ("/nonexistent");
  g_autofree char *path = est_control_groups_dup_path (groups, 1);
  g_assert_null (path);
}

#define TMPFS   "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
#define FIRST   "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
#define HYBRID  "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
#define UNIFIED "41 1 0:38 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw"
#define PART    "40 31 0:38 /part /part rw - cgroup2 none rw\n"
#define BLANK   "42 31 0:38 / /my\\040groups rw - cgroup2 none rw\n"

static const struct
{
  const char *text, *mount;
} mounts[] = {
  {TMPFS FIRST HYBRID,              "/sys/fs/cgroup/unified"},
  {UNIFIED,                         "/sys/fs/cgroup"        },
  {BLANK,                           "/my groups"            },
  {PART,                            "/part"                 },
  {PART BLANK HYBRID,               "/my groups"            },
  {TMPFS FIRST,                     NULL                    },
  {"1 2 3 - cgroup2 \n - cgroup2 ", NULL                    },
  {"",                              NULL                    },
};

static void
test_mounts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mounts); i++)
    {
      g_autofree char *mount = est_control_groups_dup_mount (mounts[i].text);
      g_assert_cmpstr (mount, ==, mounts[i].mount);
    }
}

static void
test_real (void)
{
  g_auto (EstOrigin) self = est_origin_of_process (getpid ());
  g_auto (EstOrigin) nobody = est_origin_of_process (0);
  g_auto (EstOrigin) wrong = est_origin_of_process (-1);
  g_assert_cmpstr (self.program, ==, "program:unit-base-origin");
  g_assert_false (self.sandboxed);
  g_assert_null (nobody.program);
  g_assert_null (wrong.program);
}

static void
add_tree (const char *path, void (*test) (Tree *, gconstpointer))
{
  g_test_add (path, Tree, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/origin/groups", test_groups);
  g_test_add_func ("/base/origin/long-name", test_long_name);
  for (gsize i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autofree char *path
        = g_strconcat ("/base/origin/process/", processes[i].name, NULL);
      g_test_add_data_func (path, &processes[i], test_process);
    }
  g_test_add_func ("/base/origin/hostile-files", test_hostile_files);
  g_test_add_func ("/base/origin/huge-file", test_huge_file);
  g_test_add_func ("/base/origin/ended", test_ended);
  add_tree ("/base/origin/socket", test_socket);
  add_tree ("/base/origin/remembered-group", test_remembered_group);
  add_tree ("/base/origin/many-groups", test_many_groups);
  add_tree ("/base/origin/deep-groups", test_deep_groups);
  g_test_add_func ("/base/origin/no-groups", test_no_groups);
  g_test_add_func ("/base/origin/mounts", test_mounts);
  g_test_add_func ("/base/origin/real", test_real);
  return g_test_run ();
}
