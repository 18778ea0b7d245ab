"""The server of an address is found, said where, and asked about where nobody vouches for it; lies of the network
come to nothing. A real name server, a web server over HTTPS, all in a network of their own."""

import base64
import hashlib
import json

import pytest

from parts.machine import TRUST, Machine
from parts.neighbourhood import FILES, Neighbourhood, autoconfig
from parts.program import until
from parts.terminal import Terminal

pytestmark = pytest.mark.root

PAGE = "https://autoconfig.example.org/mail/config-v1.1.xml"
SECOND = "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"
ISPDB = "https://v1.ispdb.net/example.org"

PACC = "https://ua-auto-config.pacc.test/.well-known/user-agent-configuration.json"
DOCUMENT = json.dumps({"protocols": {"imap": {"host": "imap.pacc.test"}, "submit": {"host": "smtp.pacc.test"}},
                       "authentication": {"password": True}, "info": {"provider": {"name": "Practice"}}})
DIGEST = base64.b64encode(hashlib.sha256(DOCUMENT.encode()).digest()).decode()

HOSTS = ["smtp.example.org", "autoconfig.example.org", "mail.example.net", "smtp.elsewhere.test", "v1.ispdb.net",
         "smtp.gmail.com", "mail.plain.test", "smtp.liar.test", "autoconfig.liar.test", "ua-auto-config.pacc.test",
         "smtp.pacc.test", "autoconfig.hoster.test", "smtp.hoster.test", "mail.known.test"]
RECORDS = [
    "_submissions._tcp.example.net. 60 IN SRV 0 1 465 mail.example.net.",
    "_submission._tcp.example.net. 60 IN SRV 0 1 587 mail.example.net.",
    "_submissions._tcp.outside.test. 60 IN SRV 0 1 465 smtp.elsewhere.test.",
    "customer.test. 60 IN MX 20 backup.customer.test.",
    "customer.test. 60 IN MX 10 aspmx.l.google.com.",
    f'_ua-auto-config.pacc.test. 60 IN TXT "v=UAAC1; a=sha256; d={DIGEST}"',
    "hosted.test. 60 IN MX 10 in1.mail.hoster.test.",
    "_submissions._tcp.none.test. 60 IN SRV 0 0 0 .",
]


@pytest.fixture
def place(desk, build):
    """The machine with its neighbourhood, a relay at port 465 of whatever name, and a keyring."""
    desk.keyring_part = desk.keyring()
    relay = desk.practice(certificate="provider", port=465, users={
        "you@example.org": "pw-you", "you@example.net": "pw-you", "you@outside.test": "pw-you", "you@gmail.com": "pw-app",
        "you@plain.test": "pw-you", "you@pacc.test": "pw-you", "you@hosted.test": "pw-you"})
    machine = Machine(desk.session, build, manager=False,
                      files={**FILES, TRUST: desk.certificates.authority.read_text()})
    machine.in_its_network(relay.start)
    place = Neighbourhood(desk.session, machine, desk.certificates.pair("provider"), HOSTS, RECORDS)
    place.relay, place.env, place.keyring = relay, desk.session.env, desk.keyring_part
    yield place
    place.close()
    machine.close()


def set_up(place, address, *words):
    return Terminal([*place.machine.prefix, "estafeta", "setup", address, *words], place.env)


def finish(place, terminal, password, test_mail=True):
    terminal.expect("Password of")
    terminal.type(password)
    terminal.expect("works.")
    terminal.expect("Port:            2525")
    terminal.expect("? [Y/n] ")
    terminal.type("y" if test_mail else "n")
    if test_mail:
        terminal.expect("The test mail was sent. The server said: 250")
    assert terminal.wait() == 0


def test_by_autoconfig(desk, place):
    """The provider's own word by HTTPS needs no yes; it was told the domain and no more."""
    place.pages[PAGE] = autoconfig("example.org", "smtp.example.org")
    with set_up(place, "you@example.org") as terminal:
        terminal.expect("Estafeta’s list of providers: nothing")
        terminal.expect(f"the provider’s web server ({PAGE}): found")
        terminal.expect("smtp.example.org, port 465")
        finish(place, terminal, "pw-you")
    assert place.asked == [PAGE]
    assert place.relay.mails[0].user == "you@example.org"


PREFS = """// Mozilla User Preferences
user_pref("mail.identity.id1.useremail", "{address}");
user_pref("mail.identity.id1.smtpServer", "smtp1");
user_pref("mail.smtpserver.smtp1.hostname", "{host}");
user_pref("mail.smtpserver.smtp1.port", 465);
user_pref("mail.smtpserver.smtp1.try_ssl", 3);
user_pref("mail.smtpserver.smtp1.authMethod", {way});
user_pref("mail.smtpserver.smtp1.username", "{user}");
"""


