"""The same stories with real servers as the provider's relay: Exim, Postfix, Dovecot's submission service."""

import pytest

from parts.mail import large, message
from parts.program import until
from parts.real_relays import GREYLISTED, KINDS, REFUSED
from parts.smtp import Smtp, hand_in
from parts.valve import Valve

SERVERS = [
    "exim",
    pytest.param("postfix", marks=[pytest.mark.root, pytest.mark.dovecot]),  # it signs in by Dovecot
    pytest.param("dovecot", marks=pytest.mark.dovecot),
]
BOB = "bob@example.net"


@pytest.fixture(params=SERVERS)
def relay(request, desk):
    relay = KINDS[request.param](desk)
    relay.start()
    yield relay
    relay.close()


def account(desk, relay, name="home", security="tls", **values):
    port = relay.server.tls_port if security == "tls" else relay.server.starttls_port
    return desk.account(port, name=name, security=security, **values)


def arrived(relay, count, limit=30):
    """All mail there is, once there are `count`; more is an error."""
    until(lambda: f"{count} mails, only {len(relay.mails())}: {relay.log()[-2000:]}",
          lambda: len(relay.mails()) >= count, limit)
    mails = relay.mails()
    assert len(mails) == count
    return mails


def addressees(estafeta, id):
    return {entry["address"]: entry["state"] for entry in estafeta.show(id)["addressees"]}


def test_takes_what_there_is(desk, estafeta, relay):
    """By TLS and by STARTTLS, 8-bit, 20 MiB, two hundred recipients (at once, if it says that it takes so many): octet
    by octet, and each once."""
    account(desk, relay)
    account(desk, relay, "work", "starttls", addresses="alice@work.example").start()
    crowd = [f"r{number}@example.net" for number in range(200)]
    sent = [desk.hand_in(), desk.hand_in(message("By STARTTLS"), sender="alice@work.example"),
            desk.hand_in(large(20)), desk.hand_in(message("To all"), recipients=crowd)]
    estafeta.wait_for_states(*["sent"] * 4, limit=60)
    attempts = [made for number in range(1, 5) for made in estafeta.show(number)["attempts-made"]]
    assert len(attempts) in (4, 5)
    assert sorted(arrived(relay, len(attempts))) == sorted(sent + sent[3:] * (len(attempts) - 4))
    assert relay.recipients() == sorted([BOB] * 3 + crowd)
    best = "SCRAM-SHA-256" if "SCRAM-SHA-256" in relay.passwords else "PLAIN"
    for made in attempts:
        assert (made["reason"], made["mechanism"]) == ("none", best) and made["tls"].startswith("TLS1.3")


def test_refuses_and_puts_off(desk, estafeta, relay):
    """One of them refused, all refused, one put off: each recipient has its own end, and gets its mail once."""
    estafeta.delivery.update({"first-retry": 3600, "longest-retry": 3600})
    account(desk, relay).start()
    desk.hand_in(message("One"), recipients=(BOB, REFUSED))
    desk.hand_in(message("None"), recipients=(REFUSED,))
    desk.hand_in(message("Later"), recipients=(BOB, GREYLISTED))
    estafeta.wait_for("put off", lambda mails: [m["state"] for m in mails] == ["failed", "failed", "waiting"]
                      and mails[2].get("reason") == "deferred")
    assert addressees(estafeta, 1) == {BOB: "sent", REFUSED: "failed"}
    assert addressees(estafeta, 2) == {REFUSED: "failed"}
    assert addressees(estafeta, 3) == {BOB: "sent", GREYLISTED: "pending"}
    assert [mail["reason"] for mail in estafeta.list()[:2]] == ["recipient-refused"] * 2
    assert "no such user" in estafeta.cli("show", 2).output and estafeta.paused() is None
    arrived(relay, 2)
    relay.forgive()
    assert estafeta.send(3).code == 0
    estafeta.wait_for_states("failed", "failed", "sent")
    arrived(relay, 3)
    assert relay.recipients() == [BOB, BOB, GREYLISTED]


def test_knows_extensions_or_not(desk, estafeta, relay):
    """International addresses and reports: where they are offered they are used; where not, it is said."""
    account(desk, relay).start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org> SMTPUTF8").startswith("250")
        assert smtp.ask("RCPT TO:<j\u00fcrgen@example.net>").startswith("250")
        assert smtp.ask("DATA").startswith("354")
        first, second = message("Gr\u00fc\u00dfe", to="j\u00fcrgen@example.net"), message("With a receipt")
        assert smtp.content(first).startswith("250")
        assert smtp.ask("MAIL FROM:<alice@example.org> RET=HDRS").startswith("250")
        assert smtp.ask("RCPT TO:<bob@example.net> NOTIFY=SUCCESS").startswith("250")
        assert smtp.ask("DATA").startswith("354")
        assert smtp.content(second).startswith("250")
    international = "sent" if "SMTPUTF8" in relay.offers else "failed"
    estafeta.wait_for_states(international, "sent")
    (bob,) = estafeta.show(2)["addressees"]
    assert bob.get("relayed", False) == ("DSN" not in relay.offers)
    # Besides these, a server may have written the report that was asked for.
    until("both, or one", lambda: second in relay.mails() and (first in relay.mails()) == (international == "sent"))


def test_refuses_a_password(desk, estafeta, relay):
    """Once, and nobody asks again; after the person's word the mail goes."""
    relay.set_users({"alice": "another"})
    account(desk, relay).start()
    content = desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    (mail,) = estafeta.wait_for_states("waiting")
    assert mail["attempts"] == 0 and "535" in mail["reply"]
    desk.hand_in(message("Another"))
    assert estafeta.paused() == "sign-in" and relay.mails() == []
    relay.set_users({"alice": "pw-alice"})
    assert estafeta.send().code == 0
    estafeta.wait_for_states("sent", "sent")
    assert content in arrived(relay, 2)


def test_every_mechanism(desk, estafeta, relay):
    """Mechanisms that take a password, each asked for by name."""
    for name in relay.passwords:
        account(desk, relay, name.lower(), auth=name, addresses=f"{name.lower()}@example.org")
    estafeta.start()
    for name in relay.passwords:
        desk.hand_in(message(name), sender=f"{name.lower()}@example.org")
    estafeta.wait_for_states(*["sent"] * len(relay.passwords))
    used = [estafeta.show(number + 1)["attempts-made"][0]["mechanism"] for number in range(len(relay.passwords))]
    assert used == relay.passwords
    arrived(relay, len(relay.passwords))


@pytest.fixture
def valve(relay):
    valve = Valve(relay.server.tls_port)
    yield valve
    valve.close()


def test_interrupted_in_the_middle(desk, estafeta, relay, valve):
    """The daemon killed, and then the server restarted, with a third of a large mail over: it arrives once."""
    desk.account(valve.port, security="tls").start()
    valve.limit = 3_000_000
    first = large(10, "First")
    assert hand_in(estafeta.port, first).startswith("250")
    valve.wait_until_shut()
    estafeta.kill()
    valve.open()
    estafeta.start()
    assert arrived(relay, 1) == [first]
    estafeta.wait_for_states("sent")

    valve.limit = 3_000_000
    second = large(10, "Second")
    assert hand_in(estafeta.port, second).startswith("250")
    valve.wait_until_shut()
    relay.stop()
    valve.cut()
    estafeta.wait_for_pause("disconnected", "unreachable")
    relay.start()
    valve.open()
    assert estafeta.send().code == 0
    assert sorted(arrived(relay, 2)) == sorted([first, second])
    assert estafeta.states() == ["sent", "sent"]
