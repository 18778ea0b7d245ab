"""An account that only GNOME Online Accounts know sends mail: the real service, its real account file, a real
keyring; the password crosses the bus at each use and stays nowhere else."""

import pytest

from parts.program import until

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
