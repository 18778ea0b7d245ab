"""What becomes of a message on its way into the outbox."""

import socket

import pytest

from parts.mail import body, fields, message
from parts.program import free_port
from parts.smtp import Smtp, hand_in


@pytest.mark.parametrize(
    "content",
    [b"Subject: x\n\nbare LF\r\n", b"Subject: x\r\n\r\nbare\nLF\r\n", b"Subject: x\r\n\r\nbare\rCR\r\n",
     b"Subject: x\r\n\r\nend\n.\r\nMAIL FROM:<smuggled@example.org>\r\n"],
    ids=["header", "body", "CR", "smuggling"],
)
def test_bare_line_ends(desk, estafeta, content):
    """Line ends that the next server may read in another way are refused, and only
    CRLF.CRLF ends a message."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        smtp.envelope("alice@example.org", "bob@example.net")
        smtp.write(content + b".\r\n")
        answer = smtp.reply()
        assert answer.startswith("5"), answer
        smtp.socket.settimeout(0.3)
        try:
            assert smtp.reader.read(1) == b""
        except (TimeoutError, OSError):
            pass
    assert estafeta.list() == []


def test_unknown_sender(desk, estafeta):
    """A sender that no account owns is refused at MAIL FROM, with what to do about it."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        answer = smtp.ask("MAIL FROM:<stranger@example.com>")
        assert answer.startswith("550") and "estafeta account" in answer
        assert smtp.ask("MAIL FROM:<ALICE@Example.ORG>").startswith("250")


def test_known_senders_are_named(desk, estafeta):
    """Who is refused learns what would be taken: six of them, and that there are more."""
    addresses = [f"me{number}@example.org" for number in range(5)]
    desk.account(free_port(), addresses="; ".join(addresses))
    desk.account(free_port(), name="club", addresses="*@club.example; other@example.net").start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        answer = smtp.ask("MAIL FROM:<stranger@example.com>")
        assert ", ".join([*addresses, "*@club.example"]) + ", ..." in answer
        assert "other@example.net" not in answer


def test_long_and_foreign_senders_are_not_named(desk, estafeta):
    """The reply stays a line of SMTP, in ASCII."""
    long = ["a" * 60 + f"@{letter * 60}.{letter * 60}.{letter * 60}.example" for letter in "bcd"]
    desk.account(free_port(), addresses="; ".join(["jos\u00e9@example.org", *long])).start()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        answer = smtp.ask("MAIL FROM:<stranger@example.com>")
        assert f"but for: {long[0]}, ...;" in answer and len(answer) <= 512 and answer.isascii()


def test_whole_domain(desk, estafeta):
    """Any address of the domain goes its way, but for the one that another account has."""
    club, chair = desk.practice().start(), desk.practice().start()
    desk.account(club, name="club", addresses="*@club.example")
    desk.account(chair, name="chair", addresses="chair@club.example").start()
    desk.hand_in(message(sender="anybody@club.example"), sender="anybody@club.example")
    desk.hand_in(message(sender="chair@club.example"), sender="chair@club.example")
    assert [mail.sender for mail in club.wait_for(1)] == ["anybody@club.example"]
    assert [mail.sender for mail in chair.wait_for(1)] == ["chair@club.example"]
    estafeta.wait_for_states("sent", "sent")
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<a@below.club.example>").startswith("550")


def test_null_sender(desk, estafeta):
    """MAIL FROM:<> (receipts, bounces of mailing lists) is decided by the From field."""
    work, home = desk.practice().start(), desk.practice().start()
    desk.account(work, name="work", addresses="alice@work.example")
    desk.account(home, name="home").start()
    content = desk.hand_in(message(sender="alice@work.example"), sender="")
    (mail,) = work.wait_for(1)
    assert (mail.sender, mail.content) == ("", content)
    assert home.taken == []
    answer = hand_in(estafeta.port, message(sender="stranger@example.com"), sender="")
    assert answer.startswith("550") and "From" in answer
    estafeta.wait_for_states("sent")


def test_the_message_says_whose_it_is(desk, estafeta):
    """Envelope and From name two accounts, or a tag, or a machine: the rule of estafeta.conf(5)."""
    work, home = desk.practice().start(), desk.practice().start()
    desk.account(work, name="work", addresses="alice@work.example")
    desk.account(home, name="home").start()
    for author, sender, relay, leaves_as in [
        ("alice@work.example", "alice@example.org", work, "alice@work.example"),
        ("boss@else.example", "alice@example.org", home, "alice@example.org"),
        ("alice@example.org", "alice+list@example.org", home, "alice+list@example.org"),
    ]:
        count = len(relay.taken)
        content = desk.hand_in(message(sender=author), sender=sender)
        mail = relay.wait_for(count + 1)[-1]
        assert (mail.sender, mail.content) == (leaves_as, content)
    estafeta.wait_for_states("sent", "sent", "sent")

    # Handed in as a file, nothing but the message says it.
    file = desk.session.folder / "letter.eml"
    file.write_bytes(message(sender="alice@work.example"))
    assert estafeta.cli("import", str(file)).code == 0
    assert work.wait_for(2)[-1].sender == "alice@work.example"


