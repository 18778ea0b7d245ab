"""A provider's relay whose faults are scripted: what Exim will never do on request.

It speaks SMTP with implicit TLS, STARTTLS or neither, wants AUTH PLAIN (or SCRAM-SHA-256, XOAUTH2,
where `mechanisms` has it), keeps the exact octets of what it took, and remembers every command. It is the relay of tests/try too."""

import base64
import hmac
import re
import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field

from parts import scram
from parts.program import free_port, until

DROP = "drop"  # closes the connection instead of answering
HANG = "hang"  # answers nothing and keeps the connection open
STALL = "stall"  # does not even read any more

STAGES = (
    "connect", "greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "chunk", "final",
)


@dataclass
class Fault:
    stage: str
    answer: str
    match: str
    times: int  # -1: for ever


@dataclass
class Taken:
    """One mail whose content came in whole; `answered` when the relay said 250 to it."""

    sender: str
    recipients: list
    content: bytes
    user: str
    answered: bool = False


@dataclass
class Talk:
    """One connection: the lines of the client, secrets left out."""

    commands: list = field(default_factory=list)
    tls: str = ""
    signed_in: bool = False
    turns: int = 0  # with `counts_turns`: how often the client waited for what was said


class Dropped(Exception):
    pass


class PracticeRelay:
    def __init__(self, certificate=None, security="tls", users=None, port=None, mechanisms="PLAIN"):
        self.security = security
        self.users = {"alice": "pw-alice"} if users is None else users
        self.mechanisms = mechanisms
        self.tokens = None  # access token -> user; None: it is the user's password
        self.port = port or free_port()
        self.host = "127.0.0.1"
        self.faults = []
        self.taken = []
        self.talks = []
        self.size = 200 * 1024 * 1024
        self.extensions = []  # further EHLO lines
        self.lacks = set()  # of those it usually has
        self.delay = 0.0  # before it answers to content; or what waits itself, given the mail
        self.idle = None  # seconds between two commands after which it hangs up ...
        self.farewell = ""  # ... with these words
        self.room = None  # connections at once; to more it says 421
        self.most_open = 0  # connections there were at once
        self.most = 100_000  # recipients of one mail
        self.knows_no_chunks = False  # whatever it offers
        self.counts_turns = False  # what is said waits until the client does: one round trip
        self._lock = threading.Lock()
        self._open = set()
        self._listener = None
        self._context = None
        if security != "none":
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*map(str, certificate))

    def use_certificate(self, pair):
        """From the next connection on."""
        self._context.load_cert_chain(*map(str, pair))

    def use_tls(self, version):
        """Nothing newer from the next connection on: ssl.TLSVersion."""
        self._context.maximum_version = version

    # The script.

    def on(self, stage, answer, match="", times=1):
        """The next `times` commands of `stage` (those with `match` in them) get `answer`:
        a reply line, DROP, HANG or STALL. "body" acts when content begins to come."""
        assert stage in STAGES
        with self._lock:
            self.faults.append(Fault(stage, answer, match, times))
        return self

    def forgive(self):
        """Drops what is left of the script."""
        with self._lock:
            self.faults.clear()

    def _fault(self, stage, text=""):
        with self._lock:
            for fault in self.faults:
                if fault.stage == stage and fault.match in text and fault.times != 0:
                    fault.times -= 1
                    return fault.answer
        return None

    # What came.

    @property
    def mails(self):
        """Mails it said 250 to."""
        with self._lock:
            return [mail for mail in self.taken if mail.answered]

    def wait_for(self, count, limit=20.0):
        """All mails once there are `count`; more is an error."""
        until(
            lambda: f"{count} mails at the practice relay, only {len(self.mails)}; "
            f"it heard {[talk.commands for talk in self.talks]}",
            lambda: len(self.mails) >= count,
            limit,
        )
        assert len(self.mails) == count
        return self.mails

    def heard(self, word):
        """Commands of all connections that begin with `word`."""
        with self._lock:
            return [line for talk in self.talks for line in talk.commands if line.upper().startswith(word)]

    def connections(self):
        """How many there are just now."""
        return len(self._open)

    # Up and down.

    def start(self):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.host, self.port))
        self._listener.listen(100)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def stop(self):
        """Closes the port and every connection."""
        if self._listener:
            # Wakes the accepting thread; close() alone would leave the port open.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for conversation in list(self._open):
            conversation.cut()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def converse(self, connection, talk):
        return Conversation(self, connection, talk)

    def _serve(self, connection):
        talk = Talk()
        self.talks.append(talk)
        conversation = self.converse(connection, talk)
        with self._lock:
            self._open.add(conversation)
            self.most_open = max(self.most_open, len(self._open))
            conversation.is_welcome = self.room is None or len(self._open) <= self.room
        try:
            conversation.run()
        except (OSError, Dropped):
            pass
        finally:
            conversation.close()
            self._open.discard(conversation)


