"""Every way of signing in, at a real relay: the right secret, a wrong one, and none that is ever written down."""

import base64

import pytest

from parts.program import run
from parts.token_endpoint import TokenEndpoint

BY_PASSWORD = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
BY_TOKEN = ("XOAUTH2", "OAUTHBEARER")
ASKS = "tls_try_verify_hosts = *"  # Exim, for a certificate of the client

TOKEN = "good." + "t" * 900
STALE = "stale." + "s" * 900
WRONG = "wrong-password"


@pytest.fixture
def endpoint():
    endpoint = TokenEndpoint(**{TOKEN: "alice"})
    yield endpoint
    endpoint.stop()


def own_file(estafeta, name, text):
    path = estafeta.session.folder / name
    path.write_text(text)
    path.chmod(0o600)
    return path


def account(desk, exim, mechanism, secret):
    """One of its own for each mechanism, so that all can be tried in one conversation each."""
    file = own_file(desk.estafeta, f"secret-{mechanism}", secret + "\n")
    key = "token_command" if mechanism in BY_TOKEN else "password_command"
    desk.account(
        exim, name=mechanism, addresses=address(mechanism), auth=mechanism,
        **{"password_command": None, key: f"cat {file}"},
    )


def address(mechanism):
    return f"{mechanism.lower()}@example.org"


def assert_kept_secret(desk, *secrets):
    """Neither in what the daemon says nor in what it stores, in no form a line of SASL has."""
    texts = {"log": desk.estafeta.log().encode()}
    for mail in desk.estafeta.list():
        texts[f"note {mail['id']}"] = desk.estafeta.cli("show", "--json", mail["id"]).output.encode()
    for part in desk.estafeta.outbox_path.parent.iterdir():
        texts[part.name] = part.read_bytes()
    for secret in secrets:
        forms = [secret.encode()]
        # In base64 at each place in a group of three.
        for offset in range(3):
            encoded = base64.b64encode(b"x" * offset + secret.encode())
            forms.append(encoded[4 if offset else 0:-4])
        for where, text in texts.items():
            assert not [form for form in forms if form in text], (where, secret)


@pytest.mark.dovecot
def test_right_secret(desk, estafeta, endpoint):
    exim = desk.exim(endpoint=endpoint).start()
    mechanisms = BY_PASSWORD + BY_TOKEN
    for mechanism in mechanisms:
        account(desk, exim, mechanism, TOKEN if mechanism in BY_TOKEN else "pw-alice")
    estafeta.start()
    for mechanism in mechanisms:
        desk.hand_in(sender=address(mechanism))
    exim.wait_for(len(mechanisms))
    mails = estafeta.wait_for_states(*["sent"] * len(mechanisms))
    used = {mail["account"]: estafeta.show(mail["id"])["attempts-made"][0]["mechanism"] for mail in mails}
    assert used == {mechanism: mechanism for mechanism in mechanisms}
    for mechanism in mechanisms:
        assert f"A={mechanism.replace('-', '_').lower()}:alice" in exim.log()
    assert_kept_secret(desk, TOKEN, "pw-alice")


@pytest.mark.dovecot
def test_wrong_secret(desk, estafeta, endpoint):
    exim = desk.exim(endpoint=endpoint).start()
    mechanisms = BY_PASSWORD + BY_TOKEN
    for mechanism in mechanisms:
        account(desk, exim, mechanism, STALE if mechanism in BY_TOKEN else WRONG)
    estafeta.start()
    for mechanism in mechanisms:
        desk.hand_in(sender=address(mechanism))
    for mechanism in mechanisms:
        estafeta.wait_for_pause("sign-in", account=mechanism)
    estafeta.wait_for_states(*["waiting"] * len(mechanisms))
    assert exim.mails() == []
    # A token that comes again as it was is not tried again, let alone a password.
    main_log = (exim.folder / "log" / "main.log").read_text()
    refusals = [line for line in main_log.splitlines() if "authenticator failed" in line]
    assert len(refusals) == len(mechanisms), refusals
    assert "access token" in estafeta.cli("status").output
    assert_kept_secret(desk, STALE, WRONG)


