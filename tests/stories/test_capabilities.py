"""What a relay lacks: mail that is too large, of too many bits or of a kind it cannot take; and a relay that keeps mail
for later."""

import email
import email.policy
import quopri
import time
from datetime import datetime, timedelta, timezone

import pytest

from parts.mail import message
from parts.program import until
from parts.smtp import Smtp

HEADER = (
    b"From: alice@example.org\r\nTo: bob@example.net\r\nSubject: Bits\r\nDate: Mon, 02 Nov 2026 10:00:00 +0100\r\n"
    b"Message-ID: <bits@example.org>\r\nMIME-Version: 1.0\r\n"
)
WIDE = b"Content-Transfer-Encoding: 8bit\r\n"
GERMAN = "Grüße\r\n.\r\nFrom here = there \r\n\r\n-- \r\nÄ\r\n".encode()
RUSSIAN = ("Привет, мир! " * 30 + "\r\n").encode()
LATIN = "Fa\xe7ade\r\n".encode("latin-1")


def hand_in(estafeta, content=None, mail="", recipients=("bob@example.net",), subject="For later"):
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask(f"MAIL FROM:<alice@example.org>{mail}").startswith("250")
        for recipient in recipients:
            assert smtp.ask(f"RCPT TO:<{recipient}>").startswith("250")
        assert smtp.ask("DATA").startswith("354")
        smtp.write((content or message(subject)).replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert smtp.reply().startswith("250")


def part(kind, body, label=WIDE):
    return b"--b\r\nContent-Type: " + kind + b"\r\n" + label + b"\r\n" + body + b"\r\n"


def multipart(*parts, kind=b"mixed"):
    boundary = b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n'
    return HEADER + boundary + WIDE + b"\r\n" + b"".join(parts) + b"--b--\r\n"


def leaves(content):
    """What a reader finds: types and decoded octets. Between the lines of text, CRLF."""
    parsed = email.message_from_bytes(content, policy=email.policy.SMTP)
    found = []
    for leaf in parsed.walk():
        assert not leaf.defects, leaf.defects
        if not leaf.is_multipart():
            found.append((leaf.get_content_type(), leaf.get_content_charset(), leaf.get_payload(decode=True)))
    return found


INNER = b"From: carol@example.org\r\nSubject: within\r\n\r\n" + GERMAN
ALL = multipart(
    part(b"text/plain; charset=utf-8", GERMAN),
    part(b"text/plain; charset=utf-8", RUSSIAN),
    part(b"text/html; charset=iso-8859-1", LATIN, b""),
    part(b"application/octet-stream", bytes(range(128, 256)) + b"\r\n" + bytes(range(14, 127))),
    part(b"text/plain", b"plain  \r\n", b""),
    part(b"message/rfc822", INNER),
)


# SIZE.


def test_too_large(desk, estafeta):
    """The relay hears nothing of it, the person both figures, and other mail goes."""
    notifications = desk.notifications()
    relay = desk.practice()
    relay.size = 2000
    desk.account(relay.start()).start()
    hand_in(estafeta, message("Holiday pictures", body="x" * 900 + "\r\n" + "y" * 900 + "\r\n" + "z" * 900 + "\r\n"))
    (mail,) = estafeta.wait_for_states("failed")
    size, limit = mail["figures"].split()
    assert mail["reason"] == "too-large" and 2000 < int(size) == mail["size"] and limit == "2000"
    shown = notifications.wait_for("Not sent: Holiday pictures", "bob@example.net", "the server takes 2.0")
    assert "server said" not in shown.body and "as a link" in shown.body
    assert "It has 3." in estafeta.cli("show", "1").output
    hand_in(estafeta, message("Short", body="hi\r\n"))
    relay.wait_for(1)
    assert len(relay.heard("MAIL")) == 1


def test_too_large_is_held(desk, estafeta):
    """Where the settings say so its person decides; a release tries it again."""
    notifications = desk.notifications()
    relay = desk.practice()
    relay.size = 100
    estafeta.delivery["keep"] = 0
    desk.account(relay.start(), too_large="hold").start()
    hand_in(estafeta, message("Holiday pictures"))
    (mail,) = estafeta.wait_for_states("held")
    assert mail["reason"] == "too-large"
    assert [one["state"] for one in estafeta.show(1)["addressees"]] == ["pending"]
    notifications.wait_for("On hold: Holiday pictures", "larger than the mail server takes", "the server takes 100 bytes")
    assert estafeta.cli("release", "1").code == 0
    until("a second try", lambda: len(estafeta.show(1)["attempts-made"]) == 3)
    estafeta.wait_for_states("held")
    relay.size = 1_000_000
    assert estafeta.cli("release", "1").code == 0
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


@pytest.mark.parametrize("stage", ["mail", "final"])
def test_too_large_says_the_relay(desk, estafeta, stage):
    """Its own words, and what is known besides."""
    notifications = desk.notifications()
    relay = desk.practice().start().on(stage, "552 5.3.4 no more than we like", times=-1)
    desk.account(relay).start()
    hand_in(estafeta, message("Holiday pictures"))
    (mail,) = estafeta.wait_for_states("failed")
    assert mail["reason"] == "too-large" and mail["reply"] == "552 5.3.4 no more than we like"
    notifications.wait_for("Not sent: Holiday pictures", "no more than we like", "It has 1.")


# 8BITMIME.


@pytest.mark.parametrize("declared", ["", " BODY=8BITMIME", " BODY=BINARYMIME"])
def test_converted(desk, estafeta, declared):
    """All of it arrives in 7 bits, and is read as it was written."""
    relay = desk.practice()
    relay.lacks = {"8BITMIME"}
    desk.account(relay.start()).start()
    if "BINARY" in declared:
        with Smtp(estafeta.port) as smtp:
            smtp.ask("EHLO test")
            smtp.ask("MAIL FROM:<alice@example.org>" + declared)
            smtp.ask("RCPT TO:<bob@example.net>")
            smtp.write(b"BDAT %d LAST\r\n" % len(ALL) + ALL)
            assert smtp.reply().startswith("250")
    else:
        hand_in(estafeta, ALL, declared)
    (mail,) = relay.wait_for(1)
    assert mail.content.isascii() and leaves(mail.content)[:5] == leaves(ALL)[:5]
    assert leaves(mail.content)[5] == ("text/plain", "utf-8", GERMAN)
    assert max(map(len, mail.content.split(b"\r\n"))) <= 78
    (said,) = relay.heard("MAIL")
    assert "BODY" not in said and f"SIZE={len(mail.content)}" in said
    labels = [line.split()[1] for line in mail.content.split(b"\r\n") if line.startswith(b"Content-Transfer-Encoding")]
    assert labels == [b"7bit", b"quoted-printable", b"base64", b"quoted-printable", b"base64", b"7bit", b"quoted-printable"]
    assert estafeta.cli("show", "1").code == 0


def test_what_says_nothing_of_mime(desk, estafeta):
    """A script's mail gets the fields that make it readable; nothing else changes."""
    relay = desk.practice()
    relay.lacks = {"8BITMIME"}
    desk.account(relay.start()).start()
    header = b"Date: Mon, 02 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nSubject: cron\r\n"
    hand_in(estafeta, header + b"\r\n" + GERMAN)
    (mail,) = relay.wait_for(1)
    assert mail.content.startswith(header + b"MIME-Version: 1.0\r\n") and mail.content.isascii()
    assert leaves(mail.content) == [("text/plain", "utf-8", GERMAN)]


@pytest.mark.parametrize(
    "content, figures",
    [
        (multipart(part(b"text/plain; charset=utf-8", GERMAN), part(b"application/pgp-signature", b"sig"),
                   kind=b"signed; protocol=x"), "8bit-signed"),
        (multipart(part(b"application/pgp-encrypted", b"Version: 1"), part(b"application/octet-stream", GERMAN),
                   kind=b"encrypted; protocol=x"), "8bit-signed"),
        (b"DKIM-Signature: v=1\r\n" + message(), "8bit-signed"),
        (b"X-Note: Gr\xc3\xbc\xc3\x9fe\r\n" + message(), "8bit-header"),
        (message(Content_Transfer_Encoding="base64"), "8bit-unclear"),
    ],
    ids=["signed", "encrypted", "DKIM", "header", "labelled base64"],
)
def test_what_cannot_be_converted(desk, estafeta, content, figures):
    """A clear failure in our own words; the relay hears nothing of it, and other mail goes."""
    notifications = desk.notifications()
    relay = desk.practice()
    relay.lacks = {"8BITMIME"}
    desk.account(relay.start()).start()
    hand_in(estafeta, content)
    (mail,) = estafeta.wait_for_states("failed")
    assert (mail["reason"], mail["figures"]) == ("incapable", figures) and "reply" not in mail
    shown = notifications.wait_for("Not sent:", "It takes 7-bit text only")
    assert "server said" not in shown.body
    listed, note = estafeta.cli("list").output, estafeta.cli("show", "1").output
    assert "cannot take a message of this kind" in listed and "7-bit" in note and "Reply:" not in note
    hand_in(estafeta, message(body="hi\r\n"))
    relay.wait_for(1)
    assert len(relay.heard("MAIL")) == 1


def test_exim_of_seven_bits(desk, estafeta):
    """A real relay without 8BITMIME."""
    exim = desk.exim(options="accept_8bitmime = false").start()
    desk.account(exim).start()
    hand_in(estafeta, ALL, " BODY=8BITMIME")
    (arrived,) = exim.wait_for(1)
    assert arrived.isascii() and leaves(arrived)[:5] == leaves(ALL)[:5]
    estafeta.wait_for_states("sent")


@pytest.mark.memory
def test_fifty_mebibytes(desk, estafeta):
    """Neither walk needs memory for the message."""
    relay = desk.practice()
    relay.lacks = {"8BITMIME"}
    desk.account(relay).start()
    text = ("Grüße aus dem Süden = und von hier " + "y" * 50 + "\r\n").encode() * (50 * 1024 * 1024 // 92)
    idle = estafeta.resident()
    estafeta.reset_peak()
    hand_in(estafeta, HEADER + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text)
    relay.start()
    estafeta.send()
    (mail,) = relay.wait_for(1, limit=60)
    peak = estafeta.peak()
    print(f"KiB resident: idle {idle}, peak {peak}")
    assert quopri.decodestring(mail.content.split(b"\r\n\r\n", 1)[1]) == text
    assert peak - idle <= 8 * 1024


def test_one_address_beyond_ascii(desk, estafeta):
    """It concerns that one only, and nobody else said so."""
    notifications = desk.notifications()
    relay = desk.practice().start()
    desk.account(relay).start()
    hand_in(estafeta, message("Hello", body="hi\r\n"), " SMTPUTF8", ("jörg@bücher.example", "bob@example.net"))
    assert relay.wait_for(1)[0].recipients == ["bob@example.net"]
    (mail,) = estafeta.wait_for_states("failed")
    assert (mail["reason"], mail["figures"]) == ("incapable", "utf8-recipient")
    shown = notifications.wait_for("Not sent to everybody: Hello", "jörg@", "no recipient’s address", "1 other recipient")
    assert "server said" not in shown.body


# FUTURERELEASE.


def keeps(relay, seconds=86400, until=None):
    latest = until or datetime.now(timezone.utc) + timedelta(seconds=seconds)
    relay.extensions = [f"FUTURERELEASE {seconds} {latest:%Y-%m-%dT%H:%M:%SZ}"]
    return relay


def test_kept_by_the_provider(desk, estafeta):
    """Handed over at once; the person is told that it can no longer be stopped."""
    notifications = desk.notifications()
    relay = keeps(desk.practice()).start()
    desk.account(relay, future_release="yes").start()
    begun = time.time()
    hand_in(estafeta, mail=" HOLDFOR=7200", subject="Happy birthday")
    relay.wait_for(1)
    (mail,) = estafeta.wait_for_states("sent")
    assert begun + 7199 <= mail["kept-until"] <= time.time() + 7201
    (said,) = relay.heard("MAIL")
    until_then = datetime.fromtimestamp(mail["kept-until"], timezone.utc)
    asked = datetime.strptime(said.split("HOLDUNTIL=")[1].split()[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert timedelta(0) <= asked - until_then <= timedelta(seconds=1)
    notifications.wait_for("Handed over: Happy birthday", "bob@example.net", "can no longer be stopped")
    assert "no longer be stopped" in estafeta.cli("list").output
    note = estafeta.cli("show", "1").output
    assert "Kept until:" in note and "no longer be stopped" in note
    assert estafeta.cli("discard", "1", "--yes").code != 0
    hand_in(estafeta, mail=" HOLDUNTIL=" + f"{datetime.now(timezone.utc) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    hand_in(estafeta)
    relay.wait_for(3)
    assert ["HOLDUNTIL" in line for line in relay.heard("MAIL")] == [True, True, False]


def test_not_asked_for(desk, estafeta):
    """The settings do not say so: it waits here."""
    relay = keeps(desk.practice()).start()
    desk.account(relay).start()
    hand_in(estafeta, mail=" HOLDFOR=7200")
    hand_in(estafeta)
    relay.wait_for(1)
    assert estafeta.states() == ["waiting", "sent"] and "HOLD" not in relay.heard("MAIL")[0]


def test_not_offered(desk, estafeta):
    """Asked once, and not again with the next mail: both wait here, and what is due goes."""
    relay = desk.practice().start()
    desk.account(relay, future_release="yes").start()
    hand_in(estafeta, mail=" HOLDFOR=7200")
    until("the relay to be asked", lambda: len(relay.talks) == 1 and "QUIT" in relay.talks[0].commands)
    hand_in(estafeta, mail=" HOLDFOR=7200")
    estafeta.status()
    time.sleep(0.5)
    assert len(relay.talks) == 1 and estafeta.states() == ["waiting", "waiting"]
    assert "not before" in estafeta.cli("list").output
    hand_in(estafeta)
    relay.wait_for(1)
    assert len(relay.heard("MAIL")) == 1


def test_for_longer_than_it_keeps(desk, estafeta):
    """It waits here until the relay takes it: then it goes, still ahead of its time."""
    relay = keeps(desk.practice(), seconds=600, until=datetime.now(timezone.utc) + timedelta(days=2)).start()
    desk.account(relay, future_release="yes").start()
    hand_in(estafeta, mail=" HOLDFOR=606", subject="Soon enough")
    until("the relay to be asked", lambda: len(relay.talks) == 1 and "QUIT" in relay.talks[0].commands)
    assert relay.heard("MAIL") == [] and estafeta.states() == ["waiting"]
    relay.wait_for(1)
    assert "HOLDUNTIL" in relay.heard("MAIL")[0]
    assert estafeta.wait_for_states("sent")[0]["kept-until"] > time.time() + 500


def test_refused_after_all(desk, estafeta):
    """The relay does not take the parameter up: it waits here, is not offered again, and goes at its time."""
    relay = keeps(desk.practice()).start().on("mail", "501 5.5.4 not today", match="HOLD", times=-1)
    desk.account(relay, future_release="yes").start()
    begun = time.monotonic()
    hand_in(estafeta, mail=" HOLDFOR=6")
    until("it to be refused", lambda: len(estafeta.show(1)["attempts-made"]) == 1)
    (mail,) = estafeta.wait_for_states("waiting")
    assert "reason" not in mail and "kept-until" not in mail
    estafeta.restart()
    hand_in(estafeta)
    relay.wait_for(2)
    assert time.monotonic() - begun >= 5.9
    assert ["HOLD" in line for line in relay.heard("MAIL")] == [True, False, False]
    estafeta.wait_for_states("sent", "sent")


def test_discarded_before(desk, estafeta):
    """As long as the relay is away it is still here."""
    relay = keeps(desk.practice())
    desk.account(relay, future_release="yes").start()
    hand_in(estafeta, mail=" HOLDFOR=7200")
    estafeta.wait_for_pause("unreachable")
    assert estafeta.cli("discard", "1", "--yes").code == 0
    relay.start()
    hand_in(estafeta)
    relay.wait_for(1)
    assert estafeta.states() == ["discarded", "sent"]


def test_sent_by_hand(desk, estafeta):
    """Now is now."""
    relay = keeps(desk.practice())
    desk.account(relay, future_release="yes").start()
    hand_in(estafeta, mail=" HOLDFOR=7200")
    estafeta.wait_for_pause("unreachable")
    relay.start()
    assert estafeta.send(1).code == 0
    relay.wait_for(1)
    assert "HOLD" not in relay.heard("MAIL")[0]
    assert "kept-until" not in estafeta.wait_for_states("sent")[0]
