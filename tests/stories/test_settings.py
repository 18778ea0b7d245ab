"""The settings file is for people: edited by hand, while the daemon runs."""

import socket
import ssl

import pytest

from parts.desk import Desk
from parts.mail import message
from parts.program import accepts, free_port, until
from parts.smtp import Smtp, hand_in


def test_edited_live(desk, estafeta):
    """A new account is known as soon as the file is saved; one that is gone is not."""
    relay = desk.practice().start()
    estafeta.start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("550")
    desk.account(relay)
    estafeta.write()
    until("the account", lambda: [a["name"] for a in estafeta.status()["accounts"]] == ["home"])
    desk.hand_in()
    relay.wait_for(1)
    estafeta.accounts.clear()
    estafeta.write()
    until("no account", lambda: estafeta.status()["accounts"] == [])
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("550")


def speaks_tls(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as link:
        return link.recv(100).startswith(b"220 ")


def test_other_addresses(desk, estafeta):
    """Addresses come, go, and change to TLS as the file is saved; who is speaking may finish."""
    relay = desk.practice().start()
    desk.account(relay).start()
    first, second = estafeta.port, free_port()

    def listen(**places):
        estafeta.submission.clear()
        estafeta.submission.update({key.replace("_", "-"): place for key, place in places.items()})
        estafeta.write()

    def listens(*places):
        listening = estafeta.status()["listening"]
        return set(places) == {place for place in listening if not place.startswith("unix:")}

    with Smtp(first) as smtp:
        smtp.ask("EHLO test")
        listen(listen=f"127.0.0.1:{first};127.0.0.1:{second}")
        until("the second address", lambda: listens(f"127.0.0.1:{first}", f"127.0.0.1:{second}"))
        assert hand_in(second, message()).startswith("250")
        listen(listen=f"127.0.0.1:{second}", listen_tls=f"127.0.0.1:{first}")
        until("TLS at the first", lambda: listens(f"127.0.0.1:{second}", f"tls:127.0.0.1:{first}"))
        assert speaks_tls(first)
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("250")
    listen(listen="")
    until("no address", listens)
    assert not accepts(first) and not accepts(second)
    assert hand_in(estafeta.submission_socket, message()).startswith("250")
    relay.wait_for(2)


def test_an_address_somebody_holds(desk, estafeta):
    """It is told, and had as soon as it is free and the file saved again."""
    notifications = desk.notifications()
    desk.account(free_port()).start()
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        estafeta.submission["listen"] += f";127.0.0.1:{port}"
        estafeta.write()
        notifications.wait_for(str(port))
        assert list(estafeta.status()["port-taken"]) == [f"127.0.0.1:{port}"]
    estafeta.write()
    until("the address", lambda: accepts(port))
    assert estafeta.status()["port-taken"] == {}
    until("the notice gone", lambda: notifications.up() == 0)


def test_account_gone_while_mail_waits(desk, estafeta):
    """Mail for an account that was taken out waits for it to come back."""
    relay = desk.practice()
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("unreachable", "offline")
    account = estafeta.accounts.pop("home")
    estafeta.write()
    estafeta.wait_for("no account", lambda mails: mails[0].get("reason") == "no-account")
    assert estafeta.states() == ["waiting"]
    estafeta.accounts["home"] = account
    estafeta.write()
    relay.start()
    relay.wait_for(1)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ("[delivery]\nfirst-rety=1\n", "first-rety"),
        ("[delivery]\nfirst-retry=soon\n", "first-retry"),
        ("[acount home]\n", "acount home"),
        ("[account x]\naddresses=a@example.org\nhost=relay.example.org\nsecurity=none\n", "security"),
        ("[submission]\nlisten=0.0.0.0:2525\n", "listen"),
        ("rubbish\n", ""),
    ],
)
def test_a_mistake(desk, estafeta, wrong, words):
    """A file with a mistake is not taken over; what was known goes on, and `status` names
    group and key. Mended, it works again."""
    relay = desk.practice().start()
    desk.account(relay).start()
    estafeta.write(wrong)
    problem = until("the problem", lambda: estafeta.status().get("problem"))
    assert words in problem
    assert words in estafeta.cli("status").output
    desk.hand_in()
    relay.wait_for(1)
    estafeta.write()
    until("no problem", lambda: not estafeta.status().get("problem"))