def use_thunderbird(place, address, host, user, way=3):
    """With an account; `way` to sign in as Thunderbird numbers them."""
    folder = place.session.folder / "home" / ".thunderbird"
    (folder / "x1.default").mkdir(parents=True, exist_ok=True)
    (folder / "profiles.ini").write_text("[Profile0]\nName=default\nIsRelative=1\nPath=x1.default\n")
    (folder / "x1.default" / "prefs.js").write_text(PREFS.format(address=address, host=host, user=user, way=way))


def test_by_a_mail_program(desk, place):
    """What works for Thunderbird is taken over without asking anybody, but for the password; a server of somebody else's
    domain has to be known to the person, and one on this machine is no provider."""
    home = place.session.folder / "home"
    use_thunderbird(place, "you@example.org", "smtp.example.org", "you@example.org")
    with set_up(place, "You@Example.org", "--offline") as terminal:
        terminal.expect("your mail programs (Thunderbird): found")
        terminal.expect("smtp.example.org, port 465")
        terminal.expect("Learnt from:  Thunderbird")
        terminal.expect("Password of")
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    (home / ".msmtprc").write_text("defaults\ntls on\naccount a\nhost smtp.elsewhere.test\nfrom you@outside.test\n"
                                   "auth on\nuser you@outside.test\npassword not-yours\n")
    (home / ".msmtprc").chmod(0o600)
    with set_up(place, "you@outside.test") as terminal:
        terminal.expect("your mail programs (Thunderbird): nothing")
        terminal.expect("your mail programs (msmtp): found")
        terminal.expect("smtp.elsewhere.test does not belong to outside.test")
        terminal.expect("Use smtp.elsewhere.test? [y/N] ")
        assert "not-yours" not in terminal.screen
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    use_thunderbird(place, "you@gmail.com", "smtp.gmail.com", "you")
    code, output, errors = place.machine.run("estafeta", "setup", "you@gmail.com", "--no-test", "--no-service", "--json",
                                             input="pw-app\n")
    assert code == 0, errors
    assert json.loads(output).items() >= {"source": "desktop", "where": "Thunderbird", "user": "you"}.items()
    use_thunderbird(place, "you@example.org", "127.0.0.1", "you")
    code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--offline", input="pw-you\n")
    assert code == 1 and "missing: --host" in errors, (output, errors)
    assert place.asked == [] and place.relay.talks == []


def test_discover(desk, place):
    """Only looks: in words and for scripts; nothing is kept, and nobody signed in to."""
    place.pages[PAGE] = autoconfig("example.org", "smtp.example.org")
    place.session.start("estafetad", [*place.machine.prefix, "/usr/local/libexec/estafetad"])
    until("the daemon", lambda: place.machine.run("estafeta", "status")[0] == 0)
    code, output, errors = place.machine.run("estafeta", "discover", "you@example.org")
    assert code == 0 and f"({PAGE}): found" in output and "smtp.example.org, port 465" in output, (output, errors)
    assert "Nobody vouches" not in output
    code, output, errors = place.machine.run("estafeta", "discover", "you@example.net")
    assert code == 0 and "Nobody vouches for that: go on only if mail.example.net" in output, (output, errors)
    code, output, errors = place.machine.run("estafeta", "discover", "you@gmail.com", "--offline")
    assert code == 0 and "Gmail takes no usual password" in output, (output, errors)
    code, output, errors = place.machine.run("estafeta", "discover", "you@outside.test", "--json")
    found = json.loads(output)
    assert found["candidates"] == [{
        "source": "srv", "where": "_submissions._tcp.outside.test", "trust": "ask", "outside": "yes", "auth": "auto",
        "host": "smtp.elsewhere.test", "port": "465", "security": "tls", "user": "you@outside.test", "secret": "password"}]
    assert {"source": "table", "result": "nothing"} in found["looks"]
    assert found["looks"][-1] == {"source": "srv", "where": "_submissions._tcp.outside.test", "result": "found"}
    # Which page Thunderbird signs in at it does not say: whoever does comes first.
    use_thunderbird(place, "you@example.org", "smtp.example.org", "you", way=10)
    code, output, errors = place.machine.run("estafeta", "discover", "you@example.org", "--json")
    assert [(each["source"], each["secret"]) for each in json.loads(output)["candidates"]] == [
        ("autoconfig", "password"), ("desktop", "oauth")]
    code, output, errors = place.machine.run("estafeta", "discover", "you@nowhere.test", "--offline")
    assert code == 4 and "No server was found" in output, (output, errors)
    for wrong in ("you", "*@example.org", ""):
        assert place.machine.run("estafeta", "discover", wrong)[0] == 2
    assert place.relay.talks == []
    assert json.loads(place.machine.run("estafeta", "account", "list", "--json")[1]) == []


