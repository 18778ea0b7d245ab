"""What a client may ask for by the extensions of SMTP, from its words to the relay's ears."""

import time

from parts.mail import message
from parts.program import free_port
from parts.smtp import Smtp

CONTENT = message("Asked for")


def begin(smtp, mail="", rcpt="", sender="alice@example.org", recipient="bob@example.net"):
    smtp.ask("EHLO test")
    assert smtp.ask(f"MAIL FROM:<{sender}>{mail}").startswith("250")
    assert smtp.ask(f"RCPT TO:<{recipient}>{rcpt}").startswith("250")


def finish(smtp, content=CONTENT):
    assert smtp.ask("DATA").startswith("354")
    smtp.write(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return smtp.reply()


def said(relay, verb):
    return [line for talk in relay.talks for line in talk.commands if line.startswith(verb)]


def test_offers(desk, estafeta):
    """What is offered, and nothing that would be a lie on this connection."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        words = [line[4:] for line in smtp.ask("EHLO test").splitlines()]
    for word in ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING", "BINARYMIME", "SMTPUTF8", "DSN",
                 "DELIVERBY", "MT-PRIORITY", "LIMITS RCPTMAX=2000", "HELP"):
        assert word in words, words
    (future,) = [word for word in words if word.startswith("FUTURERELEASE")]
    _, interval, until = future.split()
    assert int(interval) == 366 * 86400 and until.endswith("Z")
    assert "REQUIRETLS" not in words


def test_passed_on(desk, estafeta):
    """A relay that knows them hears them, as they were said; what time is left is counted down."""
    relay = desk.practice()
    relay.extensions = ["DSN", "DELIVERBY", "MT-PRIORITY", "SMTPUTF8"]
    relay.start()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp, " RET=HDRS ENVID=a+2Bb MT-PRIORITY=4 BY=600;R AUTH=<> BODY=8BITMIME",
              " NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@example.net")
        assert finish(smtp).startswith("250")
    relay.wait_for(1)
    (mail,), (rcpt,) = said(relay, "MAIL"), said(relay, "RCPT")
    words = mail.split()
    assert "RET=HDRS" in words and "ENVID=a+2Bb" in words and "MT-PRIORITY=4" in words
    (by,) = [word for word in words if word.startswith("BY=")]
    assert 580 <= int(by[3:-2]) <= 600 and by.endswith(";R")
    assert "AUTH=<>" not in words
    assert rcpt.endswith(" NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@example.net")


def test_left_out(desk, estafeta):
    """A relay that does not know them gets the mail all the same, but not what must be returned when late."""
    relay = desk.practice().start()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp, " RET=HDRS ENVID=x MT-PRIORITY=4 BY=600;N SMTPUTF8", " NOTIFY=DELAY")
        assert finish(smtp).startswith("250")
        relay.wait_for(1)
        begin(smtp, " BY=600;R")
        assert finish(smtp).startswith("250")
    estafeta.wait_for_states("sent", "failed")
    keys = [word.split("=")[0] for word in said(relay, "MAIL")[0].split()[2:]]
    assert keys == ["SIZE", "BODY"]
    assert said(relay, "RCPT") == ["RCPT TO:<bob@example.net>"]
    assert (estafeta.list()[1]["reason"], estafeta.list()[1]["figures"]) == ("incapable", "deliver-by")


def test_international(desk, estafeta):
    """An address beyond ASCII reaches a relay with SMTPUTF8; without it, only that recipient fails."""
    relay = desk.practice()
    relay.extensions = ["SMTPUTF8"]
    relay.start()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp, " SMTPUTF8", recipient="jörg@bücher.example")
        assert finish(smtp).startswith("250")
    assert relay.wait_for(1)[0].recipients == ["jörg@bücher.example"]
    assert said(relay, "MAIL")[0].endswith(" SMTPUTF8")
    relay.stop()  # what it offers holds for a connection
    relay.extensions = []
    relay.start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp, " SMTPUTF8", recipient="jörg@bücher.example")
        assert smtp.ask("RCPT TO:<bob@example.net>").startswith("250")
        assert finish(smtp).startswith("250")
    assert relay.wait_for(2)[1].recipients == ["bob@example.net"]
    estafeta.wait_for_states("sent", "failed")


def test_chunks(desk, estafeta):
    """Content by BDAT, pipelined whole, arrives as it was; what was not ended is not there."""
    relay = desk.practice().start()
    desk.account(relay).start()
    envelope = b"EHLO test\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\n"
    content = CONTENT + b".\r\n..\r\n" + b"x" * 100_000 + b"\r\n"
    with Smtp(estafeta.port) as smtp:
        smtp.write(envelope + b"BDAT %d\r\n" % 70_001 + content[:70_001])
        smtp.write(b"BDAT %d LAST\r\n" % (len(content) - 70_001) + content[70_001:] + b"QUIT\r\n")
        assert [smtp.reply()[:3] for _ in range(6)] == ["250", "250", "250", "250", "250", "221"]
    assert relay.wait_for(1)[0].content.endswith(content[-100_100:])
    with Smtp(estafeta.port) as smtp:
        smtp.write(envelope + b"BDAT %d LAST\r\n" % len(content) + content[:-1])
        [smtp.reply() for _ in range(3)]
    time.sleep(0.3)
    assert estafeta.states() == ["sent"]


def test_later(desk, estafeta):
    """FUTURERELEASE: it waits until its time, also for a daemon that was killed in between."""
    relay = desk.practice().start()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp, " HOLDFOR=3")
        begun = time.monotonic()
        assert finish(smtp).startswith("250")
    estafeta.kill()
    estafeta.start()
    assert estafeta.states() == ["waiting"] and estafeta.list()[0]["due"] > 0
    relay.wait_for(1)
    assert time.monotonic() - begun >= 2.9


def test_urgent_first(desk, estafeta):
    """MT-PRIORITY orders what waits; equals keep their order."""
    relay = desk.practice().start()
    desk.account(relay).start()
    assert estafeta.cli("pause").code == 0
    with Smtp(estafeta.port) as smtp:
        for priority in (0, -3, 5, 0, 9):
            begin(smtp, f" MT-PRIORITY={priority}", recipient=f"p{priority}@example.net")
            assert finish(smtp).startswith("250")
    assert estafeta.cli("resume").code == 0
    order = [mail.recipients[0] for mail in relay.wait_for(5)]
    assert order == [f"p{priority}@example.net" for priority in (9, 5, 0, 0, -3)]


def test_said_for_the_client(desk, estafeta):
    """Eight bits that were not announced are announced to the relay; long lines stay as they are."""
    relay = desk.practice().start()
    desk.account(relay).start()
    content = b"Subject: x\r\n\r\n\xe4\xf6\xfc\r\n" + b"y" * 5000 + b"\r\nno end of line"
    with Smtp(estafeta.port) as smtp:
        smtp.write(b"EHLO test\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\n"
                   b"BDAT %d LAST\r\n" % len(content) + content)
        assert [smtp.reply()[:3] for _ in range(4)] == ["250"] * 4
    (mail,) = relay.wait_for(1)
    assert said(relay, "MAIL")[0].endswith(" BODY=8BITMIME")
    assert mail.content.endswith(content.split(b"\r\n\r\n")[1] + b"\r\n")


def test_many_recipients(desk, estafeta):
    """Two thousand in one message, and one more is put off; a relay that takes as many at once gets them so."""
    relay = desk.practice()
    relay.extensions = ["LIMITS RCPTMAX=2000"]
    relay.start()
    desk.account(relay).start()
    with Smtp(estafeta.port) as smtp:
        begin(smtp)
        smtp.write(b"".join(b"RCPT TO:<r%d@example.net>\r\n" % number for number in range(2000)))
        answers = [smtp.reply()[:3] for _ in range(2000)]
        assert answers == ["250"] * 1999 + ["452"]
        assert finish(smtp).startswith("250")
    assert len(relay.wait_for(1)[0].recipients) == 2000
