"""A sandbox as the kernel shows it: a control group, named as Flatpak names that of an app.

The program in it carries the same uid and sees the same files; only the group differs."""

import itertools
import os
import shutil
from pathlib import Path

from parts.mail import message

TESTS = Path(__file__).resolve().parents[1]
APP = "org.example.Mailer"

_numbers = itertools.count(1)

# Hands in what comes by standard input; prints the last answer, be it the first that is a no.
CLIENT = """
import sys
sys.path.insert(0, sys.argv[1])
from parts.smtp import Smtp
where, sender = sys.argv[2:4]
with Smtp(int(where) if where.isdigit() else where) as smtp:
    smtp.ask("EHLO app")
    answer = "250"
    for command in (f"MAIL FROM:<{sender}>", "RCPT TO:<bob@example.net>", "DATA"):
        if answer[0] == "2":
            answer = smtp.ask(command)
    print(smtp.content(sys.stdin.buffer.read()) if answer[0] == "3" else answer)
"""


def unified():
    """Where the unified hierarchy is mounted."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise AssertionError("no unified control groups here")


class Sandbox:
    """Root only. Ends with close(), after the programs in it."""

    def __init__(self, session, app=APP):
        self.session = session
        self.app = app
        self.folder = unified() / f"estafeta-test-{os.getpid()}-{next(_numbers)}"
        self.scope = self.folder / f"app-flatpak-{app}-4242.scope"
        self.scope.mkdir(parents=True)

    def command(self, *argv):
        """A command that puts itself into the group first, as `flatpak run` does."""
        enter = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
        return ["sh", "-c", enter, str(self.scope), *map(str, argv)]

    def run(self, *argv, **options):
        return self.session.run(self.command(*argv), **options)

    def hand_in(self, where, content=None, sender="alice@example.org"):
        """One mail by SMTP; the last answer."""
        code, answer, errors = self.run(
            shutil.which("python3", path="/usr/bin"), "-B", "-c", CLIENT, TESTS, where, sender,
            input=content or message(),
        )
        assert code == 0, errors
        return answer.strip()

    def close(self):
        for folder in (self.scope, self.folder):
            folder.rmdir()
