"""An SMTP client that says exactly what it is told, for what no decent client would say."""

import socket
import ssl


class Smtp:
    """On a TCP port or a Unix socket; reads the greeting at once, into `greeting`. With an SSL
    context as `tls`, TLS begins before it."""

    def __init__(self, where, limit=20.0, tls=None):
        if isinstance(where, int):
            self.socket = socket.create_connection(("127.0.0.1", where), limit)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(limit)
            self.socket.connect(str(where))
        self.reader = self.socket.makefile("rb")
        if tls:
            self.secure(tls)
        self.greeting = self.reply()
        if not self.greeting:
            self.close()
            raise ConnectionError("no greeting")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.reader.close()
        self.socket.close()

    def secure(self, context, name="localhost"):
        """The handshake, and everything inside from now on."""
        self.reader.close()
        self.socket = context.wrap_socket(self.socket, server_hostname=name)
        self.reader = self.socket.makefile("rb")

    def write(self, octets):
        self.socket.sendall(octets)

    def reply(self):
        """All lines of one reply, "" when the other side has closed."""
        text = ""
        while True:
            try:
                line = self.reader.readline().decode(errors="replace")
            except ConnectionResetError:
                line = ""
            if not line:
                return ""
            text += line
            if line[3:4] != "-":
                return text.rstrip()

    def ask(self, command):
        self.write(command.encode() + b"\r\n")
        return self.reply()

    def is_closed(self):
        """Nothing but the end comes any more."""
        try:
            return self.reader.read() == b""
        except ConnectionResetError:
            return True

    def envelope(self, sender, *recipients):
        """Until the 354."""
        assert self.ask("EHLO test").startswith("250")
        answer = self.ask(f"MAIL FROM:<{sender}>")
        assert answer.startswith("250"), answer
        for recipient in recipients:
            answer = self.ask(f"RCPT TO:<{recipient}>")
            assert answer.startswith("250"), answer
        answer = self.ask("DATA")
        assert answer.startswith("354"), answer

    def content(self, octets):
        """A whole message with CRLF line ends, and the answer to its dot."""
        if octets.startswith(b"."):
            octets = b"." + octets
        self.write(octets.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return self.reply()


def hand_in(where, content, sender="alice@example.org", recipients=("bob@example.net",)):
    """One mail; the daemon's last answer."""
    with Smtp(where) as smtp:
        smtp.envelope(sender, *recipients)
        answer = smtp.content(content)
        smtp.ask("QUIT")
        return answer


def everything(link, limit=10.0):
    """All that comes until the other side closes."""
    link.settimeout(limit)
    heard = b""
    try:
        while piece := link.recv(65536):
            heard += piece
    except (ConnectionResetError, ssl.SSLError):
        pass
    return heard


def tls_hello():
    """The first octets of a client that begins TLS."""
    outgoing = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()
