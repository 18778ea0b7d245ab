"""Whom mail and password are given to: a certificate's trouble in plain words, pinned keys, a bridge with a certificate
of its own, and a relay that protects less than it did."""

import base64
import getpass
import ssl
from dataclasses import dataclass

import pytest
from gi.repository import GLib

from parts.program import until
from parts.resolver import TLSA, Resolver, mounted, tlsa
from parts.signed_zone import SignedZone

# A relay on this machine, by a name that is not this machine's.
HOST = "relay.test"


@pytest.fixture(autouse=True)
def each_mail_by_its_own_connection(desk):
    """What changes about a relay is seen by whoever connects."""
    desk.estafeta.delivery["keep"] = 0


@pytest.fixture
def elsewhere(desk, estafeta):
    """The daemon finds HOST at 127.0.0.1, by a file that nobody else sees."""
    estafeta.prefix = mounted([(hosts(desk), "/etc/hosts")])
    return estafeta


def hosts(desk):
    file = desk.session.folder / "hosts"
    file.write_text(f"127.0.0.1 localhost\n127.0.0.1 {HOST}\n")
    return file


def figures(estafeta, name="home"):
    return next(a for a in estafeta.status()["accounts"] if a["name"] == name).get("figures")


def decide(desk, method, *arguments):
    """A method of Accounts1 as any program of the desktop may call it; the error's name, or None."""
    try:
        desk.session.call("org.estafeta.Estafeta", "/org/estafeta/Estafeta", "org.estafeta.Accounts1", method,
                          GLib.Variant("(" + "s" * len(arguments) + ")", arguments), limit=10)
    except GLib.Error as error:
        return error.message.split(":")[1]
    return None


TROUBLES = {
    "wrongname": ("certificate-name", "is for another name", "It is for other.test."),
    "expired": ("certificate-expired", "is out of date", "It was valid until 1 February 2020."),
    "notyet": ("certificate-expired", "is out of date", "It is valid only from 1 January 2090."),
    "bridge": ("certificate-issuer", "comes from nobody this computer trusts", "The server made it itself."),
    "stranger": ("certificate-issuer", "comes from nobody", "“Estafeta practice authority” issued it, or so it says."),
}


@pytest.mark.root
@pytest.mark.parametrize("kind", TROUBLES)
def test_the_trouble_in_plain_words(desk, elsewhere, kind):
    """What is wrong with a certificate, and since when, or for whom: in the status and in the notification. Mended,
    and tried again, the mail leaves."""
    reason, *words = TROUBLES[kind]
    notifications = desk.notifications()
    relay = desk.practice("named" if kind == "stranger" else kind).start()
    authority = desk.certificates.stranger if kind == "stranger" else desk.certificates.authority
    desk.account(relay, host=HOST, ca_file=authority).start()
    desk.hand_in()
    elsewhere.wait_for_pause(reason)
    said = elsewhere.cli("status").output
    assert all(word in said for word in words), said
    notifications.wait_for(*words)
    assert relay.heard("EHLO") == []

    relay.use_certificate(desk.certificates.pair("named"))
    desk.account(relay, host=HOST)
    elsewhere.write()
    relay.wait_for(1)
    elsewhere.wait_for_states("sent")


@pytest.mark.root
def test_a_pin_for_a_server_elsewhere(desk, elsewhere):
    """A pin is asked for besides the certificate, never instead of it, and not over D-Bus."""
    relay = desk.practice("named").start()
    key, other = (desk.certificates.pin(name) for name in ("named", "good"))
    desk.account(relay, host=HOST, pin=other).start()
    desk.hand_in()
    elsewhere.wait_for_pause("pin")
    assert figures(elsewhere) == key and key in elsewhere.cli("status").output
    assert relay.heard("EHLO") == []
    assert elsewhere.cli("account", "trust", "home", "--yes").code == 1
    assert decide(desk, "Trust", "home", key) == "org.estafeta.Error.NotAsked"

    desk.account(relay, host=HOST, pin=f"{other}; {key}")
    elsewhere.write()
    relay.wait_for(1)
    elsewhere.wait_for_states("sent")

    relay.use_certificate(desk.certificates.pair("bridge"))
    desk.account(relay, host=HOST, pin=desk.certificates.pin("bridge"))
    elsewhere.write()
    desk.hand_in()
    elsewhere.wait_for_pause("certificate-issuer")


