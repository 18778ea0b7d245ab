"""Apps in sandboxes: the same user's programs, but each needs a yes before it may send."""

import os
import signal
import time

import pytest

from parts.mail import message
from parts.program import until
from parts.sandbox import APP, Sandbox

pytestmark = pytest.mark.root

NAME = f"flatpak:{APP}"
ASKS = f"The Flatpak app {APP} wants to send as alice@example.org"


# Calls methods at a bus: what each came to, its answer or the name of its error.
CALLER = """
import sys
from gi.repository import Gio, GLib
TYPES = {"List": "(a{sv}tu)", "Show": "(t)", "Export": "(t)", "Release": "(ata{sv})"}
bus, *words = sys.argv[1:]
if bus == "session":
    connection, name = Gio.bus_get_sync(Gio.BusType.SESSION), "org.estafeta.Estafeta"
else:
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
    connection, name = Gio.DBusConnection.new_for_address_sync(f"unix:path={bus}", flags, None, None), None
def variant(method, arguments):
    type = TYPES.get(method) if arguments != "()" else None
    return GLib.Variant.parse(type and GLib.VariantType(type), arguments, None, None)
for method, arguments in zip(words[::2], words[1::2]):
    interface, method = method.split(".")
    try:
        print(connection.call_sync(
            name, "/org/estafeta/Estafeta", f"org.estafeta.{interface}", method, variant(method, arguments),
            None, Gio.DBusCallFlags.NONE, 5000, None))
    except GLib.Error as error:
        print(Gio.DBusError.get_remote_error(error))
"""

# A notification server without buttons: prints what it is told.
PLAIN_SERVER = """
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method></interface></node>'''
ANSWERS = {"Notify": "(uint32 1,)", "GetCapabilities": "(['body'],)",
           "GetServerInformation": "('plain', 'tests', '1', '1.2')", "CloseNotification": "()"}
def call(connection, sender, path, interface, method, arguments, invocation):
    if method == "Notify":
        assert arguments[5] == [], "buttons nobody can see"
        print(arguments[3], arguments[4], flush=True)
    invocation.return_value(GLib.Variant.parse(None, ANSWERS[method], None, None))
def on_bus(connection, name):
    connection.register_object("/org/freedesktop/Notifications", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], call)
Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.Notifications", 0, on_bus, None, None)
GLib.MainLoop().run()
"""


@pytest.fixture
def relay(desk):
    return desk.practice(security="none").start()


@pytest.fixture
def home(desk, relay):
    """One account whose relay is there."""
    return desk.account(relay, security="none").start()


@pytest.fixture
def app(desk):
    sandbox = Sandbox(desk.session)
    yield sandbox
    desk.estafeta.stop()
    sandbox.close()


def decisions(estafeta):
    return {entry["name"]: entry["decision"] for entry in estafeta.cli("app", "list", "--json").json}


def is_answered(notifications):
    """At most the good news is up."""
    shown = notifications.shown()
    return shown and "ent" in shown[-1].summary and notifications.up() <= 1


def held(estafeta):
    return [(m["state"], m.get("reason"), m.get("program")) for m in estafeta.list()]


def test_allowed_by_the_button(desk, relay, home, app):
    """The first mail is taken and held, the person is asked; yes sends it, and the next at once."""
    notifications = desk.notifications()
    answer = app.hand_in(home.port, message("Tea & cake?"))
    assert answer.startswith("250 2.0.0 queued as 1"), answer
    shown = notifications.wait_for(ASKS)
    assert "Tea &amp; cake?" in shown.body and "bob@example.net" in shown.body
    assert "Allow" in shown.body and "estafeta app" not in shown.body
    assert held(home) == [("held", "app", NAME)] and relay.mails == []
    app.hand_in(home.port)
    notifications.wait_for("2 messages of it wait for your answer")
    assert notifications.up() == 1
    if os.environ.get("ESTAFETA_SHOTS"):
        desk.session.screenshot(os.environ["ESTAFETA_SHOTS"])
    notifications.press("Allow")
    relay.wait_for(2)
    until("the question gone", lambda: is_answered(notifications))
    assert decisions(home) == {NAME: "allow"}
    app.hand_in(home.port)
    relay.wait_for(3)
    home.restart()
    app.hand_in(home.port)
    relay.wait_for(4)


