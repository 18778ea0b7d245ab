"""An account that only GNOME Online Accounts know sends mail: the real service, its real account file, a real
keyring; the password crosses the bus at each use and stays nowhere else."""

import pytest

from parts.online_mock import OnlineMock
from parts.program import until
from parts.terminal import Terminal

ID = "account_1700000000_0"


class OnlineAccounts:
    def __init__(self, session):
        self.session = session
        self.folder = session.folder / "config" / "goa-1.0"
        self.program = None

    def write(self, port, **values):
        pairs = {
            "Provider": "imap_smtp", "Identity": "alice@example.org", "PresentationIdentity": "alice@example.org",
            "Enabled": "true", "EmailAddress": "alice@example.org", "Name": "Alice", "ImapHost": "localhost:1",
            "ImapUserName": "alice", "ImapUseSsl": "true", "SmtpHost": f"127.0.0.1:{port}", "SmtpUseAuth": "true",
            "SmtpUserName": "alice", "SmtpAuthPlain": "true", **values,
        }
        self.folder.mkdir(mode=0o700, exist_ok=True)
        text = "".join(f"{key}={value}\n" for key, value in pairs.items())
        (self.folder / "accounts.conf").write_text(f"[Account {ID}]\n{text}")

    def start(self):
        self.program = self.session.start("goa", ["/usr/libexec/goa-daemon"])
        self.session.wait_for_name("org.gnome.OnlineAccounts")
        return self


@pytest.fixture
def online(desk, estafeta):
    """Alice's account at a relay of this machine, which needs no encryption; her password in the keyring."""
    keyring = desk.keyring()
    keyring.store("first", service="any")
    keyring.store(
        "{'smtp-password': <'pw-alice'>}",
        **{"goa-identity": f"imap_smtp:gen0:{ID}", "xdg:schema": "org.gnome.OnlineAccounts"},
    )
    relay = desk.practice(security="none").start()
    accounts = OnlineAccounts(desk.session)
    accounts.write(relay.port)
    accounts.relay = relay
    return accounts


def names(estafeta):
    return [account["name"] for account in estafeta.cli("account", "list", "--json").json]


def test_sends_by_itself(desk, estafeta, online):
    online.start()
    estafeta.start()
    (account,) = estafeta.cli("account", "list", "--json").json
    assert account["name"] == "gnome-alice@example.org" and account["online-id"] == ID, account
    assert "GNOME Online Accounts" in estafeta.cli("account", "list").output
    desk.hand_in()
    online.relay.wait_for(1)
    estafeta.wait_for_states("sent")
    refused = estafeta.cli("account", "password", account["name"], input="x\n")
    assert refused.code == 1 and "Online Accounts" in refused.errors, refused

    # Removed is ignored, for the settings file cannot take out what it does not have.
    assert estafeta.cli("account", "remove", account["name"]).code == 0
    assert names(estafeta) == []
    assert "ignore=alice@example.org" in estafeta.settings_path.read_text()


def test_setup_has_nothing_to_do(desk, estafeta, online):
    """It says whose account that is, and shows that it works."""
    online.start()
    estafeta.start()
    words = ["setup", "alice@example.org", "--no-service", "--no-test-mail"]
    with Terminal([estafeta.cli_path, *words], desk.session.env) as terminal:
        terminal.expect("alice@example.org is one of your online accounts")
        terminal.expect("Sign in, to see whether it works? [Y/n]")
        terminal.type()
        terminal.expect("works.")
        terminal.expect("Tell your mail client")
        assert terminal.wait() == 0
        print(terminal.screen)
    assert "[account" not in estafeta.settings_path.read_text()


def test_late_and_gone(desk, estafeta, online):
    """The service comes after the daemon, dies while mail is handed in, and comes back. What an account's relay could
    do is not forgotten before it is known which accounts there are."""
    state = desk.session.folder / "state" / "estafeta" / "strength"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("[gnome-alice@example.org]\nrelay=any\ntls=TLS1.3\n[gone]\nrelay=any\ntls=TLS1.3\n")
    state.chmod(0o600)
    estafeta.start()
    assert names(estafeta) == []
    assert "gnome-alice" in state.read_text()
    online.start()
    until("the account", lambda: names(estafeta) == ["gnome-alice@example.org"], pause=0.1)
    assert "gnome-alice" in state.read_text() and "gone" not in state.read_text()
    online.program.kill()
    desk.hand_in()
    estafeta.wait_for_pause("online-accounts", account="gnome-alice@example.org")
    assert "online accounts" in estafeta.cli("status").output
    online.start()
    online.relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_refused_is_for_the_person(desk, estafeta, online):
    online.relay.users = {"alice": "another"}
    online.start()
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("online-sign-in", account="gnome-alice@example.org")
    assert "Online Accounts" in estafeta.cli("status").output


def test_the_file_wins(desk, estafeta, online):
    online.start()
    desk.account(online.relay, security="none")
    estafeta.start()
    assert names(estafeta) == ["home"]


