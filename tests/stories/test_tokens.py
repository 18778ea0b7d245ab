"""Signing in: clients that cannot do without, programs with a name and limits, and callers nobody vouches for."""

import base64
import threading

import pytest

from parts import sign_in
from parts.mail import message
from parts.no_netlink import without_netlink
from parts.smtp import Smtp, hand_in


def add(estafeta, name="git", *limits):
    answer = estafeta.cli("token", "add", name, *limits)
    assert answer.code == 0, answer
    return answer.output.strip()


@pytest.fixture
def relay(desk):
    return desk.practice().start()


@pytest.fixture
def running(desk, estafeta, relay):
    desk.account(relay).start()
    return estafeta


def programs(estafeta):
    return [mail.get("program") for mail in estafeta.list()]


@pytest.mark.parametrize("others", [False, True], ids=["alone", "with tokens of others"])
@pytest.mark.parametrize("client", sign_in.ALL)
def test_any_password(desk, running, relay, client, others):
    """The kernel vouches for it: whatever it says is taken, and nothing of that is kept. That others have tokens
    changes nothing."""
    if others:
        add(running, "other")
    code, output, errors = sign_in.ALL[client](desk.session, running.port, "alice", "anything")
    assert code == 0, (output + errors)[-2000:]
    relay.wait_for(1)
    assert "token:alice" not in programs(running)


@pytest.mark.parametrize("client", sign_in.ALL)
def test_token(desk, running, relay, client):
    """The journal names the program."""
    secret = add(running)
    code, output, errors = sign_in.ALL[client](desk.session, running.port, "git", secret)
    assert code == 0, (output + errors)[-2000:]
    relay.wait_for(1)
    assert programs(running) == ["token:git"]
    running.wait_for_states("sent")
    assert running.cli("journal", "--json").json[-1]["program"] == "token:git"
    assert "git (signed in with a token)" in running.cli("show", "1").output


@pytest.mark.parametrize("client", sign_in.ALL)
def test_wrong_password(desk, running, client):
    """A token's name with another password: the program was limited, so it must be that program."""
    add(running)
    code, _, _ = sign_in.ALL[client](desk.session, running.port, "git", "anything")
    assert code != 0
    assert running.list() == []


@pytest.fixture
def unvouched(desk, estafeta, relay):
    """The kernel cannot be asked whose a connection is."""
    estafeta.prefix = without_netlink()
    desk.account(relay).start()
    return estafeta


def test_nobody_vouches(desk, unvouched, relay):
    """No mail before signing in, and no password but a token's."""
    with Smtp(unvouched.port) as smtp:
        assert "AUTH SCRAM-SHA-256 PLAIN LOGIN" in smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("530 5.7.0")
    code, _, _ = sign_in.ALL["swaks PLAIN"](desk.session, unvouched.port, "alice", "anything")
    assert code != 0 and unvouched.list() == []
    # The other door: a Unix socket's owner is known all the same.
    assert hand_in(unvouched.submission_socket, message()).startswith("250")


@pytest.mark.parametrize("client", ["swaks PLAIN", "swaks LOGIN", "git send-email", "nodemailer", *sign_in.SCRAM])
def test_nobody_vouches_but_a_token(desk, unvouched, relay, client):
    secret = add(unvouched)
    code, output, errors = {**sign_in.ALL, **sign_in.SCRAM}[client](desk.session, unvouched.port, "git", secret)
    assert code == 0, (output + errors)[-2000:]
    relay.wait_for(1)
    assert programs(unvouched) == ["token:git"]


@pytest.mark.parametrize("client", sign_in.SCRAM)
def test_scram_for_who_insists(desk, estafeta, relay, client):
    """Offered to those the kernel vouches for as well, if the settings say so: then the secret counts."""
    estafeta.submission["scram"] = "yes"
    desk.account(relay).start()
    secret = add(estafeta)
    code, output, errors = sign_in.SCRAM[client](desk.session, estafeta.port, "git", secret)
    assert code == 0, (output + errors)[-2000:]
    relay.wait_for(1)
    assert programs(estafeta) == ["token:git"]
    code, _, _ = sign_in.SCRAM[client](desk.session, estafeta.port, "git", "anything")
    assert code != 0


def test_inside_tls(desk, estafeta, relay):
    """Encryption and signing in go together, in this order."""
    estafeta.submission["starttls"] = "yes"
    desk.account(relay).start()
    secret = add(estafeta)
    code, output, errors = sign_in.swaks("PLAIN", "--tls")(desk.session, estafeta.port, "git", secret)
    assert code == 0, (output + errors)[-2000:]
    relay.wait_for(1)
    assert programs(estafeta) == ["token:git"]
    code, _, _ = sign_in.swaks("PLAIN", "--tls")(desk.session, estafeta.port, "git", "anything")
    assert code != 0


@pytest.mark.parametrize("client", sign_in.SCRAM)
def test_nobody_vouches_and_wrong(desk, unvouched, client):
    """Neither another password nor another name, by which nobody learns what names there are."""
    secret = add(unvouched)
    for user, password in [("git", "anything"), ("got", secret)]:
        code, _, _ = sign_in.SCRAM[client](desk.session, unvouched.port, user, password)
        assert code != 0
    assert unvouched.list() == []


def test_endless_tries(unvouched):
    with Smtp(unvouched.port) as smtp:
        smtp.ask("EHLO test")
        answers = [smtp.ask("AUTH PLAIN AGdpdAB4") for _ in range(3)]
        assert [answer[:9] for answer in answers] == ["535 5.7.8", "535 5.7.8", "421 4.7.0"]
        assert smtp.is_closed()


