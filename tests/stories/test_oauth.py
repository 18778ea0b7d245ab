"""Access tokens that are bought with a refresh token in the keyring: from a real relay that asks who they are for, and
an authorisation server over HTTPS that looks at everything."""

import pytest

from parts.authority import Authority, answers, refuses
from parts.machine import install
from parts.program import until
from parts.token_endpoint import TokenEndpoint

pytestmark = [pytest.mark.root, pytest.mark.dovecot]

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


@pytest.fixture
def home(desk, estafeta, authority, relay, build):
    """An account at the relay, signed in; the helper program in its place."""
    installed = install(build, desk.session.folder / "installed")
    estafeta.prefix = ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" /usr/local; shift; exec "$@"', "sh", installed]
    estafeta.delivery["keep"] = 0
    keyring = desk.keyring()
    desk.account(relay, password_command=None, oauth_token=authority.url("token"), oauth_client="client-1")
    keyring.store(authority.grant_refresh(), **KIND)
    return keyring


def refreshed(authority):
    return len(authority.asked_for("token"))


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
