"""KeePassXC keeps the passwords: a person's other keyring, which locks, ends and comes back."""

import pytest

from parts.keepassxc import KeePassXC
from parts.program import until


@pytest.fixture
def keepassxc(desk, estafeta):
    """It holds the password of the account "home", put there by Estafeta; a mail has left with it."""
    desk.session.start_screen()
    keyring = KeePassXC(desk.session).start()
    keyring.relay = desk.practice().start()
    estafeta.delivery["keep"] = 0  # each mail asks for its password
    empty = keyring.database.stat().st_size
    desk.account(keyring.relay, password_command=None).start()
    assert estafeta.cli("account", "password", "home", input="pw-alice\n").code == 0
    assert len(keyring.items(application="estafeta", account="home")) == 1
    until("the password in the file", lambda: keyring.database.stat().st_size > empty)
    desk.hand_in()
    keyring.relay.wait_for(1)
    estafeta.wait_for_states("sent")
    return keyring


def wait_for_lock(desk, estafeta, keyring):
    """Locked: the mail waits for the person, and nobody is asked anything."""
    windows = keyring.dialogs()
    keyring.lock()
    desk.hand_in()
    estafeta.wait_for_pause("keyring-locked")
    assert keyring.dialogs() == windows


def test_ends_and_comes_back(desk, estafeta, keepassxc):
    daemon = estafeta.program.pid
    for round_ in range(3):
        wait_for_lock(desk, estafeta, keepassxc)
        keepassxc.end()
        keepassxc.start()
        keepassxc.relay.wait_for(2 + round_)
    assert estafeta.program.pid == daemon and estafeta.program.is_alive()


def test_killed_in_between(desk, estafeta, keepassxc):
    keepassxc.program.kill()
    estafeta.stop()
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("no-keyring")
    keepassxc.start()
    keepassxc.relay.wait_for(2)


def test_a_password_changed_and_removed(desk, estafeta, keepassxc):
    keepassxc.relay.users = {"alice": "pw-new"}
    assert estafeta.cli("account", "password", "home", input="pw-new\n").code == 0
    assert len(keepassxc.items(application="estafeta", account="home")) == 1
    desk.hand_in()
    keepassxc.relay.wait_for(2)
    assert estafeta.cli("account", "remove", "home").code == 0
    assert keepassxc.items(application="estafeta") == []
