"""The real KeePassXC as the person's keyring: its database opened, locked, the program ended and started again."""

import base64
import re
import uuid

from gi.repository import GLib

from parts.keyring import NAME, SERVICE, pipe_with
from parts.program import Program, until

MASTER = "keepassxc-master"
PREFIX = "org.freedesktop.Secret"

CONFIG = """[General]
ConfigVersion=2
UpdateCheckMessageShown=true
AutoSaveAfterEveryChange=true
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=false
ConfirmDeleteItem=false
[GUI]
CheckForUpdates=false
"""


def expose_group(xml, name):
    """KeePassXC shows other programs one group of a database, and notes which one in the database."""
    head, tail = xml.split("<Root>", 1)
    before, _, _ = tail.partition(f"<Name>{name}</Name>")
    group = uuid.UUID(bytes=base64.b64decode(re.findall("<UUID>([^<]+)</UUID>", before)[-1]))
    item = f"<Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item>"
    head = head.replace("<CustomData/>", "<CustomData></CustomData>")
    if "<CustomData>" not in head:
        head = head.replace("</Meta>", "<CustomData></CustomData></Meta>")
    return head.replace("<CustomData>", f"<CustomData>{item}", 1) + "<Root>" + tail


class KeePassXC:
    """Needs a screen."""

    def __init__(self, session):
        self.session = session
        self.program = None
        self.database = session.folder / "data" / "passwords.kdbx"
        self.config = session.folder / "config" / "keepassxc.ini"
        self.config.write_text(CONFIG)
        self._make_database()

    def _cli(self, verb, *words, passwords=1):
        code, output, errors = self.session.run(["keepassxc-cli", verb, *words], (MASTER + "\n") * passwords)
        assert code == 0, errors
        return output

    def _make_database(self):
        draft = self.session.folder / "data" / "draft.kdbx"
        xml = draft.with_suffix(".xml")
        self._cli("db-create", "-p", draft, passwords=2)
        self._cli("mkdir", draft, "secrets")
        xml.write_text(expose_group(self._cli("export", "-f", "xml", draft), "secrets"))
        self._cli("import", "-p", xml, self.database, passwords=2)

    def start(self):
        """With the database open."""
        master = pipe_with(MASTER + "\n")
        argv = ["keepassxc", "--config", self.config, "--pw-stdin", self.database]
        # Only one runs at a time, says a file in the folder for temporary ones.
        env = {**self.session.env, "TMPDIR": self.session.env["XDG_RUNTIME_DIR"]}
        self.program = Program(argv, env, self.session.log("keepassxc"), stdin=master)
        master.close()
        self.session.programs.append(self.program)
        self.session.wait_for_name(NAME, 30)
        until("the database open", lambda: self.collections() and not self.is_locked(), 30)
        return self

    def end(self):
        self.program.terminate()
        until("KeePassXC gone", lambda: not self.session.has_owner(NAME))

    def _get(self, path, interface, name):
        words = GLib.Variant("(ss)", (f"{PREFIX}.{interface}", name))
        return self.session.call(NAME, path, "org.freedesktop.DBus.Properties", "Get", words)[0]

    def collections(self):
        try:
            return self._get(SERVICE, "Service", "Collections")
        except GLib.Error:
            return []

    def is_locked(self):
        return all(self._get(path, "Collection", "Locked") for path in self.collections())

    def _answer(self, prompt):
        if prompt != "/":
            self.session.call(NAME, prompt, f"{PREFIX}.Prompt", "Prompt", GLib.Variant("(s)", ("",)))

    def lock(self):
        words = GLib.Variant("(ao)", (self.collections(),))
        _, prompt = self.session.call(NAME, SERVICE, f"{PREFIX}.Service", "Lock", words)
        self._answer(prompt)
        until("the database locked", self.is_locked)

    def store(self, secret, **attributes):
        """As another program of the person does it."""
        plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
        _, ours = self.session.call(NAME, SERVICE, f"{PREFIX}.Service", "OpenSession", plain)
        properties = {
            f"{PREFIX}.Item.Label": GLib.Variant("s", "by another program"),
            f"{PREFIX}.Item.Attributes": GLib.Variant("a{ss}", attributes),
        }
        words = GLib.Variant("(a{sv}(oayays)b)", (properties, (ours, b"", secret.encode(), "text/plain"), True))
        _, prompt = self.session.call(NAME, self.collections()[0], f"{PREFIX}.Collection", "CreateItem", words)
        self._answer(prompt)
        until("the item", lambda: self.items(**attributes))

    def items(self, **attributes):
        found, locked = self.session.call(
            NAME, SERVICE, f"{PREFIX}.Service", "SearchItems", GLib.Variant("(a{ss})", (attributes,))
        )
        return found + locked

    def dialogs(self):
        """Titles of the windows it shows beside its own."""
        code, windows, _ = self.session.run(["xdotool", "search", "--onlyvisible", "--class", "keepassxc"])
        names = [self.session.run(["xdotool", "getwindowname", window])[1].strip() for window in windows.split()]
        return [name for name in names if "KeePassXC" not in name]
