"""Access tokens that are bought with a refresh token in the keyring: from a real relay that asks who they are for, and
an authorisation server over HTTPS that looks at everything."""

import re
import time
from pathlib import Path

import pytest

from parts.authority import Authority, answers, browse, refuses
from parts.keepassxc import KeePassXC
from parts.machine import TRUST, Machine, install
from parts.neighbourhood import FILES, Neighbourhood
from parts.program import until
from parts.terminal import Terminal
from parts.token_endpoint import TokenEndpoint

pytestmark = pytest.mark.root
real_relay = pytest.mark.dovecot

KIND = {"xdg:schema": "org.estafeta.Account", "application": "estafeta", "account": "home", "kind": "refresh-token"}


@pytest.fixture
def authority(certificates):
    authority = Authority(certificates.pair("good"), user="alice")
    yield authority
    authority.close()


@pytest.fixture
def relay(desk, authority):
    endpoint = TokenEndpoint()
    endpoint.tokens = authority.tokens
    yield desk.exim(endpoint=endpoint).start()
    endpoint.stop()


def make_home(desk, authority, relay, build, keyring):
    """An account at the relay, signed in; the helper program in its place."""
    estafeta = desk.estafeta
    installed = install(build, desk.session.folder / "installed")
    estafeta.prefix = ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" /usr/local; shift; exec "$@"', "sh", installed]
    estafeta.delivery["keep"] = 0
    desk.account(relay, password_command=None, oauth_token=authority.url("token"), oauth_client="client-1")
    keyring.store(authority.grant_refresh(), **KIND)
    return keyring


@pytest.fixture
def home(desk, authority, relay, build):
    return make_home(desk, authority, relay, build, desk.keyring())


def refreshed(authority):
    return len(authority.asked_for("token"))


@real_relay
def test_bought_once(desk, estafeta, authority, relay, home):
    """The next refresh token is in the keyring when the mail leaves; the access token serves until near its end, also
    though the keyring has changed."""
    estafeta.start()
    desk.hand_in()
    relay.wait_for(1)
    (mail,) = estafeta.wait_for_states("sent")
    assert estafeta.show(mail["id"])["attempts-made"][0]["mechanism"] == "OAUTHBEARER"
    assert list(authority.grants) == [home.secret(**KIND)]
    desk.hand_in()
    relay.wait_for(2)
    assert refreshed(authority) == 1
    log = estafeta.log() + estafeta.outbox_path.read_bytes().decode(errors="replace")
    assert not [token for token in [*authority.tokens, *authority.grants] if token in log]

    # The relay has enough of it before its time: another one is bought, and nobody notices.
    authority.tokens.clear()
    desk.hand_in()
    relay.wait_for(3)
    assert refreshed(authority) == 2 and list(authority.grants) == [home.secret(**KIND)]
    estafeta.wait_for_states("sent", "sent", "sent")


@real_relay
def test_signed_out(desk, estafeta, authority, relay, home):
    """Only a plain no asks the person; a new refresh token is enough for the rest."""
    notifications = desk.notifications()
    authority.revoke()
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("signed-out")
    notifications.wait_for("1 message is waiting", "sign in", "estafeta account sign-in home")
    assert home.items(**KIND), "nothing is ever deleted"
    home.store(authority.grant_refresh(), **KIND)
    relay.wait_for(1)
    estafeta.wait_for_states("sent")

    home.remove(**KIND)
    estafeta.restart()
    desk.hand_in()
    estafeta.wait_for_pause("signed-out")


@real_relay
@pytest.mark.parametrize("fault, reason", [
    (answers(500, "<h1>Oops</h1>"), "token-server"),
    (answers(200, "not at all JSON"), "token-server"),
    (refuses("temporarily_unavailable"), "token-server"),
    (refuses("invalid_client", status=401), "oauth-client"),
], ids=["500", "nonsense", "unavailable", "client"])
def test_a_server_in_trouble(desk, estafeta, authority, relay, home, fault, reason):
    """Nothing is thrown away; what passes by itself is tried again, what the settings say is for the person."""
    held = home.secret(**KIND)
    authority.faults["token"] = fault
    estafeta.delivery["first-retry"] = 1
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause(reason)
    assert home.secret(**KIND) == held
    del authority.faults["token"]
    if reason == "oauth-client":
        estafeta.send()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


@real_relay
def test_the_keyring_is_locked_meanwhile(desk, estafeta, authority, relay, home):
    """Between the question and its answer: the only copy of the next refresh token waits in memory, and the access
    token for it, until the keyring takes it."""
    ordinary = authority.token

    def lock_first(values):
        answer = ordinary(values)
        home.lock()
        return answer

    authority.token = lock_first
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("keyring-locked")
    assert relay.mails() == []
    authority.token = ordinary
    home.unlock()
    relay.wait_for(1)
    until("the keyring to have it", lambda: list(authority.grants) == [home.secret(**KIND)])


