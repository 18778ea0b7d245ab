"""The daemon under test and its command line, as a person's session runs them."""

import json
import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

from parts.program import NOBODY, Program, free_port, is_root, until
from parts.smtp import Smtp

# Fast enough for tests, slow enough for a busy machine.
DELIVERY = {
    "connect": 10, "greeting": 10, "command": 10, "data": 10, "block": 20, "final": 20,
    "keyring": 5, "first-retry": 1, "longest-retry": 2,
}

# Stories that are not about budgets hand in as much as they like.
BUDGETS = [f"{what}-per-{span}" for what in ("messages", "recipients") for span in ("minute", "hour", "day")]

# What no test may leave in the daemon's log.
ALARMS = re.compile(
    r"(AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|CRITICAL|\*\* ERROR|assertion).*"
)

PASSWORD = "pw-alice"


@dataclass
class Answer:
    """What a run of the command line came to."""

    code: int
    output: str
    errors: str

    @property
    def json(self):
        assert self.code == 0, self
        return json.loads(self.output)


class Estafeta:
    """Settings by account() and delivery, before or while the daemon runs: write() puts them
    into the file."""

    def __init__(self, session, build):
        self.session = session
        self.daemon_path = Path(build) / "src" / "estafetad"
        self.cli_path = Path(build) / "src" / "cli" / "estafeta"
        self.port = free_port()
        self.settings_path = session.folder / "config" / "estafeta" / "estafeta.conf"
        self.submission = {"listen": f"127.0.0.1:{self.port}"}
        self.delivery = dict(DELIVERY)
        self.accounts = {}
        self.program = None
        self.env = {}
        self.prefix = []  # a command that runs the daemon somewhere else

    # Settings.

    def account(self, name="home", relay=None, **values):
        """One [account NAME] for `relay` (or a port), by default alice's with her password
        from a password-command, without any limit; keys with "_" for "-", None leaves a key
        out."""
        account = {
            "addresses": "alice@example.org",
            "host": "localhost",
            "port": getattr(relay, "port", None) or getattr(relay, "tls_port", None) or relay,
            "security": getattr(relay, "security", "tls"),
            "user": "alice",
            "password-command": f"cat {self.password_file()}",
            **dict.fromkeys(BUDGETS, 0),
        }
        if is_root():  # whose tests let real servers run as nobody
            account["relay-user"] = NOBODY
        account.update({key.replace("_", "-"): value for key, value in values.items()})
        self.accounts[name] = {key: value for key, value in account.items() if value is not None}
        return self

    def password_file(self, password=PASSWORD):
        path = self.session.folder / "password"
        if not path.exists():
            path.write_text(password + "\n")
            path.chmod(0o600)
        return path

    def text(self):
        groups = {"submission": self.submission, "delivery": self.delivery}
        groups.update({f"account {name}": values for name, values in self.accounts.items()})
        return "\n".join(
            f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
            for group, values in groups.items()
        )

    def write(self, text=None):
        self.settings_path.parent.mkdir(mode=0o700, exist_ok=True)
        new = self.settings_path.with_suffix(".new")
        new.write_text(self.text() if text is None else text)
        new.chmod(0o600)
        new.rename(self.settings_path)

    # The daemon's life.

    def start(self, wait=True, **env):
        if not self.settings_path.exists():
            self.write()
        self.env.update(env)
        self.program = Program(
            [*self.prefix, self.daemon_path], {**self.session.env, **self.env}, self.session.log("estafetad")
        )
        self.session.programs.append(self.program)
        if wait:
            until(lambda: f"the daemon to listen: {self.program.said()}", self.is_ready, 20)
        return self

    def is_ready(self):
        if not self.program.is_alive():
            raise AssertionError(f"estafetad ended by itself: {self.program.said()}")
        try:
            with Smtp(self.submission_socket if self.prefix else self.port):
                return self.bus_socket.exists()
        except OSError:
            return False

    def wait_for_answers(self):
        """For a daemon that does not listen for mail as usual: its socket's file comes before it listens there."""
        until(lambda: f"the daemon to answer: {self.log()}", lambda: self.cli("status").code == 0, 20, pause=0.1)

    def stop(self):
        """As at the end of a session: it must end by itself and without a fault."""
        if self.program is None:
            return
        program, self.program = self.program, None
        code = program.terminate(20)
        assert code == 0, f"estafetad ended with {code}: {program.said()}"

    def stand_still(self):
        """From now on it does nothing, whatever the kernel tells it, until kill()."""
        os.kill(self.program.pid, signal.SIGSTOP)

    def kill(self):
        """kill -9."""
        os.kill(self.program.pid, signal.SIGKILL)
        self.program.wait()
        self.program.kill()
        self.program = None

    def restart(self):
        if self.program:
            self.stop()
        return self.start()

    def log(self):
        path = self.session.log("estafetad")
        return path.read_text(errors="replace") if path.exists() else ""

    def alarms(self):
        found = [match.group(0) for match in ALARMS.finditer(self.log())]
        # GLib's own word when the session bus is gone, whoever asks it for anything then.
        return [line for line in found if "message: The connection is closed" not in line]

    @property
    def submission_socket(self):
        return self.session.folder / "run" / "estafeta" / "submission"

    @property
    def bus_socket(self):
        return self.session.folder / "run" / "estafeta" / "bus"

    @property
    def outbox_path(self):
        return self.session.folder / "data" / "estafeta" / "outbox.db"

    # Memory, in KiB.

    def _memory(self, key):
        for line in Path(f"/proc/{self.program.pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1])
        raise KeyError(key)

    def resident(self):
        return self._memory("VmRSS")

    def peak(self):
        return self._memory("VmHWM")

    def reset_peak(self):
        Path(f"/proc/{self.program.pid}/clear_refs").write_text("5")

    # The command line.

    def cli(self, *arguments, input=None, limit=30):
        return Answer(
            *self.session.run([self.cli_path, *arguments], input=input, limit=limit, env=self.env)
        )

    def list(self):
        return self.cli("list", "--json").json

    def show(self, id):
        return self.cli("show", "--json", id).json

    def status(self):
        return self.cli("status", "--json").json

    def send(self, *ids):
        return self.cli("send", *ids)

    def states(self):
        return [message["state"] for message in self.list()]

    def paused(self, name="home"):
        """Why the account rests, or None."""
        for account in self.status()["accounts"]:
            if account["name"] == name:
                return account.get("paused")
        raise KeyError(name)

    def wait_for(self, what, check, limit=20.0):
        """`check` gets list() until it says yes."""
        return until(
            lambda: f"{what}: {self.list()} {self.status()}",
            lambda: check(self.list()),
            limit,
            pause=0.1,
        )

    def wait_for_states(self, *states, limit=20.0):
        """The messages of the outbox have exactly these states."""
        self.wait_for(f"states {states}", lambda mails: [m["state"] for m in mails] == list(states), limit)
        return self.list()

    def wait_for_pause(self, *reasons, account="home", limit=20.0):
        return until(
            lambda: f"{account} paused for {reasons}: {self.status()}",
            lambda: self.paused(account) in reasons and self.paused(account),
            limit,
            pause=0.1,
        )

    def wait_for_resumption(self, account="home", limit=20.0):
        until(
            lambda: f"{account} to go on: {self.status()}",
            lambda: self.paused(account) is None,
            limit,
            pause=0.1,
        )