@pytest.mark.dovecot
def test_a_token_that_ran_out(desk, estafeta, endpoint):
    """The one in memory is refused: the command is asked once more, and the mail leaves without
    anybody having noticed."""
    exim = desk.exim(endpoint=endpoint).start()
    tokens = own_file(estafeta, "tokens", f"{STALE}\n{TOKEN}\nthird\n")
    command = f"sh -c 'head -n 1 {tokens}; sed -i 1d {tokens}'"
    estafeta.delivery["keep"] = 0
    desk.account(exim, password_command=None, token_command=command).start()
    desk.hand_in()
    exim.wait_for(1)
    (mail,) = estafeta.wait_for_states("sent")
    (attempt,) = estafeta.show(mail["id"])["attempts-made"]
    assert attempt["mechanism"] == "OAUTHBEARER"
    assert [token for token in dict.fromkeys(endpoint.asked)] == [STALE, TOKEN]

    # The fresh one is kept, until the provider has enough of it.
    desk.hand_in()
    exim.wait_for(2)
    assert tokens.read_text() == "third\n"
    endpoint.tokens.clear()
    desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    assert tokens.read_text() == ""
    assert estafeta.paused() == "sign-in"
    assert_kept_secret(desk, STALE, TOKEN)


@pytest.mark.dovecot
def test_token_command_fails(desk, estafeta, endpoint):
    exim = desk.exim(endpoint=endpoint).start()
    desk.account(exim, password_command=None, token_command="sh -c 'echo sign in first >&2; exit 1'").start()
    desk.hand_in()
    estafeta.wait_for_pause("password-command")
    assert "token-command ended with status 1: sign in first" in estafeta.log()
    # Nothing is said in place of it.
    assert "authenticator" not in exim.log()


def test_account_add(desk, estafeta):
    """Who signs in by a ticket is asked for no password; what wants a file or a program says so."""
    estafeta.write()
    estafeta.start()
    common = ("--address", "alice@work.example", "--host", "mail.work.example", "--auth")
    added = estafeta.cli("account", "add", "work", *common, "gssapi", input="")
    assert added.code == 0 and "Password" not in added.output + added.errors, added
    for mechanism, missing in (("EXTERNAL", "certificate is missing"), ("XOAUTH2", "token-command is missing, or oauth-issuer")):
        refused = estafeta.cli("account", "add", "other", *common, mechanism, input="")
        assert refused.code != 0 and missing in refused.errors, refused
    listed = estafeta.cli("account", "list", "--json").json
    assert [(account["name"], account["auth"]) for account in listed] == [("work", "GSSAPI")]


def test_what_passes_by_itself(desk, estafeta):
    """The password store is away, a password is being moved, too many sign in: nothing is refused, so
    the same password is tried again and nobody is asked for another."""
    relay = desk.practice().start()
    for answer in ("454 4.7.0 later", "432 4.7.12 a transition is needed", "421 4.3.2 too many"):
        relay.on("auth", answer)
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1, limit=30)
    estafeta.wait_for_states("sent")
    assert len(relay.heard("AUTH")) == 4