# The settings of GNOME: prints which page it is asked for.
SETTINGS = """
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.Application"><method name="ActivateAction"><arg type="s" direction="in"/>
<arg type="av" direction="in"/><arg type="a{sv}" direction="in"/></method></interface></node>'''
def call(connection, sender, path, interface, method, arguments, invocation):
    print(arguments.unpack(), flush=True)
    invocation.return_value(None)
def on_bus(connection, name):
    connection.register_object("/org/gnome/ControlCenter", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], call)
Gio.bus_own_name(Gio.BusType.SESSION, "org.gnome.ControlCenter", 0, on_bus, None, None)
GLib.MainLoop().run()
"""
ACCOUNT = "gnome-alice@example.org"


@pytest.fixture
def google(desk, estafeta, certificates):
    """Alice's account at a relay with TLS that knows a token of hers; the machine trusts its certificate."""
    relay = desk.practice(mechanisms="XOAUTH2", users={"alice": "token-1"}).start()
    estafeta.prefix = ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" "$2"; shift 2; exec "$@"', "sh",
                       certificates.authority, "/etc/ssl/certs/ca-certificates.crt"]
    mock = OnlineMock(desk.session, f"localhost:{relay.port}")
    mock.relay = relay
    return mock


@pytest.mark.root
def test_a_token_for_each_use(desk, estafeta, google):
    """By TLS with the trust of the machine; the next token is asked for, never kept."""
    google.start()
    estafeta.delivery["keep"] = 0
    estafeta.start()
    desk.hand_in()
    google.relay.wait_for(1)
    assert google.relay.talks[-1].tls
    google.relay.users = {"alice": "token-2"}
    google.write(token="token-2")
    desk.hand_in()
    google.relay.wait_for(2)
    estafeta.wait_for_states("sent", "sent")
    assert google.asked("GetAccessToken") == 2 and google.asked("EnsureCredentials") == 2
    google.write(account={"MailDisabled": True})
    until("the account to go", lambda: names(estafeta) == [], pause=0.05)
    google.write(account={"MailDisabled": False})
    until("the account", lambda: names(estafeta) == [ACCOUNT], pause=0.05)


@pytest.mark.root
def test_attention(desk, estafeta, google):
    """What needs the person pauses, with a button that opens the settings there; what passes by itself does not."""
    notifications = desk.notifications()
    settings = desk.session.start("settings", ["/usr/bin/python3", "-B", "-c", SETTINGS])
    desk.session.wait_for_name("org.gnome.ControlCenter")
    google.script["Account"]["AttentionNeeded"] = True
    google.start()
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("online-sign-in", account=ACCOUNT)
    assert google.asked("GetAccessToken") == 0
    notifications.wait_for("1 message is waiting", "sign in", "Online Accounts")
    notifications.press("Open Settings")
    until("the settings", lambda: "('launch-panel', [('online-accounts', [])], {})" in settings.said())
    google.write(account={"AttentionNeeded": False}, error="Failed")
    estafeta.wait_for_pause("online-accounts", account=ACCOUNT)
    google.write(error="NotAuthorized", account={"ProviderName": "google"})
    estafeta.wait_for_pause("online-sign-in", account=ACCOUNT)
    google.write(error="", account={"ProviderName": "Google"})
    google.relay.wait_for(1)
    estafeta.wait_for_states("sent")


@pytest.mark.root
def test_slow(desk, estafeta, google):
    """It may ask the provider, which takes its time: longer than we wait is told, and mended by itself."""
    google.script["delay"] = 3000
    google.start()
    estafeta.delivery["keyring"] = 1
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("online-accounts", account=ACCOUNT)
    google.write(delay=0)
    google.relay.wait_for(1)
    estafeta.wait_for_states("sent")


@pytest.mark.root
@pytest.mark.parametrize("answers", [True, False])
def test_its_first_answer_is_late(desk, estafeta, google, answers):
    """Until it is there nobody knows whose mail that is: a client is told to try again, and the default account, which
    takes what is nobody's, does not get it. A service that ends without a word is waited for no longer."""
    google.script.update(slow="GetManagedObjects", delay=5000)
    google.start()
    other = desk.practice(users={"alice": "pw-alice"}).start()
    desk.account(other, name="other", addresses="bob@example.org", default="yes").start()
    with pytest.raises(AssertionError, match="451.*4.3.0.*not known yet"):
        desk.hand_in()
    desk.hand_in(sender="bob@example.org")  # which is known
    other.wait_for(1)
    if answers:
        until("the account", lambda: ACCOUNT in names(estafeta), pause=0.1)
        desk.hand_in()
        google.relay.wait_for(1)
    else:
        google.program.kill()
        until("the default account", lambda: handed_in(desk), pause=0.1)
        other.wait_for(2)


def handed_in(desk):
    try:
        desk.hand_in()
    except AssertionError:
        return False
    return True
