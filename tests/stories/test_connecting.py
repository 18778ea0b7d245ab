"""From a server's name to a connection: dead addresses, names that lead nowhere, proxies, and on this machine
the question whose socket it is."""

import json
import time

import pytest

from parts import proxy as proxies
from parts.cable import FAR, FAR_6, Cable
from parts.mail import message
from parts.names import NXDOMAIN, SERVFAIL, SILENT, Names
from parts.no_netlink import without_netlink
from parts.program import NOBODY, accepts, free_port, give_to, until
from parts.proxy import CLOSE, GARBAGE, LOST, REFUSE, Proxy
from parts.smtp import hand_in

DEAD_6 = "2001:db8:dead::{}"  # routed to the far end, where nobody has it: no answer, ever
DEAD_4 = "10.78.0.{}"


@pytest.fixture
def cable(desk):
    cable = Cable(desk.session)
    cable.plug_in_both()
    return cable


@pytest.fixture
def directory(desk, cable):
    """The name server that the daemon asks; it lives where the daemon does."""
    directory = Names(desk.session, {})
    cable.at_near_end(directory.open)
    desk.estafeta.prefix = [*cable.prefix, *directory.prefix]
    yield directory
    directory.close()


@pytest.fixture
def relay(desk, cable):
    """A provider at the far end, called relay.test; by IPv4 only."""
    relay = desk.practice("named")
    relay.host = FAR
    cable.at_far_end(relay.start)
    return relay


def address(name):
    return f"{name}@example.org"


def accounts(desk, relay, **by_name):
    """One account per name, which differ in what is said of them; mail from NAME@example.org goes there."""
    for name, values in by_name.items():
        values = {"host": "relay.test", **values}
        desk.account(relay, name=name, addresses=address(name), **values)


def send(desk, name):
    sender = address(name)
    answer = hand_in(desk.estafeta.submission_socket, message(name, sender=sender), sender=sender)
    assert answer.startswith("250"), answer


def account(desk, name):
    return next(each for each in desk.estafeta.status()["accounts"] if each["name"] == name)


def assert_nothing_happened(desk):
    """All mail waits, or is just being tried again."""
    mails = desk.estafeta.list()
    assert {mail["state"] for mail in mails} <= {"waiting", "sending"}
    assert {mail["attempts"] for mail in mails} == {0}
    return mails


def seconds_to_send(desk, relay, name):
    count = len(relay.mails)
    begin = time.monotonic()
    send(desk, name)
    relay.wait_for(count + 1)
    return time.monotonic() - begin


@pytest.mark.root
def test_dead_addresses_first(desk, directory, relay):
    """What does not answer is not waited for: with a limit of a minute for connecting, mail goes all the same."""
    directory.table = {
        "relay.test": [FAR],
        "dead.known.test": [DEAD_6.format(1), FAR],
        "refused.known.test": [FAR_6, FAR],
        "many.known.test": [*map(DEAD_6.format, range(1, 30)), FAR],
    }
    desk.estafeta.delivery.update(connect=60, keep=0)
    accounts(desk, relay, live={}, **{name: {"host": f"{name}.known.test"} for name in ("dead", "refused", "many")})
    desk.estafeta.start()
    taken = {name: seconds_to_send(desk, relay, name) for name in ("live", "live", "refused", "dead", "many")}
    print(taken)
    assert max(taken.values()) - taken["live"] < 20, taken
    assert [talk.signed_in for talk in relay.talks] == [True] * 5


FAULTS = {
    "nowhere": (NXDOMAIN, "name-lookup"),
    "broken": (SERVFAIL, "name-lookup"),
    "empty": ([], "name-lookup"),
    "silent": (SILENT, "name-lookup"),
    "never": ((3600, [FAR]), "name-lookup"),
    "dead": ([*map(DEAD_4.format, range(1, 26)), *map(DEAD_6.format, range(1, 26))], "timed-out"),
    "closed": ([FAR_6], "unreachable"),
}


@pytest.mark.root
def test_names_that_lead_nowhere(desk, directory, cable, relay):
    """Each with its reason; nothing has failed, and without a network that is the reason of all."""
    directory.table = {f"{name}.test": answer for name, (answer, _) in FAULTS.items()}
    directory.table["slow.test"] = directory.table["later.test"] = (1, [FAR])
    desk.estafeta.delivery["connect"] = 3
    relay.users = {}
    accounts(desk, relay, slow={"host": "slow.test", "security": "tls"}, **{name: {"host": f"{name}.test"} for name in FAULTS})
    desk.estafeta.start()
    for name in FAULTS:
        send(desk, name)
    send(desk, "slow")
    for name, (_, reason) in FAULTS.items():
        desk.estafeta.wait_for_pause(reason, account=name)
    # It was found, late: but it is called something else.
    desk.estafeta.wait_for_pause("certificate", "certificate-name", account="slow")
    assert_nothing_happened(desk)

    cable.pull_out()
    for name in FAULTS:
        desk.estafeta.wait_for_pause("offline", account=name)
    assert_nothing_happened(desk)


