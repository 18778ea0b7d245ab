"""The real notification server dunst, and what it showed."""

import json
from dataclasses import dataclass

from parts.program import until

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

# dunst runs this for everything it shows, new or replaced.
RECORD = """#!/usr/bin/python3
import json, os, sys
keys = ("ID", "APP_NAME", "SUMMARY", "BODY", "URGENCY", "TIMEOUT", "CATEGORY", "DESKTOP_ENTRY")
line = json.dumps({key: os.environ.get("DUNST_" + key, "") for key in keys}) + "\\n"
with open(sys.argv[0] + ".json", "a") as record:
    record.write(line)
"""

# dunst's menu of buttons, one a line: the one that is wanted, if it is among them.
PICK = """#!/bin/sh
tee "$0.lines" | grep -m1 "^#$(cat "$0.want")"
"""

SETTINGS = """[global]
dmenu = {pick}
font = DejaVu Sans 12
markup = full
width = 500
show_age_threshold = -1
[record]
summary = "*"
script = {script}
"""


@dataclass(frozen=True)
class Shown:
    id: str
    program: str
    summary: str
    body: str
    urgency: str

    @property
    def text(self):
        return f"{self.summary}\n{self.body}"


class Notifications:
    """Needs a session with a screen."""

    def __init__(self, session):
        self.session = session
        self.script = session.folder / "shown"
        self.record = session.folder / "shown.json"
        self.pick = session.folder / "pick"
        self.program = None

    def start(self):
        self.script.write_text(RECORD)
        self.script.chmod(0o700)
        self.pick.write_text(PICK)
        self.pick.chmod(0o700)
        config = self.session.folder / "dunstrc"
        config.write_text(SETTINGS.format(script=self.script, pick=self.pick))
        self.program = self.session.start("dunst", ["dunst", "-conf", config])
        self.session.wait_for_name(NAME)
        return self

    def shown(self):
        """Everything on the screen so far, in the order it came."""
        if not self.record.exists():
            return []
        entries = []
        for line in self.record.read_text().splitlines():
            e = json.loads(line)
            entries.append(
                Shown(e["ID"], e["APP_NAME"], e["SUMMARY"], e["BODY"], e["URGENCY"])
            )
        return entries

    def wait_for(self, *words, limit=10.0):
        """The first notification whose text has all these words (letter case aside)."""

        def find():
            for entry in self.shown():
                if all(word.lower() in entry.text.lower() for word in words):
                    return entry
            return None

        return until(lambda: f"a notification with {words}, only {self.shown()}", find, limit)

    def history(self):
        """dunst's own memory (as `dunstctl history`), after closing what is up."""
        self._command("NotificationCloseAll")
        (entries,) = self._command("NotificationListHistory")
        return entries

    def press(self, label):
        """The button of a notification that is up."""
        lines = self.pick.with_suffix(".lines")
        lines.unlink(missing_ok=True)
        self.pick.with_suffix(".want").write_text(label)
        self._command("ContextMenuCall")
        until(f"the button {label}", lambda: lines.exists() and label in lines.read_text())

    def up(self):
        """How many notifications are on the screen now."""
        waiting, displayed, _ = [
            self.session.call(
                NAME, PATH, "org.freedesktop.DBus.Properties", "Get", _get(name)
            )[0]
            for name in ("waitingLength", "displayedLength", "historyLength")
        ]
        return waiting + displayed

    def _command(self, method):
        return self.session.call(NAME, PATH, "org.dunstproject.cmd0", method)

    def kill(self):
        self.program.kill()
        until("dunst gone", lambda: not self.session.has_owner(NAME))


def _get(name):
    from gi.repository import GLib

    return GLib.Variant("(ss)", ("org.dunstproject.cmd0", name))
