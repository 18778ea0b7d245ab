"""estafeta setup: one command from an address to an account that works, or to nothing at all."""

import pytest

from parts.machine import TRUST, Machine
from parts.practice_relay import HANG
from parts.program import free_port, until
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


# A provider that is reached by its name and trusted like any other.

HOST = "smtp.example.org"


class Provider:
    """A machine where set-up begins from nothing, and a provider's server in its network."""

    def __init__(self, desk, build):
        self.desk = desk
        self.relay = desk.practice(certificate="provider", users={ADDRESS: "pw-you"}, port=465)
        self.machine = Machine(desk.session, build, manager=False, files={
            "/etc/hosts": f"127.0.0.1 localhost {HOST}\n", TRUST: desk.certificates.authority.read_text()})
        self.machine.in_its_network(self.relay.start)
        self.keyring = desk.keyring()

    def terminal(self, *words):
        return Terminal([*self.machine.prefix, "estafeta", "setup", ADDRESS, *words], self.desk.session.env)

    def is_untouched(self):
        text = self.desk.estafeta.settings_path
        return (self.machine.daemon() is None and not self.keyring.items(account="example")
                and not (text.exists() and text.read_text())
                and not (self.desk.session.folder / "config" / "autostart" / "org.estafeta.Estafeta.desktop").exists())


@pytest.fixture
def provider(desk, build):
    provider = Provider(desk, build)
    yield provider
    provider.machine.close()


@pytest.mark.root
def test_from_nothing(desk, provider):
    """A wrong password is told with the server's words, and may be mended; then all is done in one go."""
    provider.relay.on("auth", "535 5.7.8 That is not your password")
    with provider.terminal("--host", HOST) as terminal:
        terminal.expect("port 465")
        terminal.expect(f"Password of {ADDRESS} at {HOST}: ")
        terminal.type("wrong")
        terminal.expect("failed at this step: signing in")
        terminal.expect("535 5.7.8 That is not your password")
        terminal.expect("Try another user name or password? [Y/n] ")
        terminal.type()
        terminal.expect(f"User name [{ADDRESS}]: ")
        terminal.type()
        terminal.expect(f"Password of {ADDRESS} at {HOST}: ")
        terminal.type("pw-you")
        terminal.expect(f"Signing in at {HOST}, port 465, works.")
        terminal.expect("Port:            2525")
        terminal.expect("Send a test mail to you@example.org? [Y/n] ")
        terminal.type()
        terminal.expect("The test mail was sent. The server said: 250")
        assert terminal.wait() == 0
        assert "wrong" not in terminal.screen and "pw-you" not in terminal.screen
    (mail,) = provider.relay.mails
    assert (mail.sender, mail.recipients, mail.user) == (ADDRESS, [ADDRESS], ADDRESS)
    assert provider.keyring.secret(account="example") == "pw-you"

    # Once more: all of it stays as it is.
    before = desk.estafeta.settings_path.read_text()
    with provider.terminal() as terminal:
        terminal.expect("is set up already, as the account “example”")
        terminal.expect("whether it works? [Y/n] ")
        terminal.type()
        terminal.expect("works.")
        terminal.expect("Port:            2525")
        terminal.expect("Send a test mail to you@example.org? [Y/n] ")
        terminal.type("n")
        assert terminal.wait() == 0
    assert desk.estafeta.settings_path.read_text() == before


@pytest.mark.root
def test_given_up_anywhere(desk, provider):
    """Ctrl-C, or the window closed, at each question up to the last that matters: as if nothing had been."""
    wrong = ("Password of", "wrong"), ("Try another user name or password?", "")
    ways = {
        f"Use {HOST}? [y/N]": ([], []),
        "Server for outgoing mail": ([], [(f"Use {HOST}? [y/N]", "n")]),
        "Password of": (["--host", HOST], []),
        "Try another user name or password?": (["--host", HOST], wrong[:1]),
        "User name [": (["--host", HOST], wrong),
        "Try another server?": (["--host", HOST, "--port", "1"], wrong[:1]),
    }
    for question, (words, answers) in ways.items():
        for give_up in (Terminal.press_ctrl_c, Terminal.hang_up):
            with provider.terminal(*words) as terminal:
                for asked, answer in answers:
                    terminal.expect(asked)
                    terminal.type(answer)
                terminal.expect(question)
                until("the daemon", lambda: provider.machine.daemon() is not None)
                give_up(terminal)
                assert terminal.wait() < 0 or give_up is Terminal.hang_up
            assert provider.is_untouched(), question


@pytest.mark.root
def test_given_up_during_the_test(desk, provider):
    """Not only at questions: a server that says nothing is left to itself."""
    provider.relay.on("greeting", HANG, times=-1)
    with provider.terminal("--host", HOST) as terminal:
        terminal.expect("Password of")
        terminal.type("pw-you")
        until("the server to be called", lambda: provider.relay.talks)
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    assert provider.is_untouched()
