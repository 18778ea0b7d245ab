"""Set-up has the daemon started, now and at each login, and undoes exactly that when it comes to nothing. A real
user manager of systemd, and a machine without one."""

import pytest

from parts.machine import Machine
from parts.program import until
from parts.terminal import Terminal

pytestmark = pytest.mark.root

NAMED = ["setup", "you@example.org", "--host", "localhost", "--no-test", "--no-test-mail"]
BROKEN = [*NAMED, "--security", "none-at-all"]


# Managers that run side by side share a control group, and clear away each other's services.
ALONE = pytest.mark.xdist_group("user-manager")


@pytest.fixture(params=[pytest.param("systemd", marks=ALONE), "autostart"])
def machine(request, desk, build):
    desk.keyring()
    machine = Machine(desk.session, build, manager=request.param == "systemd")
    machine.kind = request.param
    machine.file = desk.session.folder / "config" / "autostart" / "org.estafeta.Estafeta.desktop"
    yield machine
    machine.close()


def estafeta(machine, *words, input="pw-you\n"):
    return machine.run("estafeta", *words, input=input)


def state(machine):
    """(whether the daemon runs, whether it is started at login)"""
    enabled = machine.unit("UnitFileState") == "enabled" if machine.manager else machine.file.exists()
    return machine.daemon() is not None, enabled


def settings(desk):
    path = desk.estafeta.settings_path
    return path.read_text() if path.exists() else ""


def test_started_and_enabled(desk, machine):
    """By one command from nothing; a second time changes nothing."""
    assert state(machine) == (False, False)
    code, output, errors = estafeta(machine, *NAMED)
    assert code == 0, errors
    assert "port 465" in output and "Port:            2525" in output
    assert state(machine) == (True, True)
    pid, text = machine.daemon(), settings(desk)
    assert "listen=127.0.0.1:2525;[::1]:2525" in text and "pw-you" not in text
    if machine.manager:
        assert machine.unit("MainPID") == str(pid)
    else:
        assert 'Exec="/usr/local/libexec/estafetad"' in machine.file.read_text()
        assert str(machine.file) in output
    code, output, errors = estafeta(machine, *NAMED)
    assert code == 0 and "already" in output and "Port:            2525" in output
    assert (machine.daemon(), settings(desk)) == (pid, text)


def test_what_fails_leaves_nothing(desk, machine):
    code, _, errors = estafeta(machine, *BROKEN)
    assert code == 1 and "security must be" in errors and "nothing was changed" in errors
    assert state(machine) == (False, False)
    assert settings(desk) == ""
    assert not machine.file.exists()

    # With words of the person's own in the file of the session, and in the settings.
    machine.file.parent.mkdir(exist_ok=True)
    machine.file.write_text("[Desktop Entry]\nHidden=true\n")
    desk.estafeta.write("# mine\n")
    assert estafeta(machine, *BROKEN)[0] == 1
    assert machine.file.read_text() == "[Desktop Entry]\nHidden=true\n"
    assert settings(desk) == "# mine\n"


def test_what_ran_before_goes_on(desk, machine):
    """A failure stops no daemon that it did not start, and a success needs no second one."""
    start = [*machine.prefix, "/usr/local/libexec/estafetad"]
    by_hand = desk.session.start("by-hand", start)
    until("the daemon", lambda: machine.daemon() is not None and desk.estafeta.bus_socket.exists())
    assert estafeta(machine, *BROKEN)[0] == 1
    assert state(machine) == (True, False) and by_hand.is_alive()
    assert estafeta(machine, *NAMED, "--no-service")[0] == 0
    assert state(machine) == (True, False)
    assert estafeta(machine, *NAMED)[0] == 0
    assert state(machine) == (True, True) and by_hand.is_alive()
    assert by_hand.terminate(20) == 0


def test_given_up_at_a_question(desk, machine):
    """Ctrl-C, a window that is closed, and no more input: the daemon that was started for it ends again."""
    for give_up in (Terminal.press_ctrl_c, Terminal.hang_up, Terminal.press_ctrl_d):
        with Terminal([*machine.prefix, "estafeta", *NAMED], desk.session.env) as terminal:
            terminal.expect("Password of you@example.org at localhost: ")
            assert state(machine) == (True, False)
            give_up(terminal)
            assert terminal.wait() != 0
        assert state(machine) == (False, False)
        assert settings(desk) == ""


def test_no_daemon_to_start(desk, machine):
    """It is said; nothing is left."""
    if machine.manager:
        machine.run("systemctl", "--user", "mask", "estafetad.service")
    else:
        machine.run("mv", "/usr/local/libexec/estafetad", "/usr/local/libexec/elsewhere")
    code, _, errors = estafeta(machine, *NAMED)
    assert code == 3 and "cannot be started" in errors
    assert ("unmask" in errors) == machine.manager
    assert state(machine) == (False, False)
