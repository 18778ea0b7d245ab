"""Who may hand mail in, and what is cut off at the first line."""

import os
import socket
import struct
import time

import pytest

from parts.mail import message
from parts.program import NOBODY, accepts, free_port, until
from parts.smtp import Smtp, hand_in, tls_hello

OTHER_CLIENT = """
import socket, sys
where = sys.argv[1]
link = socket.socket(socket.AF_UNIX) if where.startswith("/") else socket.socket()
link.settimeout(10)
try:
    link.connect(where if where.startswith("/") else ("127.0.0.1", int(where)))
    link.sendall(b"EHLO other\\r\\n")
    print(link.recv(1000).decode())
    print(link.recv(1000).decode())
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.root
def test_other_uid(desk, estafeta):
    """Another user's program gets 421 and the end, at the port; at the socket not even a
    way in."""
    desk.account(free_port()).start()
    where = {"port": str(estafeta.port), "socket": str(estafeta.submission_socket)}
    _, output, _ = desk.session.run(["/usr/bin/python3", "-c", OTHER_CLIENT, where["port"]], uid=NOBODY, cwd="/")
    assert output.startswith("421") and "250" not in output
    _, output, _ = desk.session.run(["/usr/bin/python3", "-c", OTHER_CLIENT, where["socket"]], uid=NOBODY, cwd="/")
    assert "PermissionError" in output
    code, _, _ = desk.session.run(
        ["swaks", "--server", "127.0.0.1", "--port", estafeta.port, "--from", "alice@example.org",
         "--to", "bob@example.net", "--helo", "localhost"], uid=NOBODY, cwd="/",
    )
    assert code != 0
    assert estafeta.list() == []
    # The owner is served as before.
    desk.hand_in()


@pytest.mark.root
def test_other_uid_at_the_bus_socket(desk, estafeta):
    """Not even by way of the private bus."""
    desk.account(free_port()).start()
    estafeta.bus_socket.parent.chmod(0o755)
    estafeta.bus_socket.parent.parent.chmod(0o755)
    estafeta.bus_socket.chmod(0o666)
    code, output, _ = desk.session.run(
        ["gdbus", "call", "--timeout", "5", "--address", f"unix:path={estafeta.bus_socket}",
         "--object-path", "/org/estafeta/Estafeta",
         "--method", "org.estafeta.Outbox1.GetStatus"], uid=NOBODY, cwd="/",
    )
    assert code != 0 and "version" not in output


def turn_attribute(number, value):
    return struct.pack(">HH", number, len(value)) + value + b"\0" * (-len(value) % 4)


def turn_allocate():
    """TURN's Allocate (RFC 8656 7.1) with a mail in all that a page may choose: USERNAME, REALM, SOFTWARE."""
    mail = b"\r\nEHLO x\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n\r\nx\r\n.\r\n"
    body = turn_attribute(0x19, b"\x06\0\0\0") + b"".join(turn_attribute(n, mail) for n in (0x06, 0x14, 0x8022))
    return struct.pack(">HHI12s", 3, len(body), 0x2112A442, b"transactions") + body


@pytest.mark.parametrize(
    "first",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nMAIL FROM:<alice@example.org>\r\n",
        b"POST /submit HTTP/1.1\r\nContent-Length: 90\r\n\r\nEHLO x\r\nMAIL FROM:<alice@example.org>\r\n",
        b"OPTIONS * HTTP/1.0\r\n\r\nEHLO x\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        tls_hello(),
        b"\x00\x01\x00\x08\x21\x12\xa4\x42 STUN\r\nEHLO x\r\n",
        turn_allocate(),
        # TURN's ChannelData (RFC 8656 12.4): its first octet is a printable one
        b"\x40\x00\x00\x08\r\nEHLO x\r\nMAIL FROM:<alice@example.org>\r\n",
        b"\xef\xbb\xbfEHLO x\r\n",
        b"EH\x07LO x\r\nEHLO x\r\n",
    ],
    ids=["GET", "POST", "OPTIONS", "HTTP/2", "TLS", "STUN", "TURN", "ChannelData", "UTF-8", "control"],
)
def test_other_protocols(desk, estafeta, first):
    """A web page or a stray program that talks to the port is cut off before it can get to
    a line that looks like SMTP."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        smtp.write(first)
        rest = b""
        try:
            rest = smtp.reader.read()
        except ConnectionResetError:
            pass
        assert b"250" not in rest and b"354" not in rest
        assert rest.count(b"\r\n") <= 1
    assert estafeta.list() == []
    desk.hand_in()


def test_unknown_command(desk, estafeta):
    """A word the daemon does not know is a 500, not the end: clients try things."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        assert smtp.greeting.startswith("220 ")
        assert smtp.ask("XCLIENT NAME=x").startswith("500")
        assert smtp.ask("FROB").startswith("500")
        assert smtp.ask("EHLO test").startswith("250")
        assert smtp.ask("MAIL FROM:<alice@example.org> FROB=1").startswith("555")
        assert smtp.ask("RCPT TO:<bob@example.net>").startswith("503")
        assert smtp.ask("DATA").startswith("503")
        assert smtp.ask("NOOP").startswith("250")
        assert smtp.ask("RSET").startswith("250")
        assert smtp.ask("VRFY bob").startswith("252")
        assert smtp.ask("QUIT").startswith("221")
        assert smtp.is_closed()