@pytest.mark.root
def test_a_name_that_leads_back(desk, directory, relay):
    """To our own listener: nothing goes round in circles, and when the name leads elsewhere the mail leaves."""
    directory.table = {"relay.test": ["127.0.0.1"]}
    estafeta = desk.estafeta
    accounts(desk, relay, back={"port": estafeta.port})
    estafeta.start()
    send(desk, "back")
    estafeta.wait_for_pause("loop", account="back")
    assert "leads back to Estafeta itself" in estafeta.cli("status").output
    assert estafeta.states() == ["waiting"]
    wrong = estafeta.cli("account", "add", "round", "--address", "round@example.org", "--host", "localhost", "--port",
                         str(estafeta.port), "--no-password")
    assert wrong.code == 1 and "lead back to Estafeta itself" in wrong.errors, wrong


@pytest.fixture
def proxy(desk, cable):
    """Makes proxies at the far end, which know relay.test where our name server does not."""
    made = []

    def make(**how):
        one = Proxy({"relay.test": FAR}, host=FAR, **how)
        cable.at_far_end(one.start)
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()


@pytest.mark.root
def test_through_proxies(desk, directory, relay, proxy):
    """Mail leaves by each kind; the proxy looks the name up, the certificate must be the relay's all the same, and
    the delivery note names the proxy without its secrets."""
    directory.table = {"four.known.test": [FAR], "proxy.test": [DEAD_6.format(1), FAR]}
    free, closed = proxy(), proxy(user="me", password="s3cr3t")
    wishes = {kind: {"proxy": free.uri(kind)} for kind in ("socks5", "socks4a", "http")}
    wishes["socks4"] = {"proxy": free.uri("socks4"), "host": "four.known.test"}
    wishes["named"] = {"proxy": f"socks5://proxy.test:{free.port}"}
    wishes.update({f"secret-{kind}": {"proxy": closed.uri(kind, "me", "s3cr3t")} for kind in ("socks5", "http")})
    accounts(desk, relay, **wishes)
    desk.estafeta.start()
    for name in wishes:
        send(desk, name)
    relay.wait_for(len(wishes))
    desk.estafeta.wait_for_states(*["sent"] * len(wishes))

    assert sorted(set(free.asked)) == [(FAR, relay.port), ("relay.test", relay.port)]
    assert set(closed.asked) == {("relay.test", relay.port)}
    assert not [name for name in directory.asked if name.endswith("relay.test")]
    notes = {mail["sender"]: desk.estafeta.show(mail["id"]) for mail in desk.estafeta.list()}
    for name in wishes:
        text = json.dumps(notes[address(name)])
        uri = wishes[name]["proxy"]
        assert uri.replace("me:s3cr3t@", "") in text, text
        assert "s3cr3t" not in text
    assert "s3cr3t" not in desk.estafeta.log() + desk.estafeta.cli("account", "list", "--json").output


DESKTOP = """[system/proxy]
mode='{mode}'

[system/proxy/socks]
host='{host}'
port={port}
"""


@pytest.mark.root
def test_the_proxy_of_the_desktop(desk, directory, relay, proxy):
    """What GNOME's settings say of proxies holds without a word in ours, and a change of them for the next connection."""
    one, other = proxy(), proxy()
    settings = desk.session.folder / "config" / "glib-2.0" / "settings" / "keyfile"
    settings.parent.mkdir(parents=True)
    del desk.session.env["GIO_USE_PROXY_RESOLVER"]
    desk.estafeta.env.update(XDG_CURRENT_DESKTOP="GNOME", GSETTINGS_BACKEND="keyfile")
    desk.estafeta.delivery["keep"] = 0
    accounts(desk, relay, home={})
    settings.write_text(DESKTOP.format(mode="manual", host=FAR, port=one.port))
    desk.estafeta.start()
    send(desk, "home")
    relay.wait_for(1)
    assert one.asked == [("relay.test", relay.port)]
    assert f"socks5://{FAR}:{one.port}" in json.dumps(desk.estafeta.show(1))

    settings.write_text(DESKTOP.format(mode="manual", host=FAR, port=other.port))
    until("the other proxy", lambda: send(desk, "home") or other.asked, limit=20, pause=0.5)
    assert directory.asked == []  # neither for its address nor for its keys (DANE)
    settings.write_text(DESKTOP.format(mode="none", host=FAR, port=other.port))
    directory.table = {"relay.test": [FAR]}
    dane = f"_{relay.port}._tcp.relay.test"
    until("no proxy", lambda: send(desk, "home") or dane in directory.asked, limit=20, pause=0.5)
    desk.estafeta.wait_for(lambda: "all mail sent", lambda mails: all(mail["state"] == "sent" for mail in mails))