def test_by_pacc(desk, place):
    """A document that the domain's DNS confirms; one that it does not is worth nothing."""
    place.pages[PACC] = DOCUMENT + " "
    code, output, errors = place.machine.run("estafeta", "setup", "you@pacc.test", "--no-service", input="pw-you\n")
    assert code == 1 and f"confirmed by its DNS ({PACC}): no usable answer" in output, (output, errors)
    place.pages[PACC] = DOCUMENT
    with set_up(place, "you@pacc.test") as terminal:
        terminal.expect(f"the provider’s web server, confirmed by its DNS ({PACC}): found")
        terminal.expect("smtp.pacc.test, port 465")
        finish(place, terminal, "pw-you", test_mail=False)
    assert place.asked[-1] == PACC


def test_by_the_web_server_of_a_hoster(desk, place):
    """Whoever takes in mail for a domain may say where it goes out; a person has to know them."""
    page = "https://autoconfig.hoster.test/mail/config-v1.1.xml"
    place.pages[page] = autoconfig("hoster.test", "smtp.hoster.test")
    with set_up(place, "you@hosted.test") as terminal:
        terminal.expect(f"takes in mail for the domain (unsigned DNS) ({page}): found")
        terminal.expect("smtp.hoster.test does not belong to hosted.test")
        terminal.expect("Use smtp.hoster.test? [y/N] ")
        terminal.type("y")
        finish(place, terminal, "pw-you", test_mail=False)


def test_by_srv(desk, place):
    """Names of an unsigned DNS need one, and TLS from the start comes first."""
    with set_up(place, "you@example.net") as terminal:
        terminal.expect("the domain’s DNS (unsigned) (_submissions._tcp.example.net): found")
        terminal.expect("mail.example.net, port 465")
        terminal.expect("Nobody vouches for that")
        terminal.expect("Use mail.example.net? [y/N] ")
        terminal.type("y")
        finish(place, terminal, "pw-you")
    assert place.relay.mails[0].user == "you@example.net"


def test_outside(desk, place):
    """A server in another's domain is named in full; without a yes it gets no password, and it is no script's to say."""
    with set_up(place, "you@outside.test") as terminal:
        terminal.expect("smtp.elsewhere.test does not belong to outside.test")
        terminal.expect("Use smtp.elsewhere.test? [y/N] ")
        terminal.type()
        terminal.expect("Server for outgoing mail: ")
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    assert place.relay.talks == []
    code, _, errors = place.machine.run("estafeta", "setup", "you@outside.test", input="pw-you\n")
    assert code != 0 and "say “--yes” if smtp.elsewhere.test" in errors
    assert place.relay.talks == []
    code, output, errors = place.machine.run("estafeta", "setup", "you@outside.test", "--yes", input="pw-you\n")
    assert code == 0, errors
    assert place.relay.talks[0].signed_in


def test_app_password(desk, place):
    """A provider of the table needs no search, and says which password it wants and where that is made."""
    with set_up(place, "you@gmail.com") as terminal:
        terminal.expect("Estafeta’s list of providers: found")
        terminal.expect("smtp.gmail.com, port 465")
        terminal.expect("Gmail takes no usual password from mail programs, but an app password")
        terminal.expect("https://myaccount.google.com/apppasswords")
        finish(place, terminal, "pw-app", test_mail=False)
    assert place.asked == []


def test_customer_of_a_provider(desk, place):
    """Where its mail comes in says whose a domain is; that is unsigned, too."""
    with set_up(place, "you@customer.test") as terminal:
        terminal.expect("where mail for the domain comes in (unsigned DNS) (customer.test): found")
        terminal.expect("smtp.gmail.com does not belong to customer.test")
        terminal.expect("Use smtp.gmail.com? [y/N] ")
        terminal.type("y")
        terminal.expect("Google Workspace takes no usual password")
        terminal.expect("Password of you@customer.test at smtp.gmail.com: ")
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    assert place.relay.talks == []


def test_by_guess(desk, place):
    """Nobody publishes anything: a server of a usual name, with a certificate for it, that was not signed in to."""
    with set_up(place, "you@plain.test") as terminal:
        terminal.expect("a guess (smtp.plain.test:465): nothing")
        terminal.expect("a guess (mail.plain.test:465): found")
        terminal.expect("Use mail.plain.test? [y/N] ")
        assert [talk.commands for talk in place.relay.talks] == [["QUIT"]]
        terminal.type("y")
        finish(place, terminal, "pw-you", test_mail=False)


