"""A desktop session to throw away: own home, own XDG folders, own session bus, own screen.

The bus starts no services by itself, so that a part can be absent on purpose."""

import os
import shutil
import socket
import tempfile
from pathlib import Path

from gi.repository import Gio, GLib

from parts.program import Program, run, until

BUS = """<busconfig>
<type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


def _listens(path):
    """A socket is there a moment before somebody listens at it."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def sanitizer_options():
    """What tests/run asks of the sanitizers, for programs with an environment of their own."""
    return {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}


class Session:
    """Environment in `env`, folder in `folder`; everything in it ends with close()."""

    def __init__(self, bus=True, screen=False):
        # Short, because socket names are: /tmp whatever TMPDIR says.
        self.folder = Path(tempfile.mkdtemp(prefix="estafeta-", dir="/tmp"))
        # Servers that run as another user must be able to reach their own folder in here.
        self.folder.chmod(0o711)
        self.programs = []
        self._connection = None
        for name in ("home", "run", "data", "config", "cache", "state", "log"):
            (self.folder / name).mkdir(mode=0o700)
        self.env = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            # Neither a network manager of this machine nor its file service nor its proxies take part.
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/no-system-bus",
            "GIO_USE_VFS": "local",
            "GIO_USE_PROXY_RESOLVER": "dummy",
        }
        self.env.update(sanitizer_options())
        try:
            if screen:
                self.start_screen()
            if bus:
                self.start_bus()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def log(self, name):
        return self.folder / "log" / f"{name}.log"

    def start(self, name, argv, env=None, uid=None):
        """A program of this session; it is ended with it."""
        program = Program(argv, {**self.env, **(env or {})}, self.log(name), uid)
        self.programs.append(program)
        return program

    def run(self, argv, input=None, limit=30.0, uid=None, env=None, cwd=None):
        return run(argv, {**self.env, **(env or {})}, input, limit, uid, cwd or self.folder / "home")

    def start_bus(self):
        place = self.folder / "run" / "bus"
        config = self.folder / "bus.conf"
        config.write_text(BUS.format(socket=place))
        self.start("bus", ["dbus-daemon", "--nofork", "--nosyslog", f"--config-file={config}"])
        until("the session bus", lambda: _listens(place))
        self.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={place}"

    def start_screen(self):
        number = self.folder / "screen"
        self.start(
            "screen",
            ["sh", "-c", f"exec Xvfb -displayfd 3 -screen 0 1000x700x24 -nolisten tcp 3>{number}"],
        )
        until("the screen", lambda: number.exists() and number.read_text().endswith("\n"))
        self.env["DISPLAY"] = f":{number.read_text().strip()}"

    def screenshot(self, path):
        code, _, errors = self.run(["import", "-window", "root", path])
        assert code == 0, errors

    @property
    def bus(self):
        """Our own connection to the session bus."""
        if self._connection is None:
            self._connection = Gio.DBusConnection.new_for_address_sync(
                self.env["DBUS_SESSION_BUS_ADDRESS"],
                Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
                None,
                None,
            )
            self._connection.set_exit_on_close(False)
        return self._connection

    def call(self, name, path, interface, method, arguments=None, limit=5.0):
        reply = self.bus.call_sync(
            name, path, interface, method, arguments, None,
            Gio.DBusCallFlags.NO_AUTO_START, int(limit * 1000), None,
        )
        return reply.unpack()

    def has_owner(self, name):
        answer = self.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)),
        )
        return answer[0]

    def wait_for_name(self, name, limit=10.0):
        until(f"{name} on the bus", lambda: self.has_owner(name), limit)

    def close(self):
        if self._connection is not None:
            self._connection.close_sync(None)
            self._connection = None
        for program in reversed(self.programs):
            program.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