class Patient:
    """A reader that knows whether the other side has more to say."""

    def __init__(self, link):
        self.link = link
        self.octets = b""

    def waits(self, moment):
        pending = getattr(self.link, "pending", lambda: 0)
        return bool(self.octets or pending() or select.select([self.link], [], [], moment)[0])

    def _more(self):
        got = self.link.recv(65536)
        self.octets += got
        return got

    def _cut(self, length):
        cut, self.octets = self.octets[:length], self.octets[length:]
        return cut

    def readline(self, limit=1_000_000):
        while b"\n" not in self.octets and len(self.octets) < limit and self._more():
            pass
        return self._cut(self.octets.find(b"\n") + 1 or limit)

    def read(self, length):
        while len(self.octets) < length and self._more():
            pass
        return self._cut(length)


class Conversation:
    def __init__(self, relay, connection, talk):
        self.relay = relay
        self.link = connection
        self.talk = talk
        self.user = ""
        self.reader = None
        self.is_welcome = True
        self.held = b""
        self._forget()

    def cut(self):
        """From another thread: ends whatever read or write is going on."""
        try:
            self.link.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        self.link.close()

    def run(self):
        self.link.settimeout(120)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._misbehave("connect")
        if self.relay.security == "tls":
            self._secure()
        self.reader = self._read()
        if not self.is_welcome:
            self._write("421 4.3.2 too many connections")
            self._release()
            return
        self._say("greeting", "220 practice.test ESMTP")
        while True:
            self._release()
            line = self._next_line()
            if not line:
                return
            text = line.decode(errors="replace").rstrip("\r\n")
            verb = text.split(" ")[0].upper()
            self.talk.commands.append("AUTH ***" if verb == "AUTH" else text)
            answer = getattr(self, "_on_" + verb.lower(), None)
            if not answer:
                self._write("500 5.5.1 what?")
            elif answer(text) is False:
                return

    def _next_line(self):
        """Nothing: the client is gone, or has been silent for too long."""
        self.link.settimeout(self.relay.idle or 120)
        try:
            line = self.reader.readline(5000)
        except TimeoutError:
            self._hang_up()
            return b""
        self.link.settimeout(120)
        return line

    def _hang_up(self):
        if self.relay.farewell:
            self._write(self.relay.farewell)
        if self.talk.tls:
            self.link.unwrap()

    def _secure(self):
        self._release()
        self.link = self.relay._context.wrap_socket(self.link, server_side=True)
        self.reader = self._read()
        self.talk.tls = self.link.version()

    def _read(self):
        return Patient(self.link) if self.relay.counts_turns else self.link.makefile("rb")

    def _release(self, moment=0.1):
        """What was held back, once the client says nothing more before it hears it."""
        if self.held and not self.reader.waits(moment):
            self.link.sendall(self.held)
            self.held = b""
            self.talk.turns += 1

    def _misbehave(self, stage, text=""):
        """A scripted reply, or None for the usual one."""
        answer = self.relay._fault(stage, text)
        if answer == DROP:
            raise Dropped
        if answer == HANG:
            self.link.settimeout(60)
            while self.link.recv(65536):
                pass
            raise Dropped
        if answer == STALL:
            until("the end of the story", lambda: self.relay._listener is None, limit=60, pause=0.1)
            raise Dropped
        return answer

    def _write(self, *lines):
        octets = "".join(line + "\r\n" for line in lines).encode()
        if self.relay.counts_turns:
            self.held += octets
        else:
            self.link.sendall(octets)

    def _say(self, stage, *lines, text=""):
        """Answers; False when the script put something else in the place."""
        scripted = self._misbehave(stage, text)
        self._write(*([scripted] if scripted else lines))
        if scripted and scripted.startswith("421"):
            raise Dropped
        return not scripted or scripted[0] in "23"

    def _on_ehlo(self, text):
        offers = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", f"SIZE {self.relay.size}"]
        offers = [offer for offer in offers if offer.split()[0] not in self.relay.lacks]
        offers += self.relay.extensions
        if self.relay.security == "starttls" and not self.talk.tls:
            offers.append("STARTTLS")
        if self.relay.security == "none" or self.talk.tls:
            offers.append("AUTH " + self.relay.mechanisms)
        lines = ["practice.test"] + offers
        self._say("ehlo", *[f"250-{line}" for line in lines[:-1]], f"250 {lines[-1]}", text=text)

    _on_helo = _on_ehlo

    def _on_starttls(self, text):
        if not self.relay._context:
            self._write("502 5.5.1 no TLS here")
        elif self._say("starttls", "220 2.0.0 go ahead", text=text):
            self._secure()

    def _on_auth(self, text):
        words = text.split(" ")
        if len(words) == 2:
            self._write("334 ")
            self._release()
            words.append(self.reader.readline(5000).decode().strip())
        scripted = self._misbehave("auth", text)
        if scripted:
            self._write(scripted)
            return None
        if words[1].upper() == "SCRAM-SHA-256":
            self._admit(scram.serve(self.relay.users, base64.b64decode(words[2]).decode(), self._challenge))
            return None
        if words[1].upper() == "XOAUTH2":
            return self._on_token(words[2])
        _, user, password = base64.b64decode(words[2]).decode().split("\0")
        self._admit(user if self._is_right(user, password) else None)
        return None

    def _is_right(self, user, secret):
        expected = self.relay.users.get(user)
        return expected is not None and hmac.compare_digest(expected.encode(), secret.encode())

    def _on_token(self, said):
        """Google's way: what is wrong comes as a challenge, which has an empty answer."""
        user, token = re.fullmatch("user=(.*)\x01auth=Bearer (.*)\x01\x01", base64.b64decode(said).decode()).groups()
        known = self.relay.tokens.get(token) == user if self.relay.tokens is not None else self._is_right(user, token)
        if known:
            self._admit(user)
            return
        self._write("334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())
        self._release()
        self.reader.readline(5000)
        self._admit(None)

    def _challenge(self, text):
        self._write("334 " + base64.b64encode(text.encode()).decode())
        return base64.b64decode(self.reader.readline(5000)).decode()

    def _admit(self, user):
        if user is None:
            self._write("535 5.7.8 wrong user name or password")
            return
        self.user, self.talk.signed_in = user, True
        self._write("235 2.7.0 welcome")

    def _on_mail(self, text):
        if self.relay.users and not self.talk.signed_in:
            self._write("530 5.7.0 sign in first")
        elif _declared_size(text) > self.relay.size:
            self._write("552 5.3.4 too large for here")
        elif self._say("mail", "250 2.1.0 ok", text=text):
            self._forget()
            self.sender = _mailbox(text)
            self.binary = "BODY=BINARYMIME" in text.upper()

    def _on_rcpt(self, text):
        if self.sender is None or self.chunks:
            self._write("503 5.5.1 MAIL first")
        elif len(self.recipients) >= self.relay.most:
            self._write("452 4.5.3 too many recipients")
        elif self._say("rcpt", "250 2.1.5 ok", text=text):
            self.recipients.append(_mailbox(text))

    def _on_data(self, text):
        if not self.recipients:
            self._write("554 5.5.1 no valid recipients")
            return
        if self.binary:
            self._write("503 5.5.1 BDAT for that")
            return
        if not self._say("data", "354 go ahead", text=text):
            return
        self._release()
        self._misbehave("body")
        self._take(self._content(), text)

    def _on_bdat(self, text):
        """RFC 3030 2; "chunk" answers those before the last, "final" the last."""
        words = text.split()
        if self.relay.knows_no_chunks:
            self._write("502 5.5.1 what is that?")
            raise Dropped
        self._misbehave("body")
        octets = self.reader.read(int(words[1]))
        if len(octets) < int(words[1]):
            raise Dropped
        if not self.recipients:
            self._write("503 5.5.1 no valid recipients")
            return
        self.chunks.append(octets)
        if words[2:] == ["LAST"]:
            self._take(b"".join(self.chunks), text)
        elif not self._say("chunk", "250 2.0.0 go on", text=text):
            self._forget()

    def _take(self, content, text):
        mail = Taken(self.sender, self.recipients, content, self.user)
        with self.relay._lock:
            self.relay.taken.append(mail)
        self._forget()
        if callable(self.relay.delay):
            self.relay.delay(mail)
        else:
            time.sleep(self.relay.delay)
        # Counted before it is said: who hears the 250 may look at once.
        scripted = self._misbehave("final", text)
        mail.answered = scripted is None or scripted[0] == "2"
        self._write(scripted or "250 2.0.0 taken as practice")

    def _content(self):
        lines = []
        while True:
            line = self.reader.readline()
            if not line.endswith(b"\n"):
                raise Dropped
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def _forget(self):
        self.sender, self.recipients, self.chunks, self.binary = None, [], [], False

    def _on_rset(self, text):
        self._forget()
        self._write("250 2.0.0 ok")

    def _on_noop(self, text):
        self._write("250 2.0.0 ok")

    def _on_quit(self, text):
        self._write("221 2.0.0 bye")
        return False


def _declared_size(text):
    sizes = [word[5:] for word in text.split() if word.upper().startswith("SIZE=")]
    return int(sizes[0]) if sizes else 0


def _mailbox(text):
    return text[text.index("<") + 1 : text.index(">")]