def test_completion(desk, estafeta):
    """Date and Message-ID are added where missing, Bcc is taken out, the rest stays; the name
    of this machine is nowhere in what leaves."""
    relay = desk.practice().start()
    desk.account(relay).start()
    bare = message(
        Date=None, Message_ID=None, Bcc="Secret <secret@example.net>,\r\n other@example.net", Cc="c@example.net"
    ).replace(b"Bcc:", b"bCC :")
    desk.hand_in(bare, recipients=("bob@example.net", "secret@example.net"))
    (mail,) = relay.wait_for(1)
    assert mail.recipients == ["bob@example.net", "secret@example.net"]
    (date,), (id,) = fields(mail.content, "date"), fields(mail.content, "message-id")
    assert date.split()[-1][0] in "+-" and len(date.split()[-1]) == 5
    assert id.startswith("<") and id.endswith("@example.org>")
    assert fields(mail.content, "bcc") == [] and b"secret" not in mail.content and b"other@" not in mail.content
    assert fields(mail.content, "cc") == ["c@example.net"]
    assert fields(mail.content, "received") == []
    assert body(mail.content) == body(bare)
    host = socket.gethostname().encode()
    if len(host) > 3:
        assert host not in mail.content
    assert not any(host.decode() in line.split() for line in relay.talks[0].commands)


def test_a_complete_mail_stays_as_it_is(desk, estafeta):
    relay = desk.practice().start()
    desk.account(relay).start()
    content = desk.hand_in()
    assert relay.wait_for(1)[0].content == content


def test_size(desk, estafeta):
    """Too large is said at MAIL FROM if the client tells its size, else at the end."""
    estafeta.submission["size"] = 100000
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        assert "SIZE 100000" in smtp.ask("EHLO test")
        assert smtp.ask("MAIL FROM:<alice@example.org> SIZE=100001").startswith("552")
        assert smtp.ask("MAIL FROM:<alice@example.org> SIZE=99999").startswith("250")
    with Smtp(estafeta.port) as smtp:
        smtp.envelope("alice@example.org", "bob@example.net")
        assert smtp.content(message(body="x" * 90 + "\r\n") + b"y" * 90 + b"\r\n" + (b"z" * 98 + b"\r\n") * 1200).startswith("552")
        assert smtp.ask("NOOP").startswith("250")
    assert estafeta.list() == []


def test_too_many_recipients(desk, estafeta):
    estafeta.submission["recipients"] = 3
    relay = desk.practice().start()
    desk.account(relay).start()
    content = message()
    with Smtp(estafeta.port) as smtp:
        smtp.envelope("alice@example.org", *[f"r{n}@example.net" for n in range(3)])
        smtp.content(content)
        smtp.ask("MAIL FROM:<alice@example.org>")
        answers = [smtp.ask(f"RCPT TO:<r{n}@example.net>")[:3] for n in range(4)]
        assert answers == ["250", "250", "250", "452"]
    assert len(relay.wait_for(1)[0].recipients) == 3


def test_pipelining(desk, estafeta):
    """Everything in one flight, several mails on one connection."""
    relay = desk.practice().start()
    desk.account(relay).start()
    contents = [message(f"Flight {n}") for n in range(3)]
    with Smtp(estafeta.port) as smtp:
        assert smtp.ask("EHLO test").startswith("250")
        for content in contents:
            smtp.write(
                b"MAIL FROM:<alice@example.org> BODY=8BITMIME\r\nRCPT TO:<bob@example.net>\r\n"
                b"RCPT TO:<not an address>\r\nDATA\r\n"
            )
            answers = [smtp.reply()[:3] for _ in range(4)]
            assert answers[0] == answers[1] == "250" and answers[2][0] == "5" and answers[3] == "354"
            assert smtp.content(content).startswith("250")
    mails = relay.wait_for(3)
    assert sorted(mail.content for mail in mails) == sorted(contents)


def test_many_recipients(desk, estafeta):
    """A thousand recipients arrive, a hundred in each transaction, whatever the buffers hold."""
    relay = desk.practice().start()
    desk.account(relay).start()
    recipients = [f"somebody-number-{n}@example.net" for n in range(1000)]
    content = message()
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        smtp.ask("MAIL FROM:<alice@example.org>")
        for recipient in recipients:
            assert smtp.ask(f"RCPT TO:<{recipient}>").startswith("250")
        smtp.ask("DATA")
        assert smtp.content(content).startswith("250")
    mails = relay.wait_for(10)
    assert [recipient for mail in mails for recipient in mail.recipients] == recipients
    assert max(len(mail.recipients) for mail in mails) == 100
    estafeta.wait_for_states("sent")


def test_nothing_at_all(desk, estafeta):
    """A message without a single octet is still a message, and gets what it lacks."""
    relay = desk.practice().start()
    desk.account(relay).start()
    answer = hand_in(estafeta.port, b"")
    assert answer.startswith("250")
    (mail,) = relay.wait_for(1)
    assert len(fields(mail.content, "date")) == len(fields(mail.content, "message-id")) == 1