def test_unsafe_file(desk, estafeta):
    """A file that others may write could make the daemon run a command of theirs."""
    relay = desk.practice().start()
    desk.account(relay)
    estafeta.write()
    estafeta.settings_path.chmod(0o666)
    estafeta.start(wait=False)
    estafeta.wait_for_answers()
    assert "estafeta.conf" in estafeta.status()["problem"] or "write" in estafeta.status()["problem"]
    assert estafeta.status()["accounts"] == []


def test_retry_delay_is_believed(desk, estafeta):
    """Impatient people may shorten the delays, and patient ones are not disturbed."""
    estafeta.delivery.update({"first-retry": 300, "longest-retry": 300})
    relay = desk.practice().start()
    relay.on("rcpt", "450 4.2.1 later", times=1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for("put off", lambda mails: mails[0].get("reason") == "deferred")
    (mail,) = estafeta.list()
    assert mail["due"] - mail["created"] > 100
    estafeta.wait_for_states("waiting")
    assert estafeta.send(mail["id"]).code == 0
    relay.wait_for(1)


def test_without_a_session_bus(build, certificates):
    """On a text console: mail, command line and password-command work all the same."""
    desk = Desk(build, certificates, bus=False)
    try:
        relay = desk.practice().start()
        desk.account(relay).start()
        content = desk.hand_in()
        assert relay.wait_for(1)[0].content == content
        desk.estafeta.wait_for_states("sent")
        assert desk.estafeta.cli("status").code == 0
        desk.account(relay, password_command=None)
        desk.estafeta.write()
        desk.estafeta.restart()
        desk.hand_in()
        desk.estafeta.wait_for_pause("no-keyring")
        desk.estafeta.stop()
        assert desk.estafeta.alarms() == []
    finally:
        desk.close()


def test_the_session_bus_dies(desk, estafeta):
    """A crash of the session bus takes the notifications with it, not the mail."""
    relay = desk.practice().start()
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    (bus,) = [p for p in desk.session.programs if p.argv[0] == "dbus-daemon"]
    bus.kill()
    content = desk.hand_in()
    assert relay.wait_for(2)[-1].content == content
    assert estafeta.cli("status").code == 0


def test_side_by_side(build, certificates, desk, estafeta):
    """Two daemons in two sessions know nothing of each other."""
    relay = desk.practice().start()
    desk.account(relay).start()
    other = Desk(build, certificates)
    try:
        other.estafeta.start()
        assert other.estafeta.cli("list", "--json").json == []
        desk.hand_in()
        relay.wait_for(1)
        assert other.estafeta.list() == []
        other.estafeta.stop()
    finally:
        other.close()


def test_no_daemon(desk, estafeta):
    """The command line says that nobody answers, and how to change that."""
    answer = estafeta.cli("status")
    assert answer.code == 3 and "estafetad" in answer.errors and answer.output == ""


def test_command_line_errors(desk, estafeta):
    """Exit codes that scripts can use; plain words on standard error."""
    desk.account(free_port()).start()
    assert estafeta.cli("show", "4711").code == 4
    assert estafeta.cli("send", "4711").code == 4
    assert estafeta.cli("show").code == 2
    assert estafeta.cli("frobnicate").code == 2
    assert estafeta.cli("list", "--frobnicate").code == 2
    wrong = estafeta.cli(
        "account", "add", "x", "--address", "not an address", "--host", "h.example", "--no-password"
    )
    assert wrong.code == 1 and "address" in wrong.errors
    for verb in ("status", "list", "account"):
        assert estafeta.cli(verb, "--help").code == 0
    assert estafeta.cli("--version").code == 0


def test_lines_over_the_limit(desk, estafeta):
    """A command line longer than SMTP allows is refused, the conversation goes on."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        assert smtp.ask("EHLO test").startswith("250")
        assert smtp.ask("MAIL FROM:<" + "a" * 5000 + "@example.org>").startswith("5")
    assert hand_in(estafeta.port, b"Subject: x\r\nFrom: alice@example.org\r\n\r\n" + b"y" * 5000 + b"\r\n")[:1] in "25"