def test_refused_by_the_button(desk, relay, home, app):
    """No: what is held stays, nothing more is taken, also after a start, and nobody asks again."""
    notifications = desk.notifications()
    app.hand_in(home.submission_socket)
    notifications.wait_for(ASKS)
    notifications.press("Refuse")
    until("the decision", lambda: decisions(home) == {NAME: "refuse"})
    until("the question gone", lambda: notifications.up() == 0)
    answer = app.hand_in(home.submission_socket)
    assert answer == "550 5.7.1 this app may not send; see: estafeta app list"
    home.restart()
    assert app.hand_in(home.submission_socket).startswith("550 5.7.1")
    assert held(home) == [("held", "app", NAME)]
    assert notifications.up() == 0 and relay.mails == []
    # By hand just that message goes, and nothing is decided by it.
    assert home.cli("release", 1).output == "1 message goes on.\n"
    relay.wait_for(1)
    assert decisions(home) == {NAME: "refuse"}


def test_told_again_after_a_crash(desk, relay, home, app):
    """kill -9 between the mail and the answer: the question is there again, and its buttons work."""
    notifications = desk.notifications()
    app.hand_in(home.port)
    notifications.wait_for(ASKS)
    home.kill()
    notifications.history()
    home.start()
    until("the question again", lambda: notifications.up() == 1)
    notifications.press("Allow")
    relay.wait_for(1)


def test_by_the_command_line(desk, relay, home, app):
    """list, allow, refuse, forget; the app's short name will do."""
    assert home.cli("app", "list").output == "No app in a sandbox has handed mail in yet.\n"
    app.hand_in(home.submission_socket)
    (entry,) = home.cli("app", "list", "--json").json
    assert entry.pop("since") > 1_700_000_000
    assert entry == {"name": NAME, "decision": "ask", "waiting": 1, "senders": ["alice@example.org"]}
    shown = home.cli("app", "list").output
    assert NAME in shown and "not decided" in shown and "alice@example.org" in shown
    assert [m["id"] for m in home.cli("list", "--json", "--reason", "app").json] == [1]
    assert home.cli("list", "--json", f"--program={NAME}").json[0]["id"] == 1
    assert home.cli("list", "--json", "--program=flatpak:org.example.Other").json == []

    text = home.settings_path.read_text()
    home.settings_path.write_text(f"# mine\n{text}\n# the end\n")
    assert home.cli("app", "refuse", APP).code == 0
    assert decisions(home) == {NAME: "refuse"}
    assert f"[apps]\n{NAME}=refuse\n" in home.settings_path.read_text()
    assert app.hand_in(home.submission_socket).startswith("550 5.7.1")
    done = home.cli("app", "allow", "--json", NAME).json
    assert done == {"app": NAME, "released": 1}
    relay.wait_for(1)
    assert home.cli("app", "forget", APP).code == 0
    assert decisions(home) == {}
    assert home.settings_path.read_text().startswith(f"# mine\n{text}\n# the end\n")
    app.hand_in(home.port)
    assert held(home)[-1] == ("held", "app", NAME)
    assert home.cli("discard", "--yes", f"--program={NAME}").output == "1 message was discarded.\n"

    for words, code in [
        (("allow", "org.example.Unknown"), 4), (("forget", "flatpak:org.example.Unknown"), 4),
        (("allow", "flatpak:bad=name"), 4), (("allow", "flatpak:a\nb"), 4), (("refuse",), 2), (("permit", APP), 2),
    ]:
        answer = home.cli("app", *words)
        assert (answer.code, bool(answer.errors)) == (code, True), answer
    assert decisions(home) == {}
    assert home.cli("app", "allow", "snap:thunderbird").code == 0  # before its first mail
    assert decisions(home) == {"snap:thunderbird": "allow"}


def test_by_the_settings_file(desk, relay, home, app):
    """What the person writes by hand counts the same; what makes no sense is said."""
    app.hand_in(home.submission_socket)
    home.write(home.text() + f"[apps]\n{NAME} = allow\n")
    relay.wait_for(1)
    home.write(home.text() + f"[apps]\n{NAME}=maybe\n")
    until("the complaint", lambda: "must be allow or refuse" in home.status().get("problem", ""))
    app.hand_in(home.submission_socket)  # the last good settings stay in force
    relay.wait_for(2)
    assert home.cli("app", "refuse", NAME).code == 1


def test_the_answer_cannot_be_kept(desk, relay, home, app):
    """A settings file that is broken when the button is pressed: the question comes back."""
    notifications = desk.notifications()
    app.hand_in(home.submission_socket)
    notifications.wait_for(ASKS)
    home.write("nonsense\n")
    notifications.wait_for("Line 1")
    notifications.press("Allow")
    until("asked again", lambda: sum(ASKS in s.summary for s in notifications.shown()) == 2)
    home.write()
    notifications.press("Allow")
    relay.wait_for(1)


