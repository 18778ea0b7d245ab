"""Clients that mean no good, or do not know better: nothing of theirs becomes mail, and nobody else is kept waiting."""

import os
import signal
import socket
import struct
import threading
import time

import pytest

from parts.mail import message
from parts.program import free_port, until
from parts.smtp import Smtp, everything, hand_in

ENVELOPE = [b"EHLO test\r\n", b"MAIL FROM:<alice@example.org>\r\n", b"RCPT TO:<bob@example.net>\r\n"]
CONTENT = b"From: alice@example.org\r\nSubject: x\r\n\r\nhello\r\n"
PERFECT = b"".join(ENVELOPE) + b"DATA\r\n" + CONTENT + b".\r\nQUIT\r\n"


@pytest.fixture
def shut(desk, estafeta):
    """A daemon whose relay is not there: whatever was taken is in its list."""
    desk.account(free_port()).start()
    yield estafeta
    assert hand_in(estafeta.port, message("Still served")).startswith("250")


def connect(estafeta):
    link = socket.create_connection(("127.0.0.1", estafeta.port), 10)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def threads(estafeta):
    return len(os.listdir(f"/proc/{estafeta.program.pid}/task")), len(os.listdir(f"/proc/{estafeta.program.pid}/fd"))


def reset(link):
    """Closed with a RST, as a crashed program's connection is."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


ENDS = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n\0.\r\n", b"\r\n.\0\r\n",
        b"\r\n.\r\r\n", b"\r\n.\n\r\n"]
TRUE_ENDS = [b"\r\r\n.\r\n", b"\n\r\n.\r\n", b"\0\r\n.\r\n"]


@pytest.mark.parametrize("end", ENDS, ids=[repr(end)[2:-1] for end in ENDS])
@pytest.mark.parametrize("split", [False, True], ids=["whole", "octet by octet"])
def test_smuggling(shut, end, split):
    """However an end of data is written that is none, or one with something strange around it: what
    stands behind it never becomes a mail of its own, and the whole is refused."""
    with Smtp(shut.port) as smtp:
        for line in [*ENVELOPE, b"DATA\r\n"]:
            assert smtp.ask(line.decode().rstrip())[0] in "23"
        octets = CONTENT + b"x" + end + b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<eve@example.net>\r\nDATA\r\n" + CONTENT + b".\r\n"
        for piece in [octets[at : at + 1] for at in range(len(octets))] if split else [octets]:
            smtp.write(piece)
        assert smtp.reply().startswith("554")
        assert smtp.ask("QUIT")
    assert not [mail for mail in shut.list() if "eve@example.net" in mail["recipients"]]
    assert shut.list() == []


@pytest.mark.parametrize("end", TRUE_ENDS, ids=[repr(end)[2:-1] for end in TRUE_ENDS])
def test_true_ends(shut, end):
    """A message that is refused still ends at CRLF.CRLF, and nowhere else: what stands behind it are
    commands, as every server on the way would say."""
    with Smtp(shut.port) as smtp:
        for line in [*ENVELOPE, b"DATA\r\n"]:
            assert smtp.ask(line.decode().rstrip())[0] in "23"
        smtp.write(CONTENT + b"x" + end + b"NOOP\r\nQUIT\r\n")
        assert [smtp.reply()[:3] for _ in range(3)] == ["554", "250", "221"]
    assert shut.list() == []


def test_nothing_bare_leaves(desk, estafeta):
    """Out: every CR and LF that a relay gets is one of a pair, whatever the content looked like."""
    relay = desk.practice().start()
    desk.account(relay).start()
    for body in ("\r\n..\r\n.a\r\n\r\n\r\n..\r\n", "a\r\n" * 5000, "." * 990 + "\r\n"):
        hand_in(estafeta.port, message(body=body))
    for mail in relay.wait_for(3):
        assert b"\r" not in mail.content.replace(b"\r\n", b"") and b"\n" not in mail.content.replace(b"\r\n", b"")


def test_blind_dialogue(shut):
    """Who speaks before the greeting does not listen."""
    for first in (PERFECT, b"EHLO test\r\n", b"\r\n", b"x"):
        os.kill(shut.program.pid, signal.SIGSTOP)  # it cannot greet before the words are there
        link = connect(shut)
        link.sendall(first)
        time.sleep(0.05)
        os.kill(shut.program.pid, signal.SIGCONT)
        heard = everything(link)
        assert heard == b"" or heard.startswith(b"554 "), heard
        link.close()
    assert shut.list() == []
    assert "spoke before the greeting" in shut.log()


def test_pipelined_content(shut):
    """DATA must be the last of a group: what was sent behind it is content, never commands."""
    with Smtp(shut.port) as smtp:
        smtp.write(PERFECT)
        heard = [smtp.reply()[:3] for _ in range(6)]
    assert heard == ["250", "250", "250", "354", "250", "221"]
    assert len(shut.list()) == 1


@pytest.mark.parametrize("line", [
    b"NOOP " + b"x" * 1_000_000, b"RCPT TO:<" + b"a" * 5000 + b"@example.net>", b"MAIL FROM:<" + b"(" * 100_000,
    b"A" * 70_000, b"\0" * 5000,
])
def test_overlong_lines(shut, line):
    """Too long: said so once, and the rest of the line is not read as commands."""
    with Smtp(shut.port) as smtp:
        smtp.ask("EHLO test")
        smtp.write(line + b"\r\nNOOP\r\n")
        assert smtp.reply().startswith("5")
        assert smtp.reply().startswith("250")
    assert shut.list() == []


@pytest.mark.parametrize("line", [
    b"NOOP \x01", b"MAIL FROM:<a\0@b>", b"RCPT TO:<\x7f@b>", b"EHLO \x1b[31m", b"MAIL FROM:<alice@example.org>\rRSET",
    b"MAIL FROM:<alice@example.org> X=\xff", b"\xff\xfe", b"VRFY <script>alert(1)</script>",
    b"<img src=x onerror=alert(1)>", b"HELP \xe2\x80\xae", b"MAIL FROM:<\"><script>\"@b>", b"RCPT TO:<\xc3\x28@b>",
])
def test_nothing_is_echoed(shut, line):
    """Replies hold none of a stranger's words, no markup and no control characters."""
    with Smtp(shut.port) as smtp:
        smtp.ask("EHLO test")
        smtp.write(line + b"\r\n")
        reply = smtp.reply()
        assert reply[0] in "25" and reply.replace("\r\n", "").isprintable() and reply.isascii(), reply
        assert not set(reply) & set("<>\"&") or "<address>" in reply
        assert "script" not in reply and "onerror" not in reply and "31m" not in reply