def test_by_guess_at_587(desk, place):
    """Where nobody has TLS from the start; the certificate is looked at after STARTTLS, and nobody signed in to."""
    relay = desk.practice(certificate="named", port=587, security="starttls", users={"you@known.test": "pw-you"})
    place.machine.in_its_network(relay.start)
    with set_up(place, "you@known.test") as terminal:
        terminal.expect("a guess (mail.known.test:465): nothing")
        terminal.expect("a guess (mail.known.test:587): found")
        terminal.expect("TLS after STARTTLS, always")
        terminal.expect("Use mail.known.test? [y/N] ")
        assert [talk.commands for talk in relay.talks] == [["EHLO [127.0.0.1]", "STARTTLS", "QUIT"]]
        terminal.type("y")
        finish(place, terminal, "pw-you", test_mail=False)


LIES = {
    "no such page": (404, {}),
    "to plain http": (302, {"Location": "http://autoconfig.example.org/mail/config-v1.1.xml"}),
    "round and round": (302, {"Location": PAGE}),
    "huge": (200, {}, "<clientConfig>" + " " * 300000 + "</clientConfig>"),
    "no XML": "<html><body>Welcome<br></body></html>",
    "unfinished": "<clientConfig><emailProvider>",
    "without TLS": autoconfig("example.org", "smtp.example.org", 25, "plain"),
    "an address": autoconfig("example.org", "192.0.2.1"),
    "a name that cannot be": autoconfig("example.org", "smtp.example.org\tport=1"),
    "a port that cannot be": autoconfig("example.org", "smtp.example.org", 99999),
    "entities": '<!DOCTYPE c [<!ENTITY a "aaaaaaaa">]><clientConfig>&a;</clientConfig>',
}


def test_lies(desk, place):
    """What cannot be is nothing; the next source is asked, down to a guess that needs a yes."""
    for name, page in LIES.items():
        place.pages[PAGE] = page
        code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--no-service", input="pw-you\n")
        assert code == 1 and "say “--yes” if smtp.example.org" in errors, (name, output, errors)
        assert f"({PAGE}): found" not in output, (name, output)
    assert not any(talk.signed_in for talk in place.relay.talks)
    # An honest source behind a lying one is heard.
    place.pages[ISPDB] = autoconfig("example.org", "smtp.example.org")
    code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--no-service", input="pw-you\n")
    assert code == 0 and "Mozilla’s list of providers" in output, errors


def test_nothing_to_find(desk, place):
    """No such domain, one that says it has no server, an address without a domain, a certificate of somebody else."""
    for address in ("you@none.test", "you@nowhere.test", "you@[192.0.2.1]", "you@liar.test"):
        code, output, errors = place.machine.run("estafeta", "setup", address, "--no-service", input="pw-you\n")
        assert code == 1 and "missing: --host" in errors, (address, output, errors)
    asked = len(place.asked)
    code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--offline", input="pw-you\n")
    assert code == 1 and len(place.asked) == asked


SPEECHES = {
    "nonsense": "hello\n",
    "a source of its own": "candidate\tsource=table\thost=smtp.evil.test\tport=465\tsecurity=tls\n",
    "no host": "candidate\tsource=autoconfig\tport=465\tsecurity=tls\n",
    "no host's name": "candidate\tsource=autoconfig\thost=a b\tport=465\tsecurity=tls\n",
    "no end of a line": "x" * 9000 + "\n",
    "half a line": "look\tsource=srv",
    "a flood": "look\tsource=srv\tresult=nothing\n" * 20000,
    "controls": "look\tsource=srv\twhere=\x1b[2J\n",
}


def test_a_helper_that_lies(desk, place):
    """It has read what strangers wrote: the daemon takes no line from it that cannot be, nor its word for what it is
    worth."""
    folder = place.session.folder / "installed" / "usr" / "local" / "libexec"
    speech = place.session.folder / "speech"
    (folder / "estafeta-web").unlink()
    (folder / "estafeta-web").write_text(f"#!/bin/sh\nread address\nexec cat {speech}\n")
    (folder / "estafeta-web").chmod(0o755)
    for name, text in SPEECHES.items():
        speech.write_text(text)
        code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--no-service", input="pw-you\n")
        assert code == 1 and "says what cannot be" in errors and "evil" not in output, (name, output, errors)
    speech.write_text("candidate\tsource=srv\ttrust=safe\thost=smtp.elsewhere.test\tport=465\tsecurity=tls\n")
    code, output, errors = place.machine.run("estafeta", "setup", "you@example.org", "--no-service", input="pw-you\n")
    assert code == 1 and "say “--yes” if smtp.elsewhere.test" in errors
    assert place.relay.talks == []
