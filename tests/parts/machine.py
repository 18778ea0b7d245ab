"""A machine where Estafeta is installed, with a real user manager of systemd or without one. Root only: it has
places of its own for /usr/local and /run, and a network of its own with nobody on it."""

import os
import signal
import subprocess

from gi.repository import GLib

from parts.cable import in_network_of
from parts.program import run, until

TRUST = "/etc/ssl/certs/ca-certificates.crt"  # of the whole machine

# Neither the bus nor the keyring of the test is the manager's to start.
MASKED = ["dbus.service", "dbus.socket", "gnome-keyring-daemon.service", "gnome-keyring-daemon.socket"]

PLACE = """set -e
ip link set lo up
for file in $2; do mount --bind "$3$file" "$file"; done
mount -t tmpfs run /run
mkdir -p /run/systemd/system
mount --bind "$1" /usr/local
shift 3
exec "$@"
"""


def install(build, folder):
    """What belongs to /usr/local."""
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", folder],
                   check=True, capture_output=True, timeout=60)
    return folder / "usr" / "local"


class Machine:
    """`prefix` runs a command on it. A daemon that is started there has to be stopped. `files`: what is read there
    instead of files of this machine, "/etc/hosts" for one."""

    def __init__(self, session, build, manager=True, files=None):
        self.session = session
        self.manager = manager
        program = ["sleep", "300"]
        if manager:
            self._mask()
            program = ["/lib/systemd/systemd", "--user"]
        place = install(build, session.folder / "installed")
        self.program = session.start("machine", [
            "unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", PLACE, "sh", place,
            " ".join(files or {}), self._write_files(files or {}), *program])
        self.prefix = ["nsenter", "-t", str(self.program.pid), "-m", "-n", "--"]
        until(lambda: f"the machine: {self.program.said()}", self._is_up, 20, pause=0.05)

    def _write_files(self, files):
        folder = self.session.folder / "files"
        for name, text in files.items():
            path = folder / name.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder

    def _mask(self):
        folder = self.session.folder / "config" / "systemd" / "user"
        folder.mkdir(parents=True)
        for name in MASKED:
            (folder / name).symlink_to("/dev/null")

    def _is_up(self):
        if os.readlink(f"/proc/{self.program.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            return False
        probe = ["systemctl", "--user", "show", "--property=Version"] if self.manager else ["test", "-x", "/usr/local/bin/estafeta"]
        return self.run(*probe)[0] == 0

    def run(self, *words, input=None, limit=60):
        return run([*self.prefix, *words], self.session.env, input, limit, cwd="/")

    def in_its_network(self, action):
        in_network_of(self.program.pid, action)

    def unit(self, key):
        """A property of the daemon's unit."""
        code, output, errors = self.run("systemctl", "--user", "show", "--value", f"--property={key}", "estafetad.service")
        assert code == 0, errors
        return output.strip()

    def daemon(self):
        """The number of its process, None if none runs."""
        try:
            (pid,) = self.session.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "GetConnectionUnixProcessID", GLib.Variant("(s)", ("org.estafeta.Estafeta",)))
        except GLib.Error:
            return None
        return pid

    def close(self):
        """The manager takes its services with it; a daemon without one has to be told."""
        pid = self.daemon()
        if self.manager:
            self.run("systemctl", "--user", "exit")
        elif pid:
            os.kill(pid, signal.SIGTERM)
        until("the daemon to end", lambda: self.daemon() is None, 20)
