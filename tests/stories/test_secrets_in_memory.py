"""Where a password comes from on a machine without a keyring, and when it is forgotten."""

import os

import pytest

from parts.program import until

LOGIND = r"""
import os, sys
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.login1.Manager"><method name="Inhibit"><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
<method name="Sleep"><arg type="b" direction="in"/></method></interface></node>'''
def released(fd, condition):
    print("released", flush=True)
    return False
def call(connection, sender, path, interface, method, arguments, invocation):
    if method == "Sleep":
        connection.emit_signal(None, path, interface, "PrepareForSleep", arguments)
        invocation.return_value(None)
        return
    print("inhibited", *arguments.unpack(), flush=True)
    ours, theirs = os.pipe()
    GLib.unix_fd_add_full(0, ours, GLib.IOCondition.HUP, released)
    invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), Gio.UnixFDList.new_from_array([theirs]))
def on_bus(connection, name):
    connection.register_object("/org/freedesktop/login1", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], call)
Gio.bus_own_name(Gio.BusType.SYSTEM, "org.freedesktop.login1", 0, on_bus, None, None)
GLib.MainLoop().run()
"""


def test_forgotten_before_sleep(desk, estafeta):
    """The machine waits until that is done, and the next mail asks anew."""
    address = f"unix:path={desk.session.folder}/system-bus"
    system = {"DBUS_SYSTEM_BUS_ADDRESS": address}
    desk.session.start("system-bus", ["dbus-daemon", "--session", "--nofork", f"--address={address}"])
    until("the system bus", lambda: os.path.exists(address.partition("=")[2]))
    logind = desk.session.start("logind", ["/usr/bin/python3", "-B", "-c", LOGIND], system)
    assert desk.session.run(["gdbus", "wait", "--system", "--timeout", "10", "org.freedesktop.login1"], env=system)[0] == 0
    asked = desk.session.folder / "asked"
    relay = desk.practice().start()
    estafeta.delivery["keep"] = 0
    estafeta.account(relay=relay, ca_file=desk.certificates.authority,
                     password_command=f"sh -c 'echo asked >>{asked}; cat {estafeta.password_file()}'")
    estafeta.start(**system)
    until("the lock", lambda: "inhibited sleep Estafeta" in logind.said())
    for count in (1, 2):
        desk.hand_in()
        relay.wait_for(count)
    assert asked.read_text().split() == ["asked"]

    def sleep(begins):
        code, _, errors = desk.session.run(
            ["gdbus", "call", "--system", "--dest", "org.freedesktop.login1", "--object-path", "/org/freedesktop/login1",
             "--method", "org.freedesktop.login1.Manager.Sleep", begins], env=system)
        assert code == 0, errors

    sleep("true")
    until("the lock to be let go", lambda: "released" in logind.said())
    sleep("false")
    until("the next lock", lambda: logind.said().count("inhibited") == 2)
    desk.hand_in()
    relay.wait_for(3)
    assert asked.read_text().split() == ["asked", "asked"]


@pytest.mark.parametrize("content, mode", [(b"pw-alice\n", 0o400), (b"pw-alice", 0o400), (None, 0), (b"", 0o400),
                                           (b"a\nb\n", 0o400), (b"pw-alice\n", 0o444)],
                         ids=["line", "text", "absent", "empty", "two lines", "for all to read"])
def test_credential(desk, estafeta, content, mode):
    """As systemd hands it over: in a folder that $CREDENTIALS_DIRECTORY names."""
    folder = desk.session.folder / "credentials"
    folder.mkdir(mode=0o700)
    relay = desk.practice().start()
    desk.account(relay, password_command=None, credential="home")
    if content is not None:
        (folder / "home").write_bytes(content)
        (folder / "home").chmod(mode)
    estafeta.start(CREDENTIALS_DIRECTORY=str(folder))
    desk.hand_in()
    if mode == 0o400 and b"pw-alice" in (content or b""):
        relay.wait_for(1)
        return
    estafeta.wait_for_pause("credential")
    assert "did not come from systemd" in estafeta.cli("status").output
    assert "the credential home" in estafeta.log()


def test_no_credentials_at_all(desk, estafeta):
    relay = desk.practice().start()
    desk.account(relay, password_command=None, credential="home").start()
    desk.hand_in()
    estafeta.wait_for_pause("credential")
    assert "CREDENTIALS_DIRECTORY is not set" in estafeta.log()
