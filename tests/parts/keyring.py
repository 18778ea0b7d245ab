"""The real gnome-keyring: unlocked, locked, unlocked again, killed."""

import os

from gi.repository import GLib

from parts.program import Program, until

NAME = "org.freedesktop.secrets"
SERVICE = "/org/freedesktop/secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"
MASTER = "keyring-master"


def pipe_with(text):
    """A file to read `text` from that has never been on a disc."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    return os.fdopen(read, "rb")


class Keyring:
    """Its collection "login" is made at the first store, unlocked with MASTER."""

    def __init__(self, session):
        self.session = session
        self.program = None

    def start(self):
        """Unlocked, as after a login."""
        master = pipe_with(MASTER)
        self.program = Program(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
            self.session.env,
            self.session.log("keyring"),
            stdin=master,
        )
        master.close()
        self.session.programs.append(self.program)
        self.session.wait_for_name(NAME)
        until("the collection login", self._has_collection)
        return self

    def _has_collection(self):
        try:
            self.is_locked()
        except GLib.Error:
            return False
        return True

    def _call(self, interface, method, arguments, path=SERVICE):
        return self.session.call(NAME, path, interface, method, arguments)

    def is_locked(self):
        (value,) = self._call(
            "org.freedesktop.DBus.Properties", "Get",
            GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Locked")), LOGIN,
        )
        return value

    def lock(self):
        self._call("org.freedesktop.Secret.Service", "Lock", GLib.Variant("(ao)", ([LOGIN],)))
        assert self.is_locked()

    def _plain_session(self):
        _, path = self._call(
            "org.freedesktop.Secret.Service", "OpenSession",
            GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))),
        )
        return path

    def unlock(self):
        """Without a prompt, by the keyring's own door for the login."""
        secret = (self._plain_session(), b"", MASTER.encode(), "text/plain")
        self._call(
            "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
            "UnlockWithMasterPassword",
            GLib.Variant("(o(oayays))", (LOGIN, secret)),
        )
        assert not self.is_locked()

    def store(self, secret, **attributes):
        """As another program of the person does it, replacing what has the same attributes."""
        properties = {
            "org.freedesktop.Secret.Item.Label": GLib.Variant("s", "by another program"),
            "org.freedesktop.Secret.Item.Attributes": GLib.Variant("a{ss}", attributes),
        }
        value = (self._plain_session(), b"", secret.encode(), "text/plain")
        self._call(
            "org.freedesktop.Secret.Collection", "CreateItem",
            GLib.Variant("(a{sv}(oayays)b)", (properties, value, True)), LOGIN,
        )

    def items(self, **attributes):
        unlocked, locked = self._call(
            "org.freedesktop.Secret.Service", "SearchItems", GLib.Variant("(a{ss})", (attributes,))
        )
        return unlocked + locked

    def secret(self, **attributes):
        """The text of the only item with these attributes."""
        (item,) = self.items(**attributes)
        ((_, _, value, _),) = self._call(
            "org.freedesktop.Secret.Item", "GetSecret",
            GLib.Variant("(o)", (self._plain_session(),)), item,
        )
        return bytes(value).decode()

    def remove(self, **attributes):
        for item in self.items(**attributes):
            self._call("org.freedesktop.Secret.Item", "Delete", None, item)

    def kill(self):
        self.program.kill()
        until("the keyring gone", lambda: not self.session.has_owner(NAME))
