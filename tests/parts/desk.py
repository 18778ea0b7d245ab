"""A person's desk: a session, the daemon under test, and the parts around them on request."""

from parts.estafeta import Estafeta
from parts.exim import Exim
from parts.keyring import Keyring
from parts.notifications import Notifications
from parts.practice_relay import PracticeRelay
from parts.session import Session
from parts.smtp import hand_in
from parts.mail import message


class Desk:
    def __init__(self, build, certificates, bus=True):
        self.certificates = certificates
        self.session = Session(bus=bus)
        self.estafeta = Estafeta(self.session, build)
        self.relays = []

    def close(self):
        for relay in self.relays:
            relay.stop()
        self.session.close()

    def logs(self):
        for file in sorted((self.session.folder / "log").glob("*.log")):
            yield file.stem, file.read_text(errors="replace")[-6000:]
        for relay in self.relays:
            if isinstance(relay, Exim):
                yield relay.name, relay.log()[-4000:]
            else:
                yield "practice relay", "\n".join(map(str, relay.talks))[-4000:]

    def keyring(self):
        return Keyring(self.session).start()

    def notifications(self):
        if "DISPLAY" not in self.session.env:
            self.session.start_screen()
        return Notifications(self.session).start()

    def exim(self, **options):
        """A real relay, not started yet."""
        relay = Exim(self.session, self.certificates, **options)
        self.relays.append(relay)
        return relay

    def practice(self, certificate="good", **options):
        """A relay whose faults can be scripted, not started yet."""
        security = options.get("security", "tls")
        pair = None if security == "none" else self.certificates.pair(certificate)
        relay = PracticeRelay(pair, **options)
        self.relays.append(relay)
        return relay

    def account(self, relay, **values):
        """The daemon's account for `relay`, by default verified against the authority."""
        if values.get("security", getattr(relay, "security", "tls")) != "none":
            values.setdefault("ca_file", self.certificates.authority)
        self.estafeta.account(relay=relay, **values)
        return self.estafeta

    def hand_in(self, content=None, **envelope):
        """A mail by the plainest of clients, From its sender; the octets that were accepted."""
        content = content or message(**({"sender": envelope["sender"]} if envelope.get("sender") else {}))
        answer = hand_in(self.estafeta.port, content, **envelope)
        assert answer.startswith("250"), answer
        return content
