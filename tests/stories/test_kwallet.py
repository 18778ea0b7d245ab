"""KWallet keeps the passwords, by its Secret Service."""

import time

import pytest

from parts.keyring import pipe_with
from parts.kwallet import KWallet
from parts.program import Program, until


@pytest.fixture
def kwallet(desk):
    desk.session.start_screen()
    return KWallet(desk.session)


def test_ends_and_comes_back(desk, estafeta, kwallet):
    kwallet.make_wallet().start()
    until("the wallet open", kwallet.is_open)
    empty = kwallet.wallet.stat().st_size
    relay = desk.practice().start()
    estafeta.delivery["keep"] = 0  # each mail asks for its password
    desk.account(relay, password_command=None).start()
    assert estafeta.cli("account", "password", "home", input="pw-alice\n").code == 0
    assert len(kwallet.items(application="estafeta", account="home")) == 1
    desk.hand_in()
    relay.wait_for(1)
    until("the password in the file", lambda: kwallet.wallet.stat().st_size > empty, 20)

    kwallet.end()
    estafeta.restart()
    desk.hand_in()
    estafeta.wait_for_pause("no-keyring")
    kwallet.start()
    relay.wait_for(2)
    assert estafeta.cli("account", "remove", "home").code == 0
    assert kwallet.items(application="estafeta") == []


def begin_to_store(desk, kwallet, limit):
    """Without a wallet it wants to make one, and asks for that."""
    kwallet.start()
    desk.estafeta.delivery["keyring"] = limit
    desk.account(desk.practice().start(), password_command=None).start()
    words = [desk.estafeta.cli_path, "account", "password", "home"]
    with pipe_with("pw-alice\n") as password:
        program = Program(words, desk.session.env, desk.session.log("password"), stdin=password)
    desk.session.programs.append(program)
    until("the dialog", kwallet.windows, 20)
    return program


def test_a_dialog_that_nobody_answers(desk, estafeta, kwallet):
    """It stays when it is called off; nothing else waits for it."""
    program = begin_to_store(desk, kwallet, 3)
    desk.hand_in()
    estafeta.wait_for_pause("password-missing")
    assert program.wait(20) == 1 and "did not answer in time" in program.said()
    assert kwallet.windows()


def test_the_daemon_ends_while_a_dialog_is_open(desk, estafeta, kwallet):
    program = begin_to_store(desk, kwallet, 600)
    begun = time.monotonic()
    estafeta.stop()
    assert time.monotonic() - begun < 5
    assert program.wait(20) == 1


def test_a_dialog_that_is_closed(desk, estafeta, kwallet):
    program = begin_to_store(desk, kwallet, 600)
    desk.session.run(["xdotool", "windowfocus", kwallet.windows()[-1], "key", "Escape"])
    assert program.wait(20) == 1, program.said()
    assert kwallet.items(application="estafeta") == []
