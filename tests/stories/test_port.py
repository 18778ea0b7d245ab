"""The port that mail clients are told once: chosen at set-up, kept from then on. In a network of its own, where
nobody else is at 2525."""

import json
import threading

import pytest

from parts.cable import Cable
from parts.desk import Desk
from parts.program import NOBODY, give_to, until

pytestmark = pytest.mark.root

HOLDER = "import socket, time; s = socket.create_server(({!r}, {}), family=socket.{}); time.sleep(60)"


ASK = """
import sys
from gi.repository import Gio, GLib
bus = Gio.DBusConnection.new_for_address_sync(sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None)
ports = [int(word) for word in sys.argv[3:]]
try:
    print(*bus.call_sync(None, "/org/estafeta/Estafeta", "org.estafeta.Setup1", sys.argv[2],
                         GLib.Variant("(q)", ports) if ports else None, None, 0, 10000, None).unpack())
except GLib.Error as error:
    sys.exit(error.message)
"""


@pytest.fixture
def network(desk):
    return Cable(desk.session).prefix


def settle(estafeta, network, uid=None):
    """`estafeta`, with settings that say nothing of a port, in that network."""
    identity = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--"] if uid else []
    estafeta.submission.clear()
    estafeta.prefix = [*network, *identity]
    estafeta.uid = uid
    estafeta.write("# mine\n")
    if uid:
        give_to(uid, estafeta.session.folder)
    estafeta.start(wait=False)
    until("its bus", estafeta.bus_socket.exists)
    return estafeta


def ask(estafeta, method, *arguments):
    """(exit code, output) of a method of org.estafeta.Setup1, asked by the daemon's own user."""
    code, output, errors = estafeta.session.run(
        ["/usr/bin/python3", "-c", ASK, f"unix:path={estafeta.bus_socket}", method, *arguments],
        uid=estafeta.uid, cwd="/")
    return code, output + errors


def choose(estafeta):
    code, output = ask(estafeta, "ChoosePort")
    assert code == 0, output
    port, state = output.split()
    return int(port), state


def hold(desk, network, port, address="127.0.0.1"):
    family = "AF_INET6" if ":" in address else "AF_INET"
    holder = desk.session.start(f"holder-{port}", [
        *network, "/usr/bin/python3", "-c", HOLDER.format(address, port, family)])
    until(f"somebody at {port}", lambda: f":{port} " in desk.session.run([*network, "ss", "-Hltn"])[1])
    return holder


def listening(estafeta):
    code, output, errors = estafeta.session.run([estafeta.cli_path, "status", "--json"], uid=estafeta.uid, cwd="/")
    assert code == 0, errors
    return sorted(place for place in json.loads(output)["listening"] if not place.startswith("unix:"))


def test_two_people_at_once(desk, build, certificates, network):
    """Neither gets what the other has, and each keeps his own from then on, whoever starts first."""
    other = Desk(build, certificates, bus=False)
    try:
        people = [settle(desk.estafeta, network), settle(other.estafeta, network, NOBODY)]
        found = {}
        threads = [threading.Thread(target=lambda who=who: found.update({who.uid: choose(who)})) for who in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found.values()) == [(2525, "chosen"), (2526, "chosen")]
        for who in people:
            port = found[who.uid][0]
            assert listening(who) == [f"127.0.0.1:{port}", f"[::1]:{port}"]
            assert who.settings_path.read_text() == \
                f"# mine\n\n[submission]\nlisten=127.0.0.1:{port};[::1]:{port}\n"
            assert choose(who) == (port, "kept")

        # The first is gone, and the second starts anew: not at the port that is free now.
        first, second = sorted(people, key=lambda who: found[who.uid])
        first.stop()
        second.stop()
        second.start(wait=False)
        until("its bus", second.bus_socket.exists)
        assert choose(second) == (2526, "kept")
        assert listening(second) == ["127.0.0.1:2526", "[::1]:2526"]
        second.stop()
        assert second.alarms() == []
    finally:
        other.close()


def test_one_address_is_not_enough(desk, estafeta, network):
    """A port that somebody has at ::1 is not free: a client that asks for "localhost" goes there."""
    hold(desk, network, 2525, "::1")
    hold(desk, network, 2526)
    settle(estafeta, network)
    assert choose(estafeta) == (2527, "chosen")
    assert listening(estafeta) == ["127.0.0.1:2527", "[::1]:2527"]


def test_a_port_that_somebody_took_later(desk, estafeta, network):
    """It is not exchanged for another one in silence; it is said."""
    settle(estafeta, network)
    assert choose(estafeta) == (2525, "chosen")
    estafeta.stop()
    thief = hold(desk, network, 2525)
    estafeta.start(wait=False)
    until("its bus", estafeta.bus_socket.exists)
    assert choose(estafeta) == (2525, "taken")
    assert listening(estafeta) == ["[::1]:2525"]
    assert "listen=127.0.0.1:2525;[::1]:2525" in estafeta.settings_path.read_text()
    thief.kill()


def test_taken_back(desk, estafeta, network):
    """A set-up that was given up leaves no port behind; only what was chosen is forgotten."""
    settle(estafeta, network)
    assert choose(estafeta) == (2525, "chosen")
    assert ask(estafeta, "ForgetPort", "2526")[0] == 0
    assert "listen" in estafeta.settings_path.read_text()
    assert ask(estafeta, "ForgetPort", "2525")[0] == 0
    assert estafeta.settings_path.read_text() == "# mine\n"

    # Settings that are broken, or where there is no port, are let alone.
    estafeta.write("[submission]\nlisten=\n")
    until("no port", lambda: listening(estafeta) == [])
    assert choose(estafeta) == (0, "kept")
    estafeta.write("nonsense\n")
    until("the fault", lambda: '"problem"' in estafeta.cli("status", "--json").output)
    estafeta.write("[submission]\n")
    until("no fault", lambda: '"problem"' not in estafeta.cli("status", "--json").output)
    estafeta.settings_path.write_text("nonsense\n")
    code, said = ask(estafeta, "ChoosePort")
    assert code != 0 and "org.estafeta.Error.Settings" in said and "Line 1" in said
    assert estafeta.settings_path.read_text() == "nonsense\n"