def sign(smtp, user, secret):
    smtp.ask("EHLO test")
    return smtp.ask("AUTH PLAIN " + base64.b64encode(f"\0{user}\0{secret}".encode()).decode())


def test_limits(desk, running, relay):
    """What the token does not allow is refused while the program can still say so."""
    desk.account(relay, name="work", addresses="alice@work.example")
    running.write()
    running.wait_for("the second account", lambda _: len(running.status()["accounts"]) == 2)
    secret = add(running, "git", "--sender", "alice@example.org", "--account", "home")
    with Smtp(running.port) as smtp:
        assert sign(smtp, "git", secret).startswith("235")
        assert smtp.ask("MAIL FROM:<alice@work.example>").startswith("550 5.7.1")
        smtp.envelope("alice@example.org", "bob@example.net")
        answer = smtp.content(b"From: boss@example.org\r\nSubject: x\r\n\r\nx\r\n")
        assert answer.startswith("550 5.7.1"), answer
        # Sent again as somebody else: the header would have it leave as that.
        smtp.envelope("alice@example.org", "bob@example.net")
        answer = smtp.content(b"Resent-From: alice@work.example\r\n" + message())
        assert answer.startswith("550 5.7.1"), answer
        smtp.envelope("alice@example.org", "bob@example.net")
        assert smtp.content(message()).startswith("250")
    assert running.cli("token", "change", "git").code == 0
    with Smtp(running.port) as smtp:
        assert sign(smtp, "git", secret).startswith("235")
        assert smtp.ask("MAIL FROM:<alice@work.example>").startswith("250")


def test_per_day(running):
    """The limit outlives the daemon, and two at once cannot exceed it."""
    secret = add(running, "git", "--per-day", "3")

    def deliver(_=None):
        with Smtp(running.port) as smtp:
            assert sign(smtp, "git", secret).startswith("235")
            answer = smtp.ask("MAIL FROM:<alice@example.org>")
            if answer.startswith("250"):
                smtp.ask("RCPT TO:<bob@example.net>")
                smtp.ask("DATA")
                answer = smtp.content(message())
            answers.append(answer)

    answers = []
    deliver()
    running.restart()
    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer[:9] for answer in answers) == ["250 2.0.0"] * 3 + ["450 4.7.1"] * 4, answers
    assert "try again after 20" in next(answer for answer in answers if answer.startswith("450"))
    running.restart()
    deliver()
    assert answers[-1].startswith("450 4.7.1")
    (token,) = running.cli("token", "list", "--json").json
    assert (token["used"], token["per-day"]) == (3, 3)
    # Others are not concerned.
    assert hand_in(running.port, message()).startswith("250")


def test_removed(running):
    """Its rights end at once, also in a conversation that is open."""
    secret = add(running)
    with Smtp(running.port) as smtp:
        assert sign(smtp, "git", secret).startswith("235")
        assert running.cli("token", "remove", "git").code == 0
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("421 4.7.0")
        assert smtp.is_closed()
    with Smtp(running.port) as smtp:
        # No token any more, so any password will do.
        assert sign(smtp, "git", secret).startswith("235")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("250")


def test_command_line(running, desk):
    secret = add(running, "git", "--sender", "@example.org", "--per-day", "20")
    path = desk.session.folder / "config" / "estafeta" / "tokens"
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret not in path.read_text() and len(secret.replace("-", "")) >= 28
    assert running.cli("token", "list", "--json").json == [
        {"name": "git", "used": 0, "created": running.cli("token", "list", "--json").json[0]["created"],
         "senders": ["@example.org"], "per-day": 20}
    ]
    assert "0 of 20" in running.cli("token", "list").output
    for arguments, code, words in [
        (["add", "Git"], 1, "already"),
        (["add", "a b"], 2, "letters, digits"),
        (["add", "x" * 65], 2, "letters, digits"),
        (["add", "new", "--account", "nowhere"], 4, "nowhere"),
        (["add", "new", "--sender", "nobody"], 1, "nobody"),
        (["add", "new", "--per-day", "-1"], 2, "--per-day"),
        (["add", "new", "--per-day", "0"], 2, "--per-day"),
        (["add", "new", "--per-day", "9999999"], 1, "per-day"),
        (["add"], 2, "NAME"),
        (["change", "none"], 4, "none"),
        (["remove", "none"], 4, "none"),
        (["burn"], 2, "burn"),
    ]:
        answer = running.cli("token", *arguments)
        assert answer.code == code and words in answer.errors, (arguments, answer)
    told = running.cli("token", "add", "other", "--json").json
    assert told["token"] == "other" and told["secret"] != secret
    assert [token["name"] for token in running.cli("token", "list", "--json").json] == ["git", "other"]
    told = running.cli("token", "add", "third")
    assert f"127.0.0.1:{running.port}" in told.errors and "third" in told.errors
    assert secret not in running.log() and told.output.strip() not in running.log()


@pytest.mark.parametrize("mode", [0o644, 0o620])
def test_file_of_others(running, desk, mode):
    """A file that others may read or write lets nobody in, until it is mended."""
    secret = add(running)
    path = desk.session.folder / "config" / "estafeta" / "tokens"
    path.chmod(mode)
    path.write_text(path.read_text())

    def answer():
        with Smtp(running.port) as smtp:
            return sign(smtp, "git", secret)

    running.wait_for("the file to be refused", lambda _: answer().startswith("454 4.7.0"))
    told = running.cli("token", "list")
    assert told.code == 1 and "chmod" in told.errors
    assert running.cli("token", "add", "other").code == 1
    # Who does not sign in is served.
    assert hand_in(running.port, message()).startswith("250")
    path.chmod(0o600)
    running.wait_for("the file to be believed", lambda _: answer().startswith("235"))