def test_endless_nonsense(shut):
    """Somebody who never says anything sensible is given up."""
    with Smtp(shut.port) as smtp:
        smtp.write(b"BURP\r\n" * 1000)
        for _ in range(100):
            if not smtp.reply():
                break
        else:
            pytest.fail("it goes on for ever")


def test_endless_content(desk, estafeta):
    """More than is taken is read, thrown away and refused; memory does not grow with it."""
    estafeta.submission["size"] = 100000
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        for line in [*ENVELOPE, b"DATA\r\n"]:
            smtp.ask(line.decode().rstrip())
        for _ in range(1000):
            smtp.write(b"y" * 998 + b"\r\n")
        smtp.write(b".\r\n")
        assert smtp.reply().startswith("552")
        assert smtp.ask("NOOP").startswith("250")
    assert estafeta.list() == []


STAGES = [PERFECT[:at] for at in
          (0, 4, len(b"".join(ENVELOPE[:1])), len(b"".join(ENVELOPE[:2])), len(b"".join(ENVELOPE)),
           len(b"".join(ENVELOPE)) + 6, len(PERFECT) - 12, len(PERFECT) - 9, len(PERFECT) - 8, len(PERFECT) - 7)]
CHUNKED = b"".join(ENVELOPE) + b"BDAT %d LAST\r\n" % len(CONTENT) + CONTENT
STAGES += [CHUNKED[:-1], CHUNKED[:-len(CONTENT)], CHUNKED.replace(b" LAST", b"")]


@pytest.mark.parametrize("end", [reset, socket.socket.close, lambda link: link.shutdown(socket.SHUT_WR)],
                         ids=["reset", "closed", "half-closed"])
def test_gone_at_every_stage(shut, end):
    """Whoever goes before the end has handed nothing in, and leaves nothing behind."""
    before = threads(shut)
    kept = []
    for said in STAGES:
        link = connect(shut)
        link.recv(1000)
        link.sendall(said)
        end(link)
        kept.append(link)
    until("no thread and no file to be left", lambda: threads(shut)[0] <= before[0] + 1)
    for link in kept:
        link.close()
    until("no file to be left", lambda: threads(shut)[1] <= before[1] + 1)
    assert shut.list() == []


def test_slow_drips(desk, estafeta):
    """An octet now and then does not stretch a deadline, of a command or of a message's content."""
    estafeta.submission.update(command=1, data=1)
    desk.account(free_port()).start()
    for said, drop in (([], b"N"), ([*ENVELOPE, b"DATA\r\n"], b"x"), ([*ENVELOPE, b"BDAT 500 LAST\r\n"], b"x")):
        link = connect(estafeta)
        link.recv(1000)
        for line in said:
            link.sendall(line)
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < 10:
                link.sendall(drop)
                time.sleep(0.2)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert time.monotonic() - begun < 6, said
        link.close()
    assert estafeta.list() == []


def test_two_hundred_at_once(shut):
    """Each is greeted or told to come again; when they are gone the place is free."""
    links = [connect(shut) for _ in range(200)]
    first = [link.recv(3) for link in links]
    assert first.count(b"220") == 64 and first.count(b"421") == 136
    for link in links:
        link.close()
    until("a place to be free", lambda: hand_in(shut.port, message()).startswith("250"))


def test_thousands_of_short_ones(shut):
    """Come and gone at once, by several at a time, with and without a word."""
    before = threads(shut)
    words = [b"", b"\r\n", b"QUIT\r\n", b"GET / HTTP/1.0\r\n\r\n"]

    def come_and_go():
        for number in range(500):
            link = connect(shut)
            link.sendall(words[number % len(words)])
            (reset if number % 3 else socket.socket.close)(link)

    workers = [threading.Thread(target=come_and_go) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    until("nothing to be left of them", lambda: threads(shut)[0] <= before[0] + 2 and threads(shut)[1] <= before[1] + 2)
    assert shut.list() == []