TROUBLES = {
    # what the proxy does, how it is asked, the reason, its figures
    "refuse5": ({"fault": REFUSE}, "socks5", "proxy", "refused"),
    "refuse4": ({"fault": REFUSE}, "socks4a", "proxy", None),
    "refuseh": ({"fault": REFUSE}, "http", "proxy", "refused"),
    "asks5": ({"user": "me", "password": "s3cr3t"}, "socks5", "proxy", "sign-in"),
    "asksh": ({"user": "me", "password": "s3cr3t"}, "http", "proxy", "sign-in"),
    "garbage5": ({"fault": GARBAGE}, "socks5", "proxy", None),
    "garbageh": ({"fault": GARBAGE}, "http", "proxy", None),
    "close5": ({"fault": CLOSE}, "socks5", "proxy", None),
    "closeh": ({"fault": CLOSE}, "http", "proxy", None),
    "silent5": ({"fault": proxies.SILENT}, "socks5", "proxy", None),
    "silenth": ({"fault": proxies.SILENT}, "http", "proxy", None),
    "lost5": ({"fault": LOST}, "socks5", "unreachable", None),
}


@pytest.mark.root
def test_proxies_in_trouble(desk, directory, relay, proxy, cable):
    """It is the proxy's trouble and passes; a wrong password is told, and never shown. Nothing goes around it."""
    directory.table = {"relay.test": [FAR]}
    desk.estafeta.delivery["connect"] = 3
    wishes = {name: {"proxy": proxy(**how).uri(kind)} for name, (how, kind, _, _) in TROUBLES.items()}
    asking = proxy(user="me", password="s3cr3t")
    expected = {name: (reason, figures) for name, (_, _, reason, figures) in TROUBLES.items()}
    for kind in ("socks5", "http"):
        wishes[f"wrong{kind}"] = {"proxy": asking.uri(kind, "me", "wr0ng")}
        expected[f"wrong{kind}"] = ("proxy", "sign-in")
    wishes["absent"] = {"proxy": f"socks5://{FAR}:{free_port()}"}
    wishes["unknown"] = {"proxy": "socks5://nowhere.test:1080"}
    wishes["elsewhere"] = {"proxy": proxy().uri("http"), "host": FAR}  # the certificate is for a name
    expected.update(absent=("proxy", "absent"), unknown=("proxy", None))
    accounts(desk, relay, **wishes)
    desk.estafeta.start()
    for name in wishes:
        send(desk, name)
    for name, (reason, figures) in expected.items():
        desk.estafeta.wait_for_pause(reason, account=name)
        if reason == "proxy":
            assert account(desk, name).get("figures") == figures, account(desk, name)
    desk.estafeta.wait_for_pause("certificate", "certificate-name", account="elsewhere")
    assert relay.heard("EHLO") == []
    mails = assert_nothing_happened(desk)
    words = desk.estafeta.cli("status").output
    assert "It wants a user name and a password" in words and "proxy=none" in words
    assert "wr0ng" not in desk.estafeta.log() + words + json.dumps(mails)

    cable.pull_out()
    for name in ("absent", "unknown", "silent5"):
        desk.estafeta.wait_for_pause("offline", account=name)


# A mail server for this machine: listens as who starts it, and serves as another user if told so.
SERVER = """
import os, socket, sys
port, uid = int(sys.argv[1]), sys.argv[2]
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen(50)
if uid == "never":
    import time; print("here", flush=True); time.sleep(120)
if uid != "same":
    os.setuid(int(uid))
print("here", flush=True)
while True:
    link = listener.accept()[0]
    link.settimeout(20)
    try:
        lines = link.makefile("rb")
        link.sendall(b"220 here\\r\\n")
        content = False
        while line := lines.readline():
            print("heard", line, flush=True)
            verb = line[:4].upper()
            if content:
                content = line != b".\\r\\n"
                answer = None if content else b"250 taken"
            elif verb == b"DATA":
                content, answer = True, b"354 go on"
            else:
                answer = {b"QUIT": b"221 bye", b"EHLO": b"250-here\\r\\n250 8BITMIME"}.get(verb, b"250 ok")
            if answer:
                link.sendall(answer + b"\\r\\n")
    except OSError as error:
        print("broken", error, flush=True)
    link.close()
"""