def test_a_bridge(desk, estafeta):
    """A relay of one's own on this machine, with a certificate of its own: it gets nothing before a person has seen its
    key and said yes; then that key counts, and no other."""
    relay = desk.practice("bridge").start()
    key = desk.certificates.pin("bridge")
    desk.account(relay)
    estafeta.write("# mine\n" + estafeta.text() + "# the end\n")
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("unconfirmed")
    assert figures(estafeta) == key
    assert relay.heard("EHLO") == []

    assert decide(desk, "Trust", "home", desk.certificates.pin("good")) == "org.estafeta.Error.NotAsked"
    assert decide(desk, "Trust", "nobody", key) == "org.estafeta.Error.NoSuchAccount"
    assert decide(desk, "Accept", "home") == "org.estafeta.Error.NotAsked"
    answer = estafeta.cli("account", "trust", "home", input="no\n")
    assert answer.code == 1 and key in answer.output and str(relay.port) in answer.output, answer
    assert f"A program of the user “{getpass.getuser()}” listens there." in answer.output
    assert "pin" not in estafeta.settings_path.read_text()

    answer = estafeta.cli("account", "trust", "home", input="yes\n")
    assert answer.code == 0, answer
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    text = estafeta.settings_path.read_text()
    assert text.startswith("# mine\n") and text.endswith("# the end\n") and f"pin={key}\n" in text
    assert estafeta.cli("account", "trust", "home").code == 1

    # Another key at the same place asks again.
    relay.use_certificate(desk.certificates.pair("selfsigned"))
    other = desk.certificates.pin("selfsigned")
    desk.hand_in()
    estafeta.wait_for_pause("pin")
    assert len(relay.heard("EHLO")) == 1
    assert decide(desk, "Trust", "home", key) == "org.estafeta.Error.NotAsked"
    answer = estafeta.cli("account", "trust", "home", "--yes", "--json")
    assert answer.json == {"account": "home", "pin": other}
    relay.wait_for(2)
    assert estafeta.settings_path.read_text().count("pin=") == 1


def test_a_weaker_sign_in(desk, estafeta):
    """A relay that knew SCRAM and now only wants the password itself: it does not get it, not even after a new start,
    before a person accepts that; and what falls further is asked about again."""
    notifications = desk.notifications()
    relay = desk.practice(mechanisms="SCRAM-SHA-256 PLAIN").start()
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    estafeta.restart()

    relay.mechanisms = "PLAIN"
    signed_in = len(relay.heard("AUTH"))
    desk.hand_in()
    estafeta.wait_for_pause("weaker")
    words = "Signing in was by SCRAM-SHA-256 before, and it offers only PLAIN now."
    said = estafeta.cli("status").output
    assert words in said and "estafeta account accept home" in said
    notifications.wait_for("protects mail less well", words)
    assert estafeta.send().code == 0
    until("another try", lambda: len(relay.heard("EHLO")) >= 3)
    estafeta.wait_for_pause("weaker")
    assert len(relay.heard("AUTH")) == signed_in

    assert decide(desk, "Trust", "home", figures(estafeta)) == "org.estafeta.Error.NotAsked"
    answer = estafeta.cli("account", "accept", "home", "--json")
    assert answer.json == {"account": "home", "figures": "sign-in SCRAM-SHA-256 PLAIN"}
    relay.wait_for(2)
    assert estafeta.cli("account", "accept", "home").code == 1

    # It rises again by itself, and from there the same fall is asked about again.
    relay.mechanisms = "SCRAM-SHA-256 PLAIN"
    desk.hand_in()
    relay.wait_for(3)
    relay.mechanisms = "PLAIN"
    desk.hand_in()
    estafeta.wait_for_pause("weaker")
    # Who changes the way of signing in by hand has decided.
    desk.account(relay, auth="PLAIN")
    estafeta.write()
    relay.wait_for(4)


def test_weaker_encryption(desk, estafeta):
    """TLS 1.3 once means TLS 1.3, until a person says otherwise; who accepts that is asked again about the sign-in."""
    notifications = desk.notifications()
    relay = desk.practice(mechanisms="SCRAM-SHA-256 PLAIN").start()
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    state = desk.session.folder / "state" / "estafeta" / "strength"
    assert state.stat().st_mode & 0o777 == 0o600 and "tls=TLS1.3" in state.read_text()

    relay.use_tls(ssl.TLSVersion.TLSv1_2)
    relay.mechanisms = "PLAIN"
    desk.hand_in()
    estafeta.wait_for_pause("weaker")
    assert figures(estafeta) == "tls TLS1.3 TLS1.2"
    words = "The encryption was TLS1.3 before, and it is only TLS1.2 now."
    notifications.wait_for(words)
    desk.hand_in()
    notifications.wait_for("2 messages", words)
    assert len(relay.heard("EHLO")) == 1
    answer = estafeta.cli("account", "accept", "home")
    assert answer.code == 0 and words in answer.output, answer

    until("another question", lambda: figures(estafeta) == "sign-in SCRAM-SHA-256 PLAIN")
    notifications.wait_for("offers only PLAIN now")
    assert len(relay.heard("AUTH")) == 1
    assert estafeta.cli("account", "accept", "home").code == 0
    relay.wait_for(3)

    assert estafeta.cli("account", "remove", "home").code == 0
    until("nothing of it left", lambda: "home" not in state.read_text())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_an_old_server(desk, estafeta):
    """One that knows nothing newer than TLS 1.1 gets nothing, and the person and the log are told why."""
    relay = desk.practice()
    relay._context.minimum_version = ssl.TLSVersion.TLSv1
    relay._context.maximum_version = ssl.TLSVersion.TLSv1_1
    relay._context.set_ciphers("ALL:@SECLEVEL=0")
    relay.start()
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("tls")
    assert "no version as new as TLS 1.2" in estafeta.log()
    assert "only encryption that is no longer safe" in estafeta.cli("status").output


