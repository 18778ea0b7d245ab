"""estafeta setup: one command from an address to an account that works, or to nothing at all."""

import pytest

from parts.program import free_port
from parts.terminal import Terminal

ADDRESS = "you@example.org"


def set_up(estafeta, *words, input="pw-you\n"):
    return estafeta.cli("setup", *words, "--no-service", input=input, limit=90)


def accounts(estafeta):
    return [account["name"] for account in estafeta.cli("account", "list", "--json").json]


BAD = {
    "no address": ([], "missing: ADDRESS"),
    "no domain": (["you"], "“you” is no mail address"),
    "no local part": (["@example.org"], "“@example.org” is no mail address"),
    "empty": ([""], "“” is no mail address"),
    "two": ([ADDRESS, "me@example.org"], "too much: me@example.org"),
    "a whole domain": (["*@example.org"], "is no mail address"),
    "huge": (["x" * 100000 + "@example.org"], "is no mail address"),
    "controls": (["you\x1b[2J@example.org"], "is no mail address"),
    "a line break": (["you@example.org\nhost=evil"], "is no mail address"),
    "a port": ([ADDRESS, "--host", "localhost", "--port", "65536"], "from 1 to 65535"),
    "a negative port": ([ADDRESS, "--host", "localhost", "--port", "-1"], "from 1 to 65535"),
    "both": ([ADDRESS, "--test-mail", "--no-test-mail"], "say only one of"),
}


@pytest.mark.parametrize("bad", BAD)
def test_wrong_use(estafeta, bad):
    """Told before anything begins: no daemon is needed to know it."""
    words, told = BAD[bad]
    answer = set_up(estafeta, *words)
    assert answer.code == 2 and told in answer.errors and len(answer.errors) < 400
    assert "\x1b" not in answer.errors


def test_nothing_to_read(desk, estafeta):
    """No password on standard input."""
    estafeta.start()
    answer = set_up(estafeta, ADDRESS, "--host", "localhost", input="")
    assert answer.code == 1 and "no password was given" in answer.errors and "nothing was changed" in answer.errors
    assert accounts(estafeta) == []


def test_values_that_cannot_be(desk, estafeta):
    keyring = desk.keyring()
    estafeta.start()
    before = estafeta.settings_path.read_text()
    for words in (["--host", "a b"], ["--host", "localhost", "--security", "none-at-all"],
                  ["--host", "localhost", "--name", "a name"], ["--host", "smtp.example.org", "--security", "none"]):
        answer = set_up(estafeta, ADDRESS, *words, "--no-test")
        assert answer.code == 1 and "cannot be so" in answer.errors and "nothing was changed" in answer.errors
    assert accounts(estafeta) == [] and estafeta.settings_path.read_text() == before
    assert keyring.items(account="example") == []


def test_addresses_of_all_kinds(desk, estafeta):
    """Each account gets a name that can be typed, and none that is there."""
    desk.keyring()
    estafeta.start()
    for address in ("me@example.org", "you@EXAMPLE.org", "jürgen@bücher.example", "x@[192.0.2.1]", '"a b"@example.net'):
        answer = set_up(estafeta, address, "--host", "localhost", "--no-test")
        assert answer.code == 0, answer.errors
    assert accounts(estafeta) == ["example", "example-2", "bcher", "192", "example-3"]


def test_no_keyring(desk, estafeta):
    """Nowhere to keep the password: no account then, and it is said what helps."""
    estafeta.start()
    answer = set_up(estafeta, ADDRESS, "--host", "localhost", "--no-test")
    assert answer.code == 1 and "No keyring answers" in answer.errors and "nothing was changed" in answer.errors
    assert accounts(estafeta) == []
    assert set_up(estafeta, ADDRESS, "--host", "localhost", "--no-test", "--no-password").code == 0


def test_settings_that_are_broken(desk, estafeta):
    """Nothing is written into a file that has a mistake, and the password is taken out again."""
    keyring = desk.keyring()
    estafeta.start()
    estafeta.settings_path.write_text("nonsense\n")
    answer = set_up(estafeta, ADDRESS, "--host", "localhost", "--no-test")
    assert answer.code == 1 and "Line 1" in answer.errors
    assert estafeta.settings_path.read_text() == "nonsense\n"
    assert keyring.items(account="example") == []
    estafeta.write()


def test_a_test_mail(desk, estafeta):
    """To oneself, and what becomes of it is told: here it waits for a server that is not there."""
    desk.keyring()
    estafeta.start()
    answer = set_up(estafeta, ADDRESS, "--host", "localhost", "--port", free_port(), "--no-test", "--test-mail")
    assert answer.code == 0
    assert "The test mail has not left: waiting." in answer.output
    (mail,) = estafeta.list()
    assert (mail["sender"], mail["recipients"]) == (ADDRESS, [ADDRESS])
    assert f"estafeta show {mail['id']}" in answer.output
    again = set_up(estafeta, ADDRESS, "--json", "--test-mail").json
    assert again["existed"] and again["account"] == "example" and again["test-mail"] == mail["id"] + 1


def test_answers_at_a_terminal(desk, estafeta):
    """An answer that is none is asked for again; the password does not stand there."""
    keyring = desk.keyring()
    estafeta.start()
    words = [estafeta.cli_path, "setup", ADDRESS, "--host", "localhost", "--port", free_port(), "--no-test", "--no-service"]
    with Terminal(words, {**desk.session.env, **estafeta.env}) as terminal:
        terminal.expect(f"Password of {ADDRESS} at localhost: ")
        terminal.type("pw-you")
        terminal.expect("Tell your mail client")
        terminal.expect(f"Send a test mail to {ADDRESS}? [Y/n] ")
        terminal.type("perhaps")
        terminal.expect("[Y/n] ")
        terminal.type("n")
        assert terminal.wait() == 0
        assert "pw-you" not in terminal.screen
    assert keyring.secret(account="example") == "pw-you"
    assert estafeta.list() == []
