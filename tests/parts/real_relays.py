"""Providers' relays that are real servers, with the same handles on each.

Each takes alice's mail with TLS and with STARTTLS, refuses nosuchuser@, and puts greylisted@ off until
forgive()."""

from parts.dovecot import Dovecot
from parts.postfix import NOBODY_THERE, Postfix
from parts.practice_relay import PracticeRelay
from parts.program import until

REFUSED, GREYLISTED = "nosuchuser@example.net", "greylisted@example.net"
PASSWORDS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")


class Behind:
    """What both servers with a sink behind have in common: what arrived is what the sink took. `server` is the
    subclass's."""

    passwords = list(PASSWORDS)

    def __init__(self, desk, extensions=()):
        self.sink = PracticeRelay(security="none", users={})
        self.sink.extensions = list(extensions)
        self.desk = desk
        desk.relays.append(self.sink)

    def start(self):
        if not self.sink._listener:
            self.sink.start()
        self.server.start()

    def stop(self):
        self.server.stop()

    def close(self):
        self.server.close()

    def mails(self):
        return [without_received(mail.content) for mail in self.sink.mails]

    def recipients(self):
        return sorted(recipient for mail in self.sink.mails for recipient in mail.recipients)


class RealExim:
    """Offers all: CHUNKING, DSN, SMTPUTF8."""

    offers = {"SMTPUTF8", "DSN"}

    def __init__(self, desk):
        self.server = desk.exim()
        self.set_users, self.log, self.mails = self.server.set_users, self.server.log, self.server.mails
        self.passwords = [name for name in PASSWORDS if name in self.server.mechanisms]

    def start(self):
        self.server.start()

    def stop(self):
        self.server.stop()

    close = stop

    def recipients(self):
        """Of all mail it took, from its log."""
        lines = [line for line in self.log().splitlines() if " <= " in line]
        return sorted(address for line in lines for address in line.rpartition(" for ")[2].split())

    def forgive(self):
        config = self.server.folder / "exim.conf"
        text = config.read_text()
        assert "defer local_parts = greylisted" in text
        self.stop()
        config.write_text(text.replace(
            "defer local_parts = greylisted\n    message = 4.7.1 come back later", "accept local_parts = greylisted"))
        self.start()


class RealPostfix(Behind):
    """Its master is root's; mail goes on to a sink."""

    offers = {"SMTPUTF8", "DSN"}

    def __init__(self, desk):
        super().__init__(desk, ["SMTPUTF8", "DSN"])
        self.server = Postfix(desk.session, desk.certificates, self.sink)
        self.set_users, self.log = self.server.set_users, self.server.log

    def forgive(self):
        """Once it knows that what it passed on has arrived: stopped before, it passes it on again."""
        until(lambda: f"Postfix to be idle: {self.log()[-2000:]}", self.server.is_idle)
        self.stop()
        self.server.write(NOBODY_THERE)
        self.start()


class RealDovecot(Behind):
    """Dovecot's submission service is a proxy: what its sink refuses it refuses."""

    offers = set()

    def __init__(self, desk):
        super().__init__(desk)
        self.sink.on("rcpt", "550 5.1.1 no such user", "nosuchuser", -1)
        self.sink.on("rcpt", "450 4.7.1 come back later", "greylisted", -1)
        self.server = Dovecot(desk.session, desk.certificates, self.sink)
        self.set_users, self.log = self.server.set_users, self.server.log

    def forgive(self):
        self.sink.forgive()


def without_received(content):
    """Without the trace a relay puts on top."""
    while content.lower().startswith((b"received:", b"return-path:")):
        lines = content.split(b"\r\n")
        rest = next(at for at, line in enumerate(lines) if at > 0 and not line.startswith((b" ", b"\t")))
        content = b"\r\n".join(lines[rest:])
    return content


KINDS = {"exim": RealExim, "postfix": RealPostfix, "dovecot": RealDovecot}