@real_relay
def test_a_lock_that_is_not_told(desk, estafeta, authority, relay, build):
    """KeePassXC says of its lock only that something has changed: an access token is not used any more all the same."""
    desk.session.start_screen()
    keyring = make_home(desk, authority, relay, build, KeePassXC(desk.session).start())
    estafeta.start()
    desk.hand_in()
    relay.wait_for(1)
    desk.hand_in()
    relay.wait_for(2)
    assert refreshed(authority) == 1, "kept, although the keyring has changed"
    keyring.lock()
    time.sleep(1)  # a mail at this very moment may still leave
    desk.hand_in()
    estafeta.wait_for_pause("keyring-locked")


def sign_in(desk, *words):
    return Terminal([desk.estafeta.cli_path, "account", "sign-in", "home", *words], desk.session.env)


def shown_page(terminal):
    terminal.expect("Waiting until you are through")
    return re.search(r"  (https://\S+)", terminal.screen)[1]


def parent(place):
    """(name, number of the parent) of the process at /proc/NUMBER; it may end meanwhile."""
    try:
        name, _, rest = (place / "stat").read_text().rpartition(")")
    except OSError:
        return "", ""
    return name.partition("(")[2], rest.split()[1]


def helpers(pid):
    """Those of the daemon that run."""
    return [place for place in Path("/proc").glob("[0-9]*") if parent(place) == ("estafeta-web", str(pid))]


@real_relay
def test_signing_in(desk, estafeta, authority, relay, home, certificates):
    """At the page, by a code, and again after a no; what was given up leaves nothing behind, and the mail leaves."""
    estafeta.accounts["home"].update({"oauth-issuer": authority.issuer})
    del estafeta.accounts["home"]["oauth-token"], estafeta.accounts["home"]["oauth-client"]
    home.remove(**KIND)
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("signed-out")

    with sign_in(desk, "--no-browser") as terminal:
        shown_page(terminal)
        terminal.press_ctrl_c()
        assert terminal.wait() != 0
    until("the helper to be gone", lambda: not helpers(estafeta.program.pid))

    authority.consents = False
    with sign_in(desk, "--no-browser") as terminal:
        browse(shown_page(terminal), certificates.authority)
        terminal.expect("somebody said no")
        terminal.expect("The person said no.")
        assert terminal.wait() == 1
    assert not home.items(**KIND)

    authority.consents = True
    with sign_in(desk, "--no-browser") as terminal:
        status, text = browse(shown_page(terminal), certificates.authority)
        assert status == 200 and "Estafeta" in text
        terminal.expect("You are signed in to “home”")
        assert terminal.wait() == 0
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    assert f"oauth-client={list(authority.clients)[-1]}" in estafeta.settings_path.read_text()

    authority.revoke()
    estafeta.restart()
    desk.hand_in()
    estafeta.wait_for_pause("signed-out")
    with sign_in(desk, "--device") as terminal:
        terminal.expect("and enter this code:")
        terminal.expect("Waiting")
        authority.approve(re.search(r"  ([A-Z]{4}-[A-Z]{4})", terminal.screen)[1])
        terminal.expect("You are signed in to “home”")
        assert terminal.wait() == 0
    relay.wait_for(2)
    assert home.secret(**KIND) in authority.grants


BROWSER = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"


def use_browser(session):
    """The person's, which consents to everything."""
    program = session.folder / "browser.py"
    program.write_text(BROWSER)
    for folder, name, text in [
        ("data/applications", "practice.desktop",
         f"[Desktop Entry]\nType=Application\nName=Practice\nExec=/usr/bin/python3 {program} %u\n"),
        ("config", "mimeapps.list", "[Default Applications]\nx-scheme-handler/https=practice.desktop\n"),
    ]:
        place = session.folder / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


# The desktop's portal: prints what it is asked to open.
PORTAL = """
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.portal.OpenURI"><method name="OpenURI"><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method></interface></node>'''
def call(connection, sender, path, interface, method, arguments, invocation):
    print(arguments.unpack()[1], flush=True)
    invocation.return_value(GLib.Variant("(o)", ("/org/freedesktop/portal/desktop/request/1",)))
def on_bus(connection, name):
    connection.register_object("/org/freedesktop/portal/desktop", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], call)
Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.portal.Desktop", 0, on_bus, None, None)
GLib.MainLoop().run()
"""


def start_portal(session):
    portal = session.start("portal", ["/usr/bin/python3", "-B", "-c", PORTAL])
    session.wait_for_name("org.freedesktop.portal.Desktop")
    return portal