OTHER = 54321


def serve(desk, uid=None, become="same"):
    """Its port and what it has heard so far."""
    port = free_port()
    server = desk.session.start(f"server-{port}", ["/usr/bin/python3", "-c", SERVER, port, become], uid=uid)
    until("the server", lambda: "here" in server.said())
    return port, lambda: server.said().count("heard")


def plain(desk, port, **values):
    desk.account(port, **{"security": "none", "auth": "none", "user": None, "password_command": None, **values})


@pytest.mark.root
@pytest.mark.parametrize("become", ["same", "never"], ids=["serving", "not accepting"])
def test_a_stranger_at_the_relays_port(desk, estafeta, become):
    """Nobody is greeted there, with or without encryption; who it is is told; the settings can allow it."""
    port, heard = serve(desk, NOBODY, become)
    plain(desk, port, relay_user=None)
    desk.account(port, name="safe", addresses=address("safe"), relay_user=OTHER)
    estafeta.start()
    desk.hand_in()
    send(desk, "safe")
    for name in ("home", "safe"):
        estafeta.wait_for_pause("stranger", account=name)
        assert account(desk, name)["figures"] == f"{NOBODY} nobody"
    assert heard() == 0
    assert "“nobody”" in estafeta.cli("status").output
    assert_nothing_happened(desk)

    if become == "same":
        plain(desk, port, relay_user="nobody")
        estafeta.write()
        estafeta.wait_for("the mail to leave", lambda mails: "sent" in [mail["state"] for mail in mails])
        assert heard() > 3


@pytest.mark.root
@pytest.mark.parametrize("become", ["same", str(NOBODY)], ids=["its own", "handed on"])
def test_roots_socket_is_as_good(desk, estafeta, become):
    """Whoever serves it had it from root."""
    port, heard = serve(desk, become=become)
    plain(desk, port, relay_user=None)
    estafeta.start()
    for _ in range(3):
        desk.hand_in()
    estafeta.wait_for_states("sent", "sent", "sent")


@pytest.mark.root
def test_a_daemon_that_is_not_roots(desk, estafeta):
    """Root's servers and this user's own are served, another user's is not."""
    ports = {"root": serve(desk), "own": serve(desk, NOBODY), "other": serve(desk, OTHER),
             "dropped": serve(desk, become=str(OTHER))}
    for name, (port, _) in ports.items():
        plain(desk, port, name=name, addresses=address(name), relay_user=None)
    estafeta.write()
    give_to(NOBODY, desk.session.folder / "config", *(desk.session.folder / name for name in ("home", "run", "data", "cache", "state")))
    estafeta.prefix = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--"]
    estafeta.session.env.pop("DBUS_SESSION_BUS_ADDRESS")
    estafeta.start(wait=False)
    until("it to listen", lambda: accepts(estafeta.port), 20)
    desk.session.run(["/usr/bin/python3", "-c", WRITER, estafeta.port, *ports], uid=NOBODY, cwd="/")
    for name in ("root", "own", "dropped"):
        until(f"mail at {name}", lambda: ports[name][1]() > 3, 20)
    until("the stranger to be seen", lambda: f"uid {OTHER}" in estafeta.log(), 20)
    assert ports["other"][1]() == 0


WRITER = """
import smtplib, sys
for name in sys.argv[2:]:
    with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as smtp:
        smtp.sendmail(name + "@example.org", ["bob@example.net"], "Subject: x\\r\\n\\r\\nx\\r\\n")
"""


def test_the_kernel_cannot_be_asked(desk, estafeta):
    """Encryption proves the relay then; without it nothing is sent."""
    relay, bare = desk.practice().start(), desk.practice(security="none", users={}).start()
    desk.account(relay)
    plain(desk, bare.port, name="bare", addresses=address("bare"))
    estafeta.prefix = without_netlink()
    estafeta.start()
    send(desk, "bare")
    assert hand_in(estafeta.submission_socket, message()).startswith("250")
    relay.wait_for(1)
    estafeta.wait_for_pause("stranger", account="bare")
    assert bare.heard("EHLO") == []
