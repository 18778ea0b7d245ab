"""Content that is not in lines (BINARYMIME): as it is to a relay that takes it, converted to
base64 for one that does not, and never to one that would read it as something else."""

import base64
import email
import email.policy
import time

import pytest

from parts.mail import large
from parts.program import until
from parts.smtp import Smtp
from parts.trace import saboteur

ANY = bytes(range(256)) + b"\r\n.\r\n\n.\n\r.\r\r\n--b\n--b" + bytes(range(255, -1, -1)) + b"\r\n\r"
HEADER = (
    b"Date: Mon, 02 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nFrom: alice@example.org\r\n"
    b"Subject:  kept\r\n as it  was \r\nMIME-Version: 1.0\r\n"
)
BINARY = b"Content-Transfer-Encoding: binary\r\n"
ATTACHMENT = b"Content-Type: application/octet-stream; name=\"any\"\r\n" + BINARY + b"\r\n"


def multipart(*parts, kind=b"mixed", outside=b""):
    """`outside` is what nobody shows: a preamble and an epilogue."""
    body = b"".join(b"\r\n--b\r\n" + part for part in parts)
    head = b"Content-Type: multipart/" + kind + b"; boundary=b\r\n" + BINARY
    return HEADER + head + b"\r\n" + outside + body + b"\r\n--b--\r\n" + outside


def hand_in_binary(where, content, chunk=1000, recipient="bob@example.net"):
    """The last answer."""
    with Smtp(where, limit=60) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org> BODY=BINARYMIME").startswith("250")
        assert smtp.ask(f"RCPT TO:<{recipient}>").startswith("250")
        while len(content) > chunk:
            smtp.write(b"BDAT %d\r\n" % chunk + content[:chunk])
            assert smtp.reply().startswith("250")
            content = content[chunk:]
        smtp.write(b"BDAT %d LAST\r\n" % len(content) + content)
        return smtp.reply()


def binary_relay(desk, **options):
    relay = desk.practice(**options)
    relay.extensions = ["CHUNKING", "BINARYMIME"]
    return relay


def leaves(content):
    """What another reader finds: the decoded octets of every part."""
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    return [part.get_payload(decode=True) for part in parsed.walk() if not part.is_multipart()]


def test_to_a_relay_that_takes_it(desk, estafeta):
    """The exact octets, declared as what they are; other mail on the same connection goes as ever."""
    relay = binary_relay(desk).start()
    desk.account(relay).start()
    content = multipart(ATTACHMENT + ANY * 1000)
    assert hand_in_binary(estafeta.port, content, chunk=100_000).startswith("250")
    plain = desk.hand_in()
    mails = relay.wait_for(2)
    assert sorted(mail.content for mail in mails) == sorted([content, plain])
    bodies = sorted(line.split()[-1] for line in relay.heard("MAIL"))
    assert bodies == ["BODY=8BITMIME", "BODY=BINARYMIME"]
    assert [line.endswith(" LAST") for line in relay.heard("BDAT")] == [False, False, True, True]
    assert relay.heard("DATA") == []


def test_to_a_real_relay_that_does_not(desk, estafeta):
    """Exim gets lines: the parts decode to the same octets, and all around them is as it was.
    The outbox keeps what was handed in, and gives it out."""
    exim = desk.exim()
    desk.account(exim).start()
    text = b"Content-Type: text/plain; charset=utf-8\r\n\r\n.\r\nwords \xc3\xa9  \r\n"
    within = b"Content-Type: message/rfc822\r\n" + BINARY + b"\r\nSubject: within\r\n" + ATTACHMENT + ANY
    content = multipart(text, ATTACHMENT + ANY, within, outside=b"outside  \r\n")
    assert hand_in_binary(estafeta.port, content).startswith("250")
    file = desk.session.folder / "exported"
    assert estafeta.cli("export", "1", str(file)).code == 0
    assert file.read_bytes() == content
    exim.start()
    estafeta.send()
    (arrived,) = exim.wait_for(1)
    assert leaves(arrived) == [text.split(b"\r\n\r\n", 1)[1], ANY, ANY]
    lines = arrived.split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line and len(line) < 999 for line in lines)
    assert HEADER in arrived and text in arrived and arrived.count(b"outside  \r\n") == 2
    labels = [line.split()[1] for line in lines if line.startswith(b"Content-Transfer-Encoding")]
    assert labels == [b"8bit", b"base64", b"8bit", b"base64"]


@pytest.mark.parametrize(
    "content, figures, status, words",
    [
        (multipart(ATTACHMENT + ANY, b"\r\nsignature", kind=b"signed"), "binary-signed", "5.6.3", "it is signed"),
        (b"DKIM-Signature: v=1\r\n" + multipart(ATTACHMENT + ANY), "binary-signed", "5.6.3", "it is signed"),
        (multipart(b"\r\nno label\n"), "binary-lines", "5.6.0", "CR or LF on its own"),
        (HEADER + b"\r\na\0b\r\n", "binary-lines", "5.6.0", "or a NUL"),
        (multipart(b"Content-Transfer-Encoding: base64\r\n" + BINARY + b"\r\na"), "binary-unclear", "5.6.0", "unclear"),
    ],
    ids=["signed", "DKIM", "not labelled", "NUL", "two labels"],
)
def test_what_cannot_be_converted(desk, estafeta, content, figures, status, words):
    """A clear failure with the content kept; the relay hears nothing of it."""
    relay = desk.practice().start()
    desk.account(relay).start()
    assert hand_in_binary(estafeta.port, content).startswith("250")
    (mail,) = estafeta.wait_for_states("failed")
    assert (mail["reason"], mail["figures"]) == ("incapable", figures) and "reply" not in mail
    (attempt,) = estafeta.show(1)["attempts-made"]
    assert attempt["detail"].startswith(status) and words in attempt["detail"]
    desk.hand_in()
    relay.wait_for(1)
    assert len(relay.heard("MAIL")) == 1


