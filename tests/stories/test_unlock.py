"""A locked keyring: the person is asked by the keyring's own dialog, and only after a wish for it; a real gnome-keyring
with its real dialog on a screen."""

from pathlib import Path

import pytest

from parts.keyring import MASTER
from parts.program import Program, until

PROMPTER = Path("/usr/libexec/gcr-prompter")


@pytest.fixture
def locked(desk, estafeta):
    """An account whose password is behind the lock, with mail that waits for it."""
    keyring = desk.keyring()
    notifications = desk.notifications()
    relay = desk.practice().start()
    desk.account(relay, password_command=None).start()
    assert estafeta.cli("account", "password", "home", input="pw-alice\n").code == 0
    keyring.lock()
    desk.hand_in()
    estafeta.wait_for_pause("keyring-locked")
    keyring.relay, keyring.notifications = relay, notifications
    return keyring


def start_prompter(session):
    """As the bus would: it leaves when nobody needs it for a while."""
    session.start("prompter", [PROMPTER])
    session.wait_for_name("org.gnome.keyring.SystemPrompter")


def dialog(session):
    code, output, _ = session.run(["xdotool", "search", "--onlyvisible", "--class", "gcr-prompter"])
    return output.split()[-1] if code == 0 and output.strip() else None


def is_gone(session, window, seconds=4):
    try:
        until("the dialog to go", lambda: dialog(session) != window, seconds)
    except AssertionError:
        return False
    return True


def answer(session, *keys):
    """At the dialog, once it is there; one that was not quite there yet is told again."""
    window = until("the dialog", lambda: dialog(session), 20)
    for _ in range(5):
        for key in (["key", "ctrl+a"], *keys):
            session.run(["xdotool", "windowfocus", window, *key])
        if is_gone(session, window):
            return
    raise AssertionError("the dialog does not go")


def begin(desk, name):
    estafeta = desk.estafeta
    return Program([estafeta.cli_path, "unlock"], desk.session.env, desk.session.log(name))


def test_unlocked(desk, estafeta, locked):
    start_prompter(desk.session)
    assert dialog(desk.session) is None, "nobody has asked for it"
    unlock = begin(desk, "unlock")
    answer(desk.session, ["type", MASTER], ["key", "Return"])
    assert unlock.wait(20) == 0 and "The keyring is open." in unlock.said()
    locked.relay.wait_for(1)
    estafeta.wait_for_states("sent")
    assert estafeta.cli("unlock").code == 0


def test_dismissed_then_by_the_button(desk, estafeta, locked):
    start_prompter(desk.session)
    unlock = begin(desk, "unlock")
    answer(desk.session, ["key", "Escape"])
    assert unlock.wait(20) == 1 and "stays locked" in unlock.said()
    assert estafeta.states() == ["waiting"] and locked.relay.taken == []
    locked.notifications.press("Unlock")
    answer(desk.session, ["type", MASTER], ["key", "Return"])
    locked.relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_without_a_keyring(estafeta):
    estafeta.start()
    refused = estafeta.cli("unlock")
    assert refused.code == 1 and "No keyring answers" in refused.errors
