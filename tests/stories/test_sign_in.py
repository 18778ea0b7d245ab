"""What stands between a mail and its provider is the account's trouble, never the mail's."""

import pytest

from parts.practice_relay import DROP
from parts.program import until


def test_wrong_password_then_mended(desk, estafeta):
    """The provider refuses the password: the account rests, one notification says so, no mail
    fails, and `estafeta account password` sets everything going again."""
    notifications = desk.notifications()
    keyring = desk.keyring()
    exim = desk.exim().start()
    estafeta.write()
    estafeta.start()
    added = estafeta.cli(
        "account", "add", "home", "--address", "alice@example.org", "--host", "localhost",
        "--port", exim.tls_port, "--user", "alice", input="wrong\n",
    )
    assert added.code == 0, added
    # ca-file and relay-user can be set only by hand.
    text = estafeta.settings_path.read_text()
    estafeta.write(text + f"ca-file={desk.certificates.authority}\nrelay-user={exim.uid}\n")

    first, second = desk.hand_in(), desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    mails = estafeta.wait_for_states("waiting", "waiting")
    assert {mail["reason"] for mail in mails} == {"sign-in"}
    assert [mail["attempts"] for mail in mails] == [0, 0]
    notifications.wait_for("home")
    refusals = exim.log().count("authenticator failed")
    assert refusals >= 1

    mended = estafeta.cli("account", "password", "home", input="pw-alice\n")
    assert mended.code == 0, mended
    assert keyring.secret(account="home") == "pw-alice"
    arrived = exim.wait_for(2)
    assert sorted(arrived) == sorted([first, second])
    estafeta.wait_for_states("sent", "sent")
    assert estafeta.paused() is None


def test_a_wrong_password_is_not_hammered(desk, estafeta):
    """Providers lock accounts after a few wrong passwords: a refused one is not tried again
    before something has changed, however much mail comes."""
    relay = desk.practice(users={"alice": "something else"}).start()
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    tried = len(relay.heard("AUTH"))
    for _ in range(5):
        desk.hand_in()
    estafeta.wait_for_states(*["waiting"] * 6)
    assert len(relay.heard("AUTH")) == tried <= 2


def test_trying_one_mail_tries_one_account(desk, estafeta):
    """`send 1` is a word about the account of message 1 and about no other."""
    relays = {name: desk.practice(users={"alice": "another"}).start() for name in ("home", "work")}
    for name, relay in relays.items():
        desk.account(relay, name=name, addresses=f"alice@{name}.example")
    estafeta.start()
    for name in relays:
        desk.hand_in(sender=f"alice@{name}.example")
        estafeta.wait_for_pause("sign-in", account=name)
    tried = {name: len(relay.heard("AUTH")) for name, relay in relays.items()}
    assert estafeta.send(1).code == 0
    until("another try", lambda: len(relays["home"].heard("AUTH")) > tried["home"])
    estafeta.wait_for_pause("sign-in", account="home")
    assert len(relays["work"].heard("AUTH")) == tried["work"]


def test_password_command(desk, estafeta):
    """A failing command rests the account with a reason of its own; mended, mail goes."""
    relay = desk.practice().start()
    desk.account(relay, password_command="sh -c 'exit 3'").start()
    desk.hand_in()
    estafeta.wait_for_pause("password-command")
    desk.account(relay)
    estafeta.write()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_sign_in_busy(desk, estafeta):
    """A temporary 454 at sign-in passes by itself."""
    relay = desk.practice().start()
    relay.on("auth", "454 4.7.0 the password store is away")
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["wrongname", "expired", "selfsigned", "unknown authority"])
def test_bad_certificate(desk, estafeta, kind, security):
    """The account rests, and the relay never hears a user name, a password or a mail. One on this machine by its
    very name may have a certificate of its own, but a person must say so."""
    certificate = "good" if kind == "unknown authority" else kind
    exim = desk.exim(certificate=certificate).start()
    authority = desk.certificates.stranger if kind == "unknown authority" else desk.certificates.authority
    port = exim.tls_port if security == "tls" else exim.starttls_port
    desk.account(port, security=security, ca_file=authority).start()
    handed_in = desk.hand_in()
    reason = "certificate-expired" if kind == "expired" else "unconfirmed"
    estafeta.wait_for_pause(reason)
    (mail,) = estafeta.wait_for_states("waiting")
    assert mail["reason"] == reason and mail["attempts"] == 0
    for word in ("AUTH", "alice", "MAIL", "authenticator"):
        assert word not in exim.log().replace("no MAIL", "")

    # The provider mends it: one word of the person's, and the mail leaves.
    exim.stop()
    exim.use_certificate("good")
    exim.start()
    desk.account(port, security=security)
    estafeta.write()
    assert estafeta.send().code == 0
    assert exim.wait_for(1) == [handed_in]


def test_the_systems_trust_does_not_hold_a_practice_authority(desk, estafeta):
    """Without a ca-file the system's authorities decide, and they know none of ours."""
    relay = desk.practice().start()
    desk.account(relay, ca_file=None).start()
    desk.hand_in()
    estafeta.wait_for_pause("unconfirmed")
    assert relay.heard("EHLO") == []


def test_no_starttls(desk, estafeta):
    """A relay that offers no STARTTLS (or has it stripped on the way) gets nothing."""
    relay = desk.practice(security="none").start()
    desk.account(relay, security="starttls").start()
    desk.hand_in()
    estafeta.wait_for_pause("no-tls")
    assert relay.heard("AUTH") == [] and relay.heard("MAIL") == []


def test_words_before_the_handshake(desk, estafeta):
    """Octets that came in clear after the 220 to STARTTLS are not taken for the relay's."""
    relay = desk.practice(security="starttls").start()
    relay.on("starttls", "220 2.0.0 go ahead\r\n250 injected", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("protocol", "tls", "disconnected", "no-tls")
    assert relay.heard("AUTH") == [] and relay.heard("MAIL") == []


def test_no_common_mechanism(desk, estafeta):
    relay = desk.practice(mechanisms="GSSAPI NTLM").start()
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("no-mechanism")
    assert relay.heard("AUTH") == []


@pytest.mark.parametrize("stage", ["connect", "greeting", "ehlo", "auth", "mail", "rcpt", "data", "body"])
def test_dropped_connection(desk, estafeta, stage):
    """Wherever the connection breaks before the final dot, one copy arrives in the end."""
    relay = desk.practice().start()
    relay.on(stage, DROP, times=2)
    desk.account(relay).start()
    handed_in = desk.hand_in()
    (mail,) = relay.wait_for(1, limit=30)
    assert mail.content == handed_in
    estafeta.wait_for_states("sent")
    assert len(relay.taken) == 1
