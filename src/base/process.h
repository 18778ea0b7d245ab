/* What /proc tells of one process. A process is an open folder of /proc: once it is gone
 * the kernel answers nothing for that folder any more, also when its number is taken by
 * another process. Internal to base/; any thread.
 *
 * What lies in a sandbox may be made to hang or to mislead by whoever is in it: only
 * files that the kernel itself writes are read, but for .flatpak-info, see there. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* "/proc" itself, a process in it, the calling process: open folders, -1 if there is no
   such. */
int est_process_open_all (void);
int est_process_open (int proc, pid_t pid);
int est_process_open_self (int proc);

/* Any of these; nothing for -1. */
void est_process_close (int folder);

/* The path of its control group, in the unified hierarchy or, where that is not in use,
   in systemd's. NULL if unknown. */
char *est_process_dup_group (int process);

/* The name of its file, without folders; NULL if we may not know it. */
char *est_process_dup_file_name (int process);

/* The app's id if it is in a Flatpak sandbox. */
char *est_process_dup_flatpak (int process);

/* The snap's name, by the label that AppArmor keeps. */
char *est_process_dup_snap (int process);

/* Whether it is in another user namespace than @self. Where that can be seen at all, it
   is one inside ours. */
gboolean est_process_has_own_users (int process, int self);

/* Whether it sees the same mounts as @self for sure. Flatpak's and snapd's sandboxes
   never do. */
gboolean est_process_shares_mounts (int process, int self);

/* FALSE once it has ended, also while nobody took notice of its end. */
gboolean est_process_lives (int process);

/* 0 if unknown. */
pid_t est_process_parent (int process);

/* Whether one of its files is the socket @inode. @budget: how many files may be looked
   at, counted down. */
gboolean est_process_holds (int process, guint64 inode, guint *budget);
