"""A disc of one's own whose power can be cut: ext4 in a file, mounted where only the daemon
sees it. Root only."""

import fcntl
import os
import struct
import subprocess

from parts.program import run, until

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2  # what is not committed is gone, as when the power is cut


class Disc:
    """Holds the session's data and state folders. The daemon runs in its mount namespace
    (prefix); clients and relays stay outside of it."""

    def __init__(self, session, mebibytes=48):
        self.session = session
        self.image = session.folder / "disc.img"
        self.mount_point = session.folder / "disc"
        self.mount_point.mkdir()
        with open(self.image, "wb") as image:
            image.truncate(mebibytes * 1024 * 1024)
        self._run("mkfs.ext4", "-q", "-F", self.image)
        # "/" is no mount point of its own where all of this runs in a changed root.
        stay = "mount --make-rprivate / 2>/dev/null; exec sleep 3600"
        self.room = session.start(
            "room", ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", stay]
        ).pid
        own = os.readlink("/proc/self/ns/mnt")
        until("the room", lambda: os.readlink(f"/proc/{self.room}/ns/mnt") != own)
        self.cuts = 0
        self.mount()
        for name in ("data", "state"):
            self._enter("mkdir", "-p", self.mount_point / name)
            self._enter("chmod", "700", self.mount_point / name)

    @property
    def prefix(self):
        return ["nsenter", "-t", str(self.room), "-m", "-r", "--"]

    def env(self):
        return {"XDG_DATA_HOME": str(self.mount_point / "data"), "XDG_STATE_HOME": str(self.mount_point / "state")}

    def path(self, *names):
        """A path on the disc as it is seen from outside."""
        return f"/proc/{self.room}/root{self.mount_point.joinpath(*names)}"

    def _run(self, *argv, check=True):
        code, output, errors = run([str(word) for word in argv], dict(os.environ), limit=60)
        assert code == 0 or not check, f"{argv}: {output} {errors}"
        return code

    def _enter(self, *argv, check=True):
        return self._run(*self.prefix, *argv, check=check)

    def mount(self):
        self._enter("mount", "-t", "ext4", "-o", "loop", self.image, self.mount_point)

    def unmount(self):
        self._enter("umount", self.mount_point)

    def cut_power(self):
        """From now on nothing reaches the disc, and what only the memory knew is gone. A program that goes on
        may be told of a flush that it is done although it was broken off: Linux takes a commit that it gave up for one
        that is over. So whoever is to believe flushes has to stand still first, as it would without power."""
        folder = os.open(self.path(), os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(folder)
        self.cuts += 1

    def power_on(self):
        """The journal of the file system is replayed, as after a real cut."""
        self.unmount()
        self.mount()

    def check(self):
        """The file system itself came through."""
        self.unmount()
        code = self._run("e2fsck", "-f", "-n", self.image, check=False)
        self.mount()
        assert code == 0

    def read_only(self, on):
        self._enter("mount", "-o", "remount,ro" if on else "remount,rw", self.mount_point)

    def close(self):
        subprocess.run([*self.prefix, "umount", "-l", str(self.mount_point)], capture_output=True, check=False)