def test_the_relays_words(desk, estafeta):
    """Why it was refused stands in the relay's own words, and it is not tried again."""
    relay = desk.practice().start()
    relay.on("auth", "534 5.7.9 Application-specific password required", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    assert "Application-specific password required" in estafeta.cli("status").output
    desk.hand_in()
    estafeta.wait_for_states("waiting", "waiting")
    assert len(relay.heard("AUTH")) == 1


def test_a_relay_that_quotes_the_password(desk, estafeta):
    """Some servers repeat the line they did not understand."""
    relay = desk.practice().start()
    line = base64.b64encode(b"\0alice\0pw-alice").decode()
    relay.on("auth", f"501 5.5.4 what is 'AUTH PLAIN {line}'?", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    assert "what is 'AUTH PLAIN ***'?" in estafeta.cli("status").output
    assert_kept_secret(desk, "pw-alice", line)


def test_impostor(desk, estafeta):
    """It lets everybody in and learns nothing by it: no mail goes to it, and no other way is tried."""
    relay = desk.practice(mechanisms="SCRAM-SHA-256 PLAIN").start()
    relay.on("auth", "235 2.7.0 welcome", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("impostor")
    assert relay.heard("MAIL") == []
    assert_kept_secret(desk, "pw-alice")


@pytest.mark.parametrize("name", ["client", "oldclient"])
def test_certificate(desk, estafeta, name):
    """A good one signs in without any password; whether an expired one is good is the relay's to say."""
    exim = desk.exim(options=ASKS).start()
    certificate, key = desk.certificates.pair(name)
    own = own_file(estafeta, "own.key", key.read_text())
    desk.account(
        exim, password_command=None, certificate=certificate, key=own, auth="EXTERNAL", user=None,
    ).start()
    desk.hand_in()
    if name == "client":
        exim.wait_for(1)
        (mail,) = estafeta.wait_for_states("sent")
        assert estafeta.show(mail["id"])["attempts-made"][0]["mechanism"] == "EXTERNAL"
        assert "A=external:alice" in exim.log()
    else:
        estafeta.wait_for_pause("no-mechanism")
        assert 'DN="CN=alice"' in exim.log()


def test_a_key_that_others_can_read(desk, estafeta):
    exim = desk.exim(options=ASKS).start()
    certificate, key = desk.certificates.pair("client")
    desk.account(exim, certificate=certificate, key=key, auth="EXTERNAL").start()
    desk.hand_in()
    estafeta.wait_for_pause("client-key")
    assert "chmod 600" in estafeta.log() + estafeta.cli("status").output
    own = own_file(estafeta, "own.key", key.read_text())
    desk.account(exim, certificate=certificate, key=own, auth="EXTERNAL")
    estafeta.write()
    exim.wait_for(1)
    estafeta.wait_for_states("sent")


def test_smart_card(desk, estafeta):
    """The key stays in its token, and the PIN in a file of its own (PKCS#11, by SoftHSM)."""
    folder = estafeta.session.folder
    (folder / "card").mkdir(mode=0o700)
    settings = own_file(estafeta, "softhsm2.conf", f"directories.tokendir = {folder}/card\nlog.level = ERROR\n")
    env = {"PATH": "/usr/bin:/bin", "SOFTHSM2_CONF": str(settings), "LANG": "C.UTF-8", "GNUTLS_PIN": "4711",
           "HOME": str(folder / "home")}

    def tool(*argv):
        code, output, errors = run(argv, env)
        assert code == 0, (argv, output, errors)

    tool("softhsm2-util", "--init-token", "--free", "--label", "card", "--pin", "4711", "--so-pin", "123456")
    certificate, key = desk.certificates.pair("client")
    for what, file in (("--load-certificate", certificate), ("--load-privkey", key)):
        tool("p11tool", "--write", "--login", "--batch", what, str(file), "--label", "mail", "pkcs11:token=card")
    pin = own_file(estafeta, "pin", "0815\n")
    exim = desk.exim(options=ASKS).start()
    desk.account(
        exim, auth="EXTERNAL", user=None, password_command=None,
        certificate="pkcs11:token=card;object=mail;type=cert",
        key=f"pkcs11:token=card;object=mail;type=private?pin-source=file:{pin}",
    ).start(SOFTHSM2_CONF=str(settings))
    desk.hand_in()
    estafeta.wait_for_pause("client-key")
    assert "the PIN is wrong; it was tried once" in estafeta.log()
    pin.write_text("4711\n")
    assert estafeta.send().code == 0
    exim.wait_for(1)
    estafeta.wait_for_states("sent")
    assert "A=external:alice" in exim.log()
