"""The password lives in the desktop's keyring and nowhere else."""

import os
import signal
import time

import pytest

from parts.keyring import Keyring
from parts.program import until


@pytest.fixture
def relay(desk):
    return desk.practice().start()


@pytest.fixture
def running(desk, estafeta, relay):
    desk.account(relay, password_command=None)
    return estafeta.start()


def store(estafeta, password="pw-alice"):
    return estafeta.cli("account", "password", "home", input=password + "\n")


def test_added_by_the_command_line(desk, estafeta):
    """`account add` reads the password from standard input and puts it into the keyring; it is
    in no file, and goes with the account."""
    keyring = desk.keyring()
    estafeta.start()
    secret = "s3cret-\u00fc-word"
    added = estafeta.cli(
        "account", "add", "home", "--address", "alice@example.org", "--host", "relay.example.org", input=secret + "\n"
    )
    assert added.code == 0, added
    assert keyring.secret(account="home") == secret
    assert "relay.example.org" in estafeta.settings_path.read_text()
    for folder in ("config", "data", "state", "cache", "run", "log"):
        for file in (desk.session.folder / folder).rglob("*"):
            if file.is_file() and "keyrings" not in file.parts:
                assert secret.encode() not in file.read_bytes(), file
    for answer in (estafeta.cli("account", "list", "--json"), estafeta.cli("status", "--json")):
        assert secret not in answer.output

    assert [a["name"] for a in estafeta.cli("account", "list", "--json").json] == ["home"]
    assert estafeta.cli("account", "add", "home", "--address", "b@example.org", "--host", "h.example", input="x\n").code == 1
    assert keyring.secret(account="home") == secret
    assert estafeta.cli("account", "remove", "home").code == 0
    assert keyring.items(account="home") == []
    assert estafeta.cli("account", "remove", "home").code == 4


def test_found(desk, relay, running):
    keyring = desk.keyring()
    assert store(running).code == 0
    assert not keyring.is_locked()
    desk.hand_in()
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_missing_then_stored(desk, relay, running):
    """No such item: the account rests until `account password` puts it there."""
    desk.keyring()
    desk.hand_in()
    running.wait_for_pause("password-missing")
    running.wait_for_states("waiting")
    assert "estafeta account password home" in running.cli("status").output
    assert store(running).code == 0
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_a_stirring_keyring_does_not_repeat_a_wrong_password(desk, relay, running):
    """Other programs write into the keyring all day: that is no reason to offer a refused
    password again. Another one in its place is, whoever puts it there."""
    keyring = desk.keyring()
    assert store(running, "wrong").code == 0
    desk.hand_in()
    running.wait_for_pause("sign-in")
    tried = len(relay.heard("AUTH"))
    reply = [a for a in running.status()["accounts"] if a["name"] == "home"][0]["reply"]
    keyring.store("a cookie", program="browser")
    until("the keyring's news", lambda: "still the one" in running.log())
    assert len(relay.heard("AUTH")) == tried
    assert [a for a in running.status()["accounts"] if a["name"] == "home"][0]["reply"] == reply
    keyring.store("pw-alice", application="estafeta", account="home")
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_locked_then_unlocked(desk, relay, running):
    """Mail waits for the keyring without a prompt, and leaves as soon as it is unlocked."""
    keyring = desk.keyring()
    assert store(running).code == 0
    keyring.lock()
    running.restart()
    desk.hand_in()
    running.wait_for_pause("keyring-locked")
    (mail,) = running.wait_for_states("waiting")
    assert mail["reason"] == "keyring-locked" and mail["attempts"] == 0
    assert relay.heard("AUTH") == []
    keyring.unlock()
    relay.wait_for(1, limit=10)
    running.wait_for_states("sent")


def test_no_service_then_one(desk, relay, running):
    """No keyring at all; one appears, and mail leaves."""
    desk.hand_in()
    running.wait_for_pause("no-keyring")
    running.wait_for_states("waiting")
    refused = store(running)
    assert refused.code == 1 and "keyring" in refused.errors.lower()
    keyring = desk.keyring()
    assert store(running).code == 0
    assert keyring.secret(account="home") == "pw-alice"
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_keyring_that_comes_late(desk, relay, running):
    """The session starts the daemon first and the keyring, which has the password, later:
    nobody has to do anything."""
    keyring = desk.keyring()
    assert store(running).code == 0
    keyring.kill()
    running.restart()
    desk.hand_in()
    running.wait_for_pause("no-keyring")
    Keyring(desk.session).start()
    relay.wait_for(1, limit=10)
    running.wait_for_states("sent")


def test_keyring_dies(desk, relay, running):
    """A keyring that crashes costs nothing; the next one serves."""
    keyring = desk.keyring()
    assert store(running).code == 0
    desk.hand_in()
    relay.wait_for(1)
    keyring.kill()
    running.restart()
    desk.hand_in()
    running.wait_for_pause("no-keyring")
    keyring.start()
    relay.wait_for(2, limit=10)


def test_the_keyring_hangs(desk, relay, running):
    """A keyring that answers nothing is given up after the time limit, and mail of other
    accounts is not held up by it."""
    keyring = desk.keyring()
    assert store(running).code == 0
    running.restart()
    other = desk.practice().start()
    desk.account(other, name="other", addresses="other@example.org")
    running.delivery["keyring"] = 2
    running.write()
    until("both accounts", lambda: len(running.status()["accounts"]) == 2)
    os.kill(keyring.program.pid, signal.SIGSTOP)
    try:
        desk.hand_in()
        desk.hand_in(sender="other@example.org")
        other.wait_for(1, limit=5)
        running.wait_for_pause("no-keyring", "timed-out")
    finally:
        os.kill(keyring.program.pid, signal.SIGCONT)
    relay.wait_for(1)  # by itself


def look_up_stands_still(desk, relay, running):
    """A keyring with the password that has been asked for it and does not answer yet."""
    keyring = desk.keyring()
    assert store(running).code == 0
    running.restart()
    os.kill(keyring.program.pid, signal.SIGSTOP)
    desk.hand_in()
    until("the greeting", lambda: relay.heard("EHLO"))
    time.sleep(0.3)
    assert relay.heard("AUTH") == []
    return keyring


def test_a_late_answer(desk, relay, running):
    """Within the time limit nobody learns of it."""
    keyring = look_up_stands_still(desk, relay, running)
    os.kill(keyring.program.pid, signal.SIGCONT)
    relay.wait_for(1)
    running.wait_for_states("sent")
    assert "waits" not in running.log()


def test_dies_in_the_middle_of_a_look_up(desk, relay, running):
    keyring = look_up_stands_still(desk, relay, running)
    keyring.kill()
    running.wait_for_pause("no-keyring")
    keyring.start()
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_removed_by_hand(desk, relay, running):
    """The person takes the password out of the keyring, and puts it there again, with another program."""
    keyring = desk.keyring()
    assert store(running).code == 0
    running.restart()
    keyring.remove(account="home")
    desk.hand_in()
    running.wait_for_pause("password-missing")
    keyring.store("pw-alice", application="estafeta", account="home")
    relay.wait_for(1)
    running.wait_for_states("sent")


def test_secret_never_on_the_bus_socket(desk, running):
    """The password travels as a descriptor: an empty one and one without a line break do."""
    keyring = desk.keyring()
    assert running.cli("account", "password", "home", input="no line break").code == 0
    assert keyring.secret(account="home") == "no line break"
    assert running.cli("account", "password", "nobody", input="x\n").code == 4