@real_relay
def test_signing_in_by_the_button(desk, estafeta, authority, relay, home, certificates):
    """The notice opens the page in the person's browser; a page that is left alone does not keep the daemon from
    ending, and the next press begins anew."""
    notifications = desk.notifications()
    portal = start_portal(desk.session)
    estafeta.accounts["home"].update({"oauth-issuer": authority.issuer})
    del estafeta.accounts["home"]["oauth-token"], estafeta.accounts["home"]["oauth-client"]
    home.remove(**KIND)
    for pages in (1, 2):
        estafeta.restart()
        desk.hand_in()
        estafeta.wait_for_pause("signed-out")
        notifications.wait_for("waiting", "sign in")
        notifications.press("Sign In")
        until("the page", lambda: len(portal.said().split()) == pages)
    status, text = browse(portal.said().split()[-1], certificates.authority)
    assert status == 200 and "Estafeta" in text
    relay.wait_for(2)
    estafeta.wait_for_states("sent", "sent")
    assert home.secret(**KIND) in authority.grants


@real_relay
def test_the_button_without_a_portal(desk, estafeta, authority, relay, home, certificates):
    notifications = desk.notifications()
    use_browser(desk.session)
    desk.session.env["SSL_CERT_FILE"] = certificates.authority  # for the browser
    home.remove(**KIND)
    desk.account(relay, password_command=None, oauth_issuer=authority.issuer)
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("signed-out")
    notifications.wait_for("waiting", "sign in")
    notifications.press("Sign In")
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


# From an address to mail that leaves.

ADDRESS = "you@example.org"
PAGE = "https://autoconfig.example.org/mail/config-v1.1.xml"
AUTOCONFIG = """<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="example.org"><domain>example.org</domain>
<outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>OAuth2</authentication></outgoingServer></emailProvider>
<oAuth2><issuer>{}</issuer><scope>mail offline_access</scope></oAuth2></clientConfig>
"""


@pytest.fixture
def place(desk, build):
    """A provider where programs register themselves, and nobody has a password."""
    keyring = desk.keyring()
    relay = desk.practice(certificate="provider", port=465, mechanisms="XOAUTH2")
    machine = Machine(desk.session, build, manager=False,
                      files={**FILES, TRUST: desk.certificates.authority.read_text()})
    machine.in_its_network(relay.start)
    hosts = ["smtp.example.org", "autoconfig.example.org", "login.example.org"]
    place = Neighbourhood(desk.session, machine, desk.certificates.pair("provider"), hosts)
    pair = desk.certificates.pair("provider")
    machine.in_its_network(lambda: setattr(place, "authority", Authority(pair, user=ADDRESS, host="login.example.org")))
    relay.tokens = place.authority.tokens
    place.pages[PAGE] = AUTOCONFIG.format(place.authority.issuer)
    place.relay, place.keyring = relay, keyring
    use_browser(desk.session)
    yield place
    place.authority.close()
    place.close()
    machine.close()


def set_up(desk, place, *words):
    return Terminal([*place.machine.prefix, "estafeta", "setup", ADDRESS, *words], desk.session.env)


def test_setup(desk, place):
    with set_up(desk, place) as terminal:
        terminal.expect(f"({PAGE}): found")
        terminal.expect("Sign in at your provider’s web page:")
        terminal.expect("Signing in at smtp.example.org, port 465, works.")
        terminal.expect("Send a test mail to you@example.org? [Y/n] ")
        terminal.type()
        terminal.expect("The test mail was sent. The server said: 250")
        assert terminal.wait() == 0
        print(terminal.screen)
    (mail,) = place.relay.mails
    assert (mail.user, mail.recipients) == (ADDRESS, [ADDRESS])
    assert place.keyring.secret(account="example", kind="refresh-token") in place.authority.grants
    settings = desk.estafeta.settings_path.read_text()
    assert f"oauth-issuer={place.authority.issuer}" in settings and "oauth-client=registered-" in settings
    assert not [token for token in place.authority.grants if token in settings]


def test_setup_that_comes_to_nothing(desk, place):
    """A no at the page, and a relay that does not want the token: nothing is set up, nothing kept."""
    def is_untouched():
        return (not place.keyring.items(account="example") and place.machine.daemon() is None
                and not desk.estafeta.settings_path.exists())

    place.authority.consents = False
    with set_up(desk, place) as terminal:
        terminal.expect("somebody said no")
        terminal.expect("nothing was changed")
        assert terminal.wait() == 1
    until("nothing to be left", is_untouched)
    place.authority.consents, place.relay.tokens = True, {}
    with set_up(desk, place) as terminal:
        terminal.expect("it failed at this step: signing in")
        terminal.expect("Try another user name or password?")
        terminal.type("n")
        terminal.expect("nothing was changed")
        assert terminal.wait() == 1
    until("nothing to be left", is_untouched)
    place.authority.registers = False
    with set_up(desk, place) as terminal:
        terminal.expect("wants to know every program beforehand")
        assert terminal.wait() == 1
    until("nothing to be left", is_untouched)