def test_a_damaged_memory(desk, estafeta):
    """What is remembered of relays may be damaged or gone: mail leaves all the same."""
    state = desk.session.folder / "state" / "estafeta" / "strength"
    state.parent.mkdir(mode=0o700)
    state.write_bytes(b"\xff\xfe[home\n" * 1000)
    state.chmod(0o600)
    relay = desk.practice().start()
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    until("a new memory", lambda: "tls=TLS1.3" in state.read_text(errors="replace"))


@dataclass(frozen=True)
class Dane:
    """A server with `certificate`, whose zone names the key of `named`; what becomes of its mail."""

    certificate: str = "named"
    named: str = "named"
    authority: bool = True  # the settings name ours; else the system's, which do not know it
    validated: bool = True
    mute: bool = False
    options: str = "trust-ad"
    dane: str = "yes"
    reason: str = None  # why it waits; None: it leaves
    asked: bool = True


DANE = {
    "fits": Dane(),
    "other": Dane(named="good", reason="certificate"),
    "other-not-validated": Dane(named="good", validated=False),
    "other-not-wanted": Dane(named="good", dane="no", asked=False),
    "nobody-to-believe": Dane(named="good", options="", asked=False),
    "mute": Dane(named="good", mute=True),
    "no-records": Dane(named=None),
    "alone": Dane(certificate="bridge", named="bridge", authority=False),
    "alone-not-validated": Dane(certificate="bridge", named="bridge", authority=False, validated=False,
                                reason="certificate-issuer"),
    "alone-other": Dane(certificate="bridge", named="good", authority=False, reason="certificate-issuer"),
    "not-instead-of-ca-file": Dane(certificate="bridge", named="bridge", reason="certificate-issuer"),
}


@pytest.mark.root
@pytest.mark.parametrize("case", DANE)
def test_dane(desk, estafeta, case):
    """TLSA records count if the resolver of this machine has validated them: then they can keep mail from the wrong
    server, or vouch for one that no authority knows. In any other case it is as if there were none."""
    case = DANE[case]
    relay = desk.practice(case.certificate).start()
    name = f"_{relay.port}._tcp.{HOST}"
    key = base64.b64decode(desk.certificates.pin(case.named)[len("sha256:"):]) if case.named else None
    records = {name: [tlsa(3, 1, 1, key)]} if key else {}
    with Resolver(records, case.validated, case.mute) as resolver:
        settings = desk.session.folder / "resolv.conf"
        settings.write_text(resolver.settings(case.options))
        estafeta.prefix = mounted([(hosts(desk), "/etc/hosts"), (settings, "/etc/resolv.conf")])
        desk.account(relay, host=HOST, dane=case.dane,
                     ca_file=desk.certificates.authority if case.authority else None).start()
        desk.hand_in()
        if case.reason:
            estafeta.wait_for_pause(case.reason)
            assert relay.heard("EHLO") == []
        else:
            relay.wait_for(1)
            estafeta.wait_for_states("sent")
        assert ((name, TLSA) in resolver.asked) == case.asked
    if case.reason == "certificate":
        assert "The signed DNS names another certificate or key for it" in estafeta.cli("status").output


@pytest.mark.root
@pytest.mark.parametrize("anchored", [True, False])
def test_dane_by_a_signed_zone(desk, estafeta, anchored):
    """The same with a resolver that really validates: it vouches for a server no authority knows, or, without the key of
    the zone, does not."""
    relay = desk.practice("bridge").start()
    key = base64.b64decode(desk.certificates.pin("bridge")[len("sha256:"):])
    zone = SignedZone(desk.session, HOST, {f"_{relay.port}._tcp.{HOST}": [tlsa(3, 1, 1, key)]}, anchored)
    settings = desk.session.folder / "resolv.conf"
    settings.write_text(zone.settings())
    estafeta.prefix = mounted([(hosts(desk), "/etc/hosts"), (settings, "/etc/resolv.conf")])
    desk.account(relay, host=HOST, ca_file=None).start()
    desk.hand_in()
    if anchored:
        relay.wait_for(1)
        estafeta.wait_for_states("sent")
    else:
        estafeta.wait_for_pause("certificate-issuer")
        assert relay.heard("EHLO") == []