def test_signed_but_in_lines(desk, estafeta):
    """A client that says BINARYMIME of everything: what is lines already goes untouched."""
    relay = desk.practice().start()
    desk.account(relay).start()
    part = b"Content-Type: text/plain\r\n\r\nwords\r\n"
    content = multipart(part, part, kind=b"signed").replace(BINARY, b"")
    assert hand_in_binary(estafeta.port, content).startswith("250")
    assert relay.wait_for(1)[0].content == content
    assert "BODY" not in relay.heard("MAIL")[0]


def test_no_smuggling(desk, estafeta):
    """After DATA content must be lines, and its end is told by a dot: BINARYMIME never comes so."""
    relay = desk.practice()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        smtp.ask("MAIL FROM:<alice@example.org> BODY=BINARYMIME")
        smtp.ask("RCPT TO:<bob@example.net>")
        assert smtp.ask("DATA").startswith("503 5.5.1")
        assert smtp.ask("RSET").startswith("250")
        smtp.ask("MAIL FROM:<alice@example.org>")
        smtp.ask("RCPT TO:<bob@example.net>")
        smtp.write(b"BDAT 10 LAST\r\nA: b\r\n\r\na\n")
        assert smtp.reply().startswith("554 5.6.0")
    assert estafeta.states() == []


def test_import(desk, estafeta):
    """Import makes line ends alike, which would change a part that is not in lines: refused,
    not changed. Lines with either end, or both, are taken as ever."""
    desk.account(desk.practice()).start()
    content = multipart(ATTACHMENT + b"a\nb")
    to = ("import", "-", "--to", "bob@example.net")
    refused = estafeta.cli(*to, input=content)
    assert refused.code != 0 and "binary part" in refused.errors
    assert estafeta.cli(*to, input=content.replace(BINARY, b"")).code == 0
    assert estafeta.cli(*to, input=content.replace(b"\r\n", b"\n")).code == 0
    assert len(estafeta.list()) == 2


@pytest.mark.parametrize("answer, states", [("452 4.3.1 full", ["waiting"]), ("554 5.6.0 no", ["failed"])])
def test_a_chunk_that_is_refused(desk, estafeta, answer, states):
    """Nothing but what was under way already; RSET before the next mail, on the same connection."""
    relay = binary_relay(desk).on("chunk", answer)
    desk.account(relay).start()
    assert hand_in_binary(estafeta.port, multipart(ATTACHMENT + ANY * 1000)).startswith("250")
    plain = desk.hand_in(large(1))
    relay.start()
    estafeta.send()
    assert relay.wait_for(1)[0].content == plain
    estafeta.wait_for_states(*states, "sent")
    (talk,) = relay.talks
    verbs = [line.split()[0] for line in talk.commands]
    between = verbs[verbs.index("BDAT") : verbs.index("MAIL", verbs.index("BDAT"))]
    assert set(between[:-1]) == {"BDAT"} and len(between) <= 4 and between[-1] == "RSET"


def test_killed_between_the_mark_and_the_last_octet(desk, estafeta):
    """As after DATA: in doubt, sent once more by itself, there once."""
    relay = binary_relay(desk, security="none").start()
    desk.account(relay, security="none")
    estafeta.start()
    estafeta.stop()
    estafeta.prefix = saboteur("fdatasync:delay_exit=700000")
    estafeta.start()
    content = multipart(ATTACHMENT + ANY)
    assert hand_in_binary(estafeta.port, content).startswith("250")
    until("the content to come", lambda: relay.heard("BDAT"))
    time.sleep(0.35)
    estafeta.kill()
    assert relay.taken == []
    estafeta.prefix = []
    estafeta.start()
    assert relay.wait_for(1)[0].content == content
    estafeta.wait_for_states("sent")
    assert [attempt["reason"] for attempt in estafeta.show(1)["attempts-made"]] == ["uncertain", "none"]


def test_killed_between_the_last_octet_and_the_answer(desk, estafeta):
    """All of it is out: it goes once more, with the same octets."""
    relay = binary_relay(desk, security="none").start().on("final", "hang")
    desk.account(relay, security="none").start()
    content = multipart(ATTACHMENT + ANY)
    hand_in_binary(estafeta.port, content)
    until("all of it", lambda: len(relay.taken) == 1)
    estafeta.kill()
    estafeta.start()
    assert relay.wait_for(1)[0].content == content == relay.taken[0].content
    estafeta.wait_for_states("sent")
    assert estafeta.show(1)["attempts-made"][0]["reason"] == "uncertain"


@pytest.mark.memory
@pytest.mark.parametrize("takes", [True, False], ids=["as it is", "converted"])
def test_fifty_mebibytes(desk, estafeta, takes):
    """Neither way needs memory for the message."""
    relay = binary_relay(desk) if takes else desk.practice()
    desk.account(relay).start()
    idle = estafeta.resident()
    inner = ANY + large(50)
    content = multipart(ATTACHMENT + inner)
    estafeta.reset_peak()
    assert hand_in_binary(estafeta.port, content, chunk=10_000_000).startswith("250")
    relay.start()
    estafeta.send()
    (mail,) = relay.wait_for(1, limit=60)
    estafeta.wait_for_states("sent", limit=60)
    peak = estafeta.peak()
    print(f"KiB resident: idle {idle}, peak {peak}")
    if takes:
        assert mail.content == content
    else:
        encoded = mail.content.split(b"base64\r\n\r\n", 1)[1].split(b"\r\n--b--", 1)[0]
        assert base64.b64decode(encoded) == inner
    assert peak - idle <= 8 * 1024
