"""A mail is handed in while the provider cannot be reached, and leaves when it can."""

import pytest

from parts import clients
from parts.mail import body, fields, message
from parts.program import until


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_relay_down_then_up(desk, estafeta, security):
    """swaks gets its 250 although Exim is down; the list says why the mail waits; Exim comes,
    the person says `send`, and exactly one copy arrives, signed in and over TLS."""
    exim = desk.exim()
    port = exim.tls_port if security == "tls" else exim.starttls_port
    desk.account(port, security=security)
    # Nothing but the person can be what sends it.
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    estafeta.start()

    code, output, errors = clients.swaks(desk.session, estafeta.port, "Down then up")
    assert code == 0, output + errors
    estafeta.wait_for_pause("unreachable", "offline")
    (mail,) = estafeta.wait_for_states("waiting")
    assert mail["reason"] in ("unreachable", "offline")
    assert mail["subject"] == "Down then up"
    assert "waiting" in estafeta.cli("list").output.lower()

    exim.start()
    assert estafeta.send().code == 0
    (arrived,) = exim.wait_for(1)
    assert fields(arrived, "subject") == ["Down then up"]
    (mail,) = estafeta.wait_for_states("sent")
    assert "A=" in exim.log() and ":alice" in exim.log() and "X=TLS1.3" in exim.log()
    assert estafeta.paused() is None

    estafeta.restart()
    assert estafeta.states() == ["sent"]
    assert len(exim.mails()) == 1


def test_it_leaves_by_itself(desk, estafeta):
    """Nobody has to do anything: the next attempt comes by itself, and the octets that arrive
    are the octets that were handed in."""
    exim = desk.exim()
    desk.account(exim).start()
    handed_in = desk.hand_in()
    estafeta.wait_for_states("waiting")
    exim.start()
    (arrived,) = exim.wait_for(1)
    assert arrived == handed_in
    estafeta.wait_for_states("sent")


def test_exact_octets(desk, estafeta):
    """What the relay gets is what the client gave, to the octet: dots, blanks, long lines,
    other charsets, an empty body, no body, no end of the header."""
    samples = [
        message(),
        message(body=""),
        message(body="\r\n\r\n.\r\n"),
        message(body="."),
        message(body="no line break at the end"),
        message(subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=", body="\u00fcber \U0001f600\r\n"),
        message(body="latin\r\n").replace(b"latin", b"\xe4\xf6\xfc\xff\x80"),
        message(body="").removesuffix(b"\r\n"),
        message(X_Folded="one\r\n two\r\n\tthree", body="folded\r\n"),
    ]
    relay = desk.practice().start()
    desk.account(relay).start()
    for content in samples:
        desk.hand_in(content if content.endswith(b"\r\n") else content + b"\r\n")
    mails = relay.wait_for(len(samples))
    expected = [c if c.endswith(b"\r\n") else c + b"\r\n" for c in samples]
    assert sorted(mail.content for mail in mails) == sorted(expected)


def test_the_delivery_note(desk, estafeta):
    """`show` tells what became of a mail: each addressee, the relay's words, over which TLS
    and by which sign-in."""
    exim = desk.exim().start()
    desk.account(exim).start()
    desk.hand_in(recipients=("bob@example.net", "carol@example.net"))
    estafeta.wait_for_states("sent")
    (mail,) = estafeta.list()
    note = estafeta.show(mail["id"])
    assert [a["address"] for a in note["addressees"]] == ["bob@example.net", "carol@example.net"]
    assert {a["state"] for a in note["addressees"]} == {"sent"}
    (attempt,) = note["attempts-made"]
    assert attempt["account"] == "home"
    assert attempt["tls"].startswith("TLS1.3")
    assert attempt["mechanism"] == "PLAIN" or attempt["mechanism"].startswith("SCRAM")
    assert attempt["reply"].startswith("250")
    words = estafeta.cli("show", mail["id"]).output
    assert "bob@example.net" in words and "carol@example.net" in words and "TLS1.3" in words
    assert body(exim.wait_for(1)[0])


def test_several_accounts(desk, estafeta):
    """Each mail leaves by the account that owns its sender, others by the default one."""
    work, home = desk.practice().start(), desk.practice(users={"al": "pw-alice"}).start()
    desk.account(work, name="work", addresses="alice@work.example")
    desk.account(home, name="home", addresses="alice@example.org; al@example.org", user="al", default="yes")
    estafeta.start()
    for sender in ("alice@work.example", "al@example.org", "stranger@example.com"):
        desk.hand_in(sender=sender)
    assert [m.sender for m in work.wait_for(1)] == ["alice@work.example"]
    assert sorted(m.sender for m in home.wait_for(2)) == ["al@example.org", "stranger@example.com"]
    estafeta.wait_for_states("sent", "sent", "sent")
    assert [m["account"] for m in estafeta.list()] == ["work", "home", "home"]


def test_one_relay_down_holds_up_nobody_else(desk, estafeta):
    """Mail for a relay that hangs does not keep mail for another relay waiting."""
    slow, quick = desk.practice().start(), desk.practice().start()
    slow.on("greeting", "hang", times=-1)
    desk.account(slow, name="slow", addresses="slow@example.org")
    desk.account(quick, name="quick", addresses="quick@example.org")
    estafeta.start()
    desk.hand_in(sender="slow@example.org")
    until("the slow relay is called", lambda: slow.talks)
    desk.hand_in(sender="quick@example.org")
    quick.wait_for(1, limit=5)
    assert slow.mails == []
