"""A relay whose faults are told octet by octet: what no real server does on request, and what only
a broken or hostile one does at all.

on() takes, besides the words of the practice relay, Octets, and deeds: functions of the
conversation that do something and return what is to be said, or None for the usual answer."""

import base64
import itertools
import select
import socket
import ssl
import struct
import threading
import time
import warnings

from parts.practice_relay import Conversation, Dropped, Fault, PracticeRelay

OFFERS = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
CHUNKS = ("CHUNKING", "BINARYMIME")
STEPWISE = ("8BITMIME", "ENHANCEDSTATUSCODES")


class Octets(str):
    """Said as it is (one character, one octet): no CRLF is added."""


class Slowly(Octets):
    """The same, every octet a packet of its own."""


class Held(Octets):
    """Kept back, and said in one piece with what is said next."""


class ScriptedRelay(PracticeRelay):
    """What on() says stays so until mend(), which makes a decent relay of it."""

    def __init__(self, certificates, certificate="good", security="none", offers=OFFERS, up=True, **options):
        pair = None if security == "none" else certificates.pair(certificate)
        super().__init__(pair, security, **options)
        self.certificates = certificates
        self.offers = list(offers)
        self.up = up
        self.most_recipients = None
        self.decent = {"security": security, "size": self.size, "users": self.users, "mechanisms": self.mechanisms}

    def on(self, stage, answer, match="", times=-1):
        with self._lock:
            self.faults.append(Fault(stage, answer, match, times))
        return self

    def only(self, oldest, newest):
        """Speaks these versions of TLS only, however bad."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self._context.minimum_version, self._context.maximum_version = oldest, newest
        self._context.set_ciphers("ALL:@SECLEVEL=0")
        return self

    def mend(self):
        self.forgive()
        self.most_recipients = None
        for name, value in self.decent.items():
            setattr(self, name, value)
        if self.security != "none":
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*map(str, self.certificates.pair("good")))
        if not self.up:
            self.up = True
            self.start()

    def begin(self):
        """start(), unless nobody is to be there."""
        return self.start() if self.up else self

    def converse(self, connection, talk):
        return ScriptedConversation(self, connection, talk)


class ScriptedConversation(Conversation):
    kept_back = b""

    def _misbehave(self, stage, text=""):
        answer = super()._misbehave(stage, text)
        return answer(self) if callable(answer) else answer

    def _write(self, *lines):
        text = lines[0] if isinstance(lines[0], Octets) else "".join(line + "\r\n" for line in lines)
        octets, self.kept_back = self.kept_back + text.encode("latin-1"), b""
        if isinstance(text, Held):
            self.kept_back = octets
        elif isinstance(text, Slowly):
            for octet in octets:
                self.link.sendall(bytes([octet]))
                time.sleep(0.001)
        else:
            self.link.sendall(octets)

    def close(self):
        if self.reader:
            self.reader.close()
        super().close()

    def _on_ehlo(self, text):
        offers = [*self.relay.offers, f"SIZE {self.relay.size}", *self.relay.extensions]
        if self.relay.security == "starttls" and not self.talk.tls:
            offers.append("STARTTLS")
        if self.relay.security == "none" or self.talk.tls:
            offers.append("AUTH " + self.relay.mechanisms)
        lines = ["scripted.test", *offers]
        self._say("ehlo", *[f"250-{line}" for line in lines[:-1]], f"250 {lines[-1]}", text=text)

    def _on_rcpt(self, text):
        most = self.relay.most_recipients
        if most is not None and len(self.recipients) >= most:
            self._write("452 4.5.3 too many recipients")
        else:
            super()._on_rcpt(text)

    def _on_bdat(self, text):
        self._misbehave("body", text)
        super()._on_bdat(text)

    def _on_rset(self, text):
        if self._say("rset", "250 2.0.0 ok", text=text):
            self._forget()


# Deeds.


def reset(talk):
    """A reset instead of an end."""
    talk.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Dropped


def listen(talk):
    """Says nothing, and reads until the other side has closed."""
    talk.link.settimeout(60)
    while talk.link.recv(65536):
        pass
    raise Dropped


def ignore(talk):
    """Does not even read any more, until the other side has closed."""
    poll = select.poll()
    poll.register(talk.link, select.POLLRDHUP)
    poll.poll(60_000)
    raise Dropped


def half_close(talk):
    """Can say no more, and goes on listening."""
    talk.link.shutdown(socket.SHUT_WR)
    listen(talk)


def farewell(talk):
    """Ends TLS as it should be ended, and then the connection."""
    talk.link.unwrap()
    raise Dropped


def partly(text, end=None):
    """The beginning of an answer, and then the end of everything (or another deed)."""

    def deed(talk):
        talk._write(Octets(text))
        if end:
            return end(talk)
        raise Dropped

    return deed


def drip(text, more="x"):
    """Octet by octet, just fast enough never to be silent, without end."""

    def deed(talk):
        for character in itertools.chain(text, itertools.cycle(more)):
            talk.link.sendall(character.encode("latin-1"))
            time.sleep(0.05)

    return deed


def flood(text):
    """As fast as it can, without end."""

    def deed(talk):
        while True:
            talk.link.sendall(text.encode("latin-1") * 500)

    return deed


def interrupt(octets, word="", end=None):
    """In the middle of the content: takes that much of it, says the word, and does the last deed."""

    def deed(talk):
        talk.reader.read(octets)
        if word:
            talk._write(word)
        time.sleep(0.1)
        return (end or listen)(talk)

    return deed


def afterwards(answer, word, seconds=0.05):
    """The answer, and a while later a word nobody asked for."""

    def late(talk):
        try:
            talk._write(word)
        except OSError:
            pass

    def deed(talk):
        threading.Timer(seconds, late, [talk]).start()
        return answer

    return deed


def endless_challenges(talk):
    """There is always one more question, until the client has had enough."""
    while True:
        talk._write("334 " + base64.b64encode(b"and what else?").decode())
        line = talk.reader.readline(20000)
        if not line:
            raise Dropped
        if line.strip() == b"*":
            return "501 5.7.0 as you like"


def then_silence(octets):
    """Instead of the rest of a handshake."""

    def deed(talk):
        talk.link.recv(65536)
        talk.link.sendall(octets)
        listen(talk)

    return deed


def then_end(octets):
    """The same, and the connection ends."""

    def deed(talk):
        talk.link.recv(65536)
        talk.link.sendall(octets)
        raise Dropped

    return deed