def test_greeting_and_offers(desk, estafeta):
    """What is offered can be done, and nothing tells the name of this machine."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        offers = smtp.ask("EHLO test")
        for offer in ("SIZE", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES"):
            assert offer in offers
        assert "STARTTLS" not in offers
        assert socket.gethostname() not in (smtp.greeting + offers).split()
        assert smtp.ask("HELO test").startswith("250 ")


def test_unix_socket(desk, estafeta):
    """The same at the socket in the runtime folder."""
    relay = desk.practice().start()
    desk.account(relay).start()
    content = message()
    assert hand_in(estafeta.submission_socket, content).startswith("250")
    assert [mail.content for mail in relay.wait_for(1)] == [content]


@pytest.mark.parametrize("owner", ["own", pytest.param("other", marks=pytest.mark.root)])
def test_port_taken(desk, estafeta, owner):
    """Somebody else holds the port: the Unix socket serves, and status says whose it is."""
    holder = desk.session.start(
        "holder",
        ["/usr/bin/python3", "-c",
         f"import socket, time; s = socket.create_server(('127.0.0.1', {estafeta.port})); time.sleep(60)"],
        uid=NOBODY if owner == "other" else None,
    )
    until("the holder", lambda: accepts(estafeta.port))
    notifications = desk.notifications()
    relay = desk.practice().start()
    desk.account(relay).start(wait=False)
    estafeta.wait_for_answers()
    uid = NOBODY if owner == "other" else os.getuid()
    assert estafeta.status()["port-taken"] == {f"127.0.0.1:{estafeta.port}": uid}
    assert any(where.startswith("unix:") for where in estafeta.status()["listening"])
    notifications.wait_for(str(estafeta.port))
    assert str(estafeta.port) in estafeta.cli("status").output

    content = message()
    assert hand_in(estafeta.submission_socket, content).startswith("250")
    assert relay.wait_for(1)[0].content == content
    assert holder.is_alive()


def test_too_many_conversations(desk, estafeta):
    """Over the bound a client hears 421 at once instead of waiting for ever."""
    estafeta.submission["connections"] = 4
    desk.account(free_port()).start()
    held = [Smtp(estafeta.port) for _ in range(4)]
    assert all(smtp.greeting.startswith("220") for smtp in held)
    with Smtp(estafeta.port) as smtp:
        assert smtp.greeting.startswith("421")
    held.pop().ask("QUIT")
    def served():
        with Smtp(estafeta.port) as smtp:
            return smtp.greeting.startswith("220")

    until("a free place", served)
    for smtp in held:
        smtp.close()


def test_a_slow_client_is_not_waited_for(desk, estafeta):
    """A deadline holds for the whole command, however the octets drip in."""
    estafeta.submission["command"] = 2
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        begin = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - begin < 10:
                smtp.write(b"E")
                time.sleep(0.2)
        assert time.monotonic() - begin < 6


def test_second_loopback_address(desk, estafeta):
    """Several listening addresses, IPv6 among them."""
    second = free_port()
    estafeta.submission["listen"] += f";[::1]:{second}"
    desk.account(free_port()).start()
    assert accepts(second, "::1")
    assert set(estafeta.submission["listen"].split(";")) <= set(estafeta.status()["listening"])