def test_one_question_for_each(desk, relay, home, app):
    """Two apps are two questions; the answer to one is none to the other."""
    other = Sandbox(desk.session, "org.example.Other")
    try:
        notifications = desk.notifications()
        app.hand_in(home.submission_socket)
        other.hand_in(home.submission_socket)
        notifications.wait_for("org.example.Other wants to send")
        notifications.wait_for(ASKS)
        assert notifications.up() == 2
        assert home.cli("app", "allow", "org.example.Other").output.endswith("1 message goes on.\n")
        relay.wait_for(1)
        assert decisions(home) == {NAME: "ask", "flatpak:org.example.Other": "allow"}
    finally:
        home.stop()
        other.close()


def test_no_more_than_so_many(desk, home, app):
    """An app nobody has agreed to cannot fill the disc; it is told to come again."""
    for number in range(20):
        assert app.hand_in(home.port).startswith("250"), number
    assert app.hand_in(home.port).startswith("450 4.7.1 ")
    home.restart()
    assert app.hand_in(home.port).startswith("450 4.7.1 ")
    assert home.cli("app", "allow", APP).output.endswith("20 messages go on.\n")


def test_a_server_without_buttons(desk, home, app):
    """The text says what to type instead."""
    server = desk.session.start("plain server", ["/usr/bin/python3", "-B", "-c", PLAIN_SERVER])
    desk.session.wait_for_name("org.freedesktop.Notifications")
    app.hand_in(home.submission_socket)
    until(server.said, lambda: f"estafeta app allow {NAME}" in server.said())
    assert "“Allow”" not in server.said()


def test_no_server_and_one_that_hangs(desk, relay, home, app):
    """Nobody to tell it to: the command line knows all the same, and nothing waits for it."""
    app.hand_in(home.submission_socket)
    until("the question to be asked in vain", lambda: decisions(home) == {NAME: "ask"})
    time.sleep(2)
    notifications = desk.notifications()
    home.write(home.text() + "\n# touched\n")
    notifications.wait_for(ASKS)  # the first event after a server is there
    os.kill(notifications.program.pid, signal.SIGSTOP)
    app.hand_in(home.submission_socket)
    assert home.cli("app", "allow", APP).output.endswith("2 messages go on.\n")
    relay.wait_for(2)
    os.kill(notifications.program.pid, signal.SIGCONT)
    until("no question", lambda: is_answered(notifications))


def test_bus_callers(desk, relay, home, app):
    """On the session bus and on the private socket: handing in, and nothing else."""
    calls = {
        "Outbox1.List": "({}, 0, 10)", "Outbox1.Show": "(1,)", "Outbox1.GetStatus": "()", "Outbox1.Export": "(1,)",
        "Outbox1.Release": "([], {})", "Accounts1.List": "()",
        "Accounts1.Trust": "('home', 'x')", "Accounts1.Accept": "('home',)", "Apps1.List": "()", "Apps1.Allow": f"('{NAME}',)",
    }
    program = ["/usr/bin/python3", "-B", "-c", CALLER]
    words = [word for call in calls.items() for word in call]
    app.hand_in(home.submission_socket)
    for bus in ("session", home.bus_socket):
        code, answers, errors = app.run(*program, bus, *words)
        assert code == 0, errors
        assert answers.split() == ["org.freedesktop.DBus.Error.AccessDenied"] * len(calls)
        code, answers, errors = desk.session.run([*program, bus, "Apps1.List", "()"])
        assert NAME in answers, errors
    code, _, errors = app.run(home.cli_path, "app", "allow", NAME)
    assert code == 1 and "sandbox" in errors
    assert decisions(home) == {NAME: "ask"}


def test_import_of_an_app(desk, relay, home, app):
    """As by SMTP: held, refused, or sent; the person's own import is not asked about."""
    file = desk.session.folder / "home" / "mail.eml"
    file.write_bytes(message("Imported"))
    code, _, errors = app.run(home.cli_path, "import", file)
    assert code == 0, errors
    assert held(home) == [("held", "app", NAME)]
    home.cli("app", "refuse", NAME)
    code, _, errors = app.run(home.cli_path, "import", file)
    assert code == 1 and "may not send" in errors
    home.cli("app", "allow", NAME)
    relay.wait_for(1)
    assert app.run(home.cli_path, "import", file)[0] == 0
    relay.wait_for(2)
    home.cli("app", "forget", NAME)
    assert home.cli("import", file).code == 0
    relay.wait_for(3)
