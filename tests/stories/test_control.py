"""What a person asks of messages, by the command line, also in the very moment they leave."""

import ctypes
import json
import os
import pty
import signal
import subprocess
import time

import pytest

from parts.mail import fields, large, message
from parts.program import free_port, until


@pytest.fixture
def relay(desk):
    return desk.practice(security="none").start()


@pytest.fixture
def home(desk, relay):
    """One account whose relay is there."""
    return desk.account(relay, security="none").start()


@pytest.fixture
def offline(desk, estafeta):
    """One account whose relay is not there yet."""
    relay = desk.practice(security="none")
    desk.account(relay, security="none").start()
    estafeta.relay = relay
    return estafeta


def test_hold_and_release(desk, offline):
    desk.hand_in(message("One"))
    desk.hand_in(message("Two"))
    assert offline.cli("hold", 1).output == "1 message is on hold now.\n"
    offline.relay.start()
    offline.send()
    offline.relay.wait_for(1)
    offline.wait_for_states("held", "sent")
    assert offline.show(1)["reason"] == "by-hand"
    again = offline.cli("hold", 1)
    assert again.code == 1 and "Message 1 is on hold" in again.errors
    assert offline.cli("release", "--reason", "by-hand").code == 0
    offline.relay.wait_for(2)
    assert [a["detail"] for a in offline.show(1)["attempts-made"] if a["reason"] == "by-hand"] == ["held", "released"]


def test_discard(desk, offline):
    """Asks, or is told "--yes"; the delivery note stays, the content does not."""
    for number in range(3):
        desk.hand_in(message(f"Mail {number}"))
    assert offline.cli("discard", 1).code == 2
    assert offline.cli("discard").code == 2
    assert offline.cli("discard", "--yes", 1, 99).code == 4
    assert offline.states() == ["waiting"] * 3
    assert offline.cli("discard", "--yes", 1).code == 0
    assert offline.cli("discard", "--yes", "--search", "mail 2").output == "1 message was discarded.\n"
    assert offline.states() == ["discarded", "waiting", "discarded"]
    gone = offline.cli("export", 1)
    assert gone.code == 1 and "delivery note" in gone.errors
    assert "Mail 0" in offline.cli("show", 1).output
    offline.relay.start()
    offline.send()
    assert fields(offline.relay.wait_for(1)[0].content, "subject") == ["Mail 1"]


def at_terminal(desk, estafeta, *arguments, says=""):
    """A command at a terminal where somebody types `says`: its exit code, and what stands there then."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [estafeta.cli_path, *map(str, arguments)], env={**desk.session.env, **estafeta.env},
        stdin=theirs, stdout=theirs, stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, says.encode())
    screen = b""
    try:
        while octets := os.read(ours, 4096):
            screen += octets
    except OSError:  # the last one has closed it
        pass
    finally:
        os.close(ours)
    return program.wait(10), screen.decode()


def test_discard_at_a_terminal(desk, offline):
    """How many and which is said before; what comes in meanwhile is not meant."""
    for number in range(7):
        desk.hand_in(message(f"Mail {number}"))
    offline.cli("hold", 2)
    code, screen = at_terminal(desk, offline, "discard", "--state", "waiting", says="n\n")
    assert code == 1 and "Discard 6 messages for good?" in screen
    assert "Mail 0" in screen and "Mail 1" not in screen and "and 1 more" in screen
    assert set(offline.states()) == {"waiting", "held"}
    code, screen = at_terminal(desk, offline, "discard", 2, 3, says="y\n")
    assert code == 0 and "Discard 2 messages" in screen and "Mail 1" in screen and "Mail 2" in screen
    assert offline.states() == ["waiting", "discarded", "discarded"] + ["waiting"] * 4
    code, screen = at_terminal(desk, offline, "discard", "--state", "failed")
    assert code == 0 and "0 messages were discarded" in screen and "?" not in screen
    assert at_terminal(desk, offline, "discard", 99, says="y\n")[0] == 4
    assert at_terminal(desk, offline, "export", 1)[0] == 2
    assert "Subject: Mail 0" in at_terminal(desk, offline, "export", 1, "-")[1]


def names(estafeta):
    return [account["name"] for account in estafeta.cli("account", "list", "--json").json]


@pytest.fixture
def heir(desk, offline):
    """Three messages wait for the account "home"; another one sends for the same people by a relay that is there."""
    for number in range(3):
        desk.hand_in(message(f"Mail {number}"))
    other = desk.practice(security="none").start()
    desk.account(other, name="heir", security="none", addresses="other@example.net", default="yes")
    offline.write()
    until("two accounts", lambda: len(names(offline)) == 2)
    return other


@pytest.mark.parametrize("options", [
    (), ("--json",), ("--keep", "--discard"), ("--discard", "--move", "heir"), ("--move", "home"),
])
def test_removing_an_account_decides_nothing_by_itself(desk, offline, heir, options):
    """Where nobody can be asked, or what was said cannot be, mail and account stay."""
    answer = offline.cli("account", "remove", "home", *options)
    assert answer.code == 2 and answer.errors
    assert names(offline) == ["home", "heir"] and offline.states() == ["waiting"] * 3


def test_removing_an_account_that_is_not_there(desk, offline, heir):
    """Not its mail either: some may wait for an account that is gone."""
    assert offline.cli("account", "remove", "away", "--discard").code == 4
    assert offline.cli("account", "remove", "home", "--move", "away").code == 4
    assert offline.cli("account", "remove", "home", "--keep").code == 0
    assert offline.cli("account", "remove", "home", "--discard").code == 4
    assert names(offline) == ["heir"] and offline.states() == ["waiting"] * 3
    assert {mail["reason"] for mail in offline.list()} == {"no-account"}


def test_removing_an_account_and_its_mail(desk, offline, heir):
    offline.cli("hold", 2)
    assert offline.cli("account", "remove", "home", "--discard").output == "The account “home” is removed.\n"
    assert names(offline) == ["heir"] and offline.states() == ["discarded"] * 3 and heir.taken == []


def test_removing_an_account_whose_mail_moves(desk, offline, heir):
    """To the default account, though the one that goes has the address; it leaves at once."""
    answer = offline.cli("account", "remove", "home", "--move", "heir")
    assert answer.code == 0 and names(offline) == ["heir"]
    assert sorted(fields(mail.content, "subject")[0] for mail in heir.wait_for(3)) == ["Mail 0", "Mail 1", "Mail 2"]
    offline.wait_for_states("sent", "sent", "sent")


def test_removing_an_account_whose_mail_cannot_move(desk, offline, heir):
    """An account that does not send for the writers is no way out: nothing is lost, or half done."""
    desk.account(free_port(), name="strange", security="none", addresses="strange@example.net")
    offline.write()
    until("three accounts", lambda: len(names(offline)) == 3)
    answer = offline.cli("account", "remove", "home", "--move", "strange")
    assert answer.code == 1 and "Mail 2" in answer.output and "does not send" in answer.errors
    assert names(offline) == ["home", "heir", "strange"] and offline.states() == ["waiting"] * 3
    assert {mail["account"] for mail in offline.list()} == {"home"}


def test_removing_an_account_of_which_only_some_mail_can_move(desk, offline, heir):
    """The other one has the domain of some writers: their mail moves, what is held stays so, and the account stays for
    the rest until that is decided about."""
    offline.accounts["home"]["addresses"] = "alice@example.org;bob@example.com"
    offline.accounts["heir"].update({"addresses": "*@example.org", "default": "no"})
    offline.write()
    until("the other address", lambda: "bob@example.com" in offline.cli("account", "show", "home").output)
    desk.hand_in(message("Mail 3"), sender="bob@example.com")
    offline.cli("hold", 2)
    answer = offline.cli("account", "remove", "home", "--move", "heir")
    assert answer.code == 1 and "Mail 3" in answer.output and "Mail 0" not in answer.output
    assert "does not send" in answer.errors and names(offline) == ["home", "heir"]
    assert sorted(fields(mail.content, "subject")[0] for mail in heir.wait_for(2)) == ["Mail 0", "Mail 2"]
    offline.wait_for_states("sent", "held", "sent", "waiting")
    assert [mail["account"] for mail in offline.list()] == ["heir", "heir", "heir", "home"]

    assert offline.cli("discard", "--yes", 4).code == 0
    assert offline.cli("account", "remove", "home", "--move", "heir").code == 0
    assert names(offline) == ["heir"]
    assert offline.cli("release", 2).code == 0
    heir.wait_for(3)


def test_removing_an_account_at_a_terminal(desk, offline, heir):
    """Twice no changes nothing; the mail is shown, so that the person knows what it is about."""
    code, screen = at_terminal(desk, offline, "account", "remove", "home", says="n\nn\n")
    assert code == 1 and "Mail 0" in screen and "Keep 3 messages" in screen and "Discard 3" in screen
    assert "--move" in screen and names(offline) == ["home", "heir"]
    code, screen = at_terminal(desk, offline, "account", "remove", "home", says="y\n")
    assert code == 0 and "Discard" not in screen
    assert names(offline) == ["heir"] and offline.states() == ["waiting"] * 3
    code, screen = at_terminal(desk, offline, "account", "remove", "heir")
    assert code == 0 and "?" not in screen and names(offline) == []


def interrupt(pid):
    """Ctrl-C as the kernel may deliver it: to a thread of the program that is not the one that asks."""
    threads = sorted(map(int, os.listdir(f"/proc/{pid}/task")))
    assert len(threads) > 1, "nobody but the one that asks"
    ctypes.CDLL(None).tgkill(pid, threads[-1], signal.SIGINT)


def test_a_question_is_interrupted(desk, offline):
    """Ctrl-C ends it, whichever thread it falls to, and nothing is set up."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [offline.cli_path, "account", "password", "home"], env={**desk.session.env, **offline.env},
        stdin=theirs, stdout=theirs, stderr=theirs,
    )
    try:
        screen = b""
        while not screen.endswith(b": "):
            screen += os.read(ours, 4096)
        interrupt(program.pid)
        assert program.wait(10) == -signal.SIGINT
    finally:
        program.kill()
        program.wait()
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("options", [
    ("--state", ""), ("--state", "waiting,asleep"), ("--reason", "weather"), ("--search", ""),
    ("--before", "soon"), ("--all", 1), ("--account",),
])
def test_a_slip_chooses_nothing(desk, offline, options):
    desk.hand_in()
    assert offline.cli("discard", "--yes", *options).code == 2
    assert offline.cli("discard", "--yes", "--before", "1969-01-01").code == 0
    offline.wait_for_states("waiting")  # it may just have been tried


def test_discard_before_the_last_octet(desk, home, relay):
    """On its way, the relay hangs: it is called back, and never arrives."""
    relay.on("data", "hang")
    desk.hand_in(message("Called back"))
    home.wait_for_states("sending")
    begin = time.monotonic()
    assert home.cli("discard", "--yes", 1).code == 0
    assert time.monotonic() - begin < 4
    assert home.states() == ["discarded"]
    other = desk.hand_in(message("The next one"))
    assert [mail.content for mail in relay.wait_for(1)] == [other]


def test_discard_in_the_middle_of_a_large_one(desk, home, relay):
    relay.on("body", "stall")
    desk.hand_in(large(20))
    home.wait_for_states("sending")
    until("content to come", lambda: relay.heard("DATA"))
    time.sleep(0.3)
    assert home.cli("hold", 1).code == 0
    assert home.states() == ["held"] and relay.taken == []
    assert home.cli("release", 1).code == 0
    relay.wait_for(1, limit=30)


def test_discard_after_the_last_octet(desk, home, relay):
    """Too late: the relay has it all. Its answer is waited for, and told."""
    relay.on("final", "250 2.0.0 yes").delay = 2
    desk.hand_in()
    until("all of it", lambda: len(relay.taken) == 1)
    late = home.cli("discard", "--yes", 1)
    assert late.code == 1 and late.errors == "estafeta: Message 1 has been sent. Nothing was changed.\n"
    relay.delay = 0
    relay.on("final", "hang")
    desk.hand_in()
    until("all of it", lambda: len(relay.taken) == 2)
    late = home.cli("discard", "--yes", 2)
    assert late.code == 1 and "has not answered yet" in late.errors
    assert home.states()[1] == "sending"


def test_readdress(desk, home, relay):
    """One refused recipient gets another address; the others are not written to again."""
    relay.on("rcpt", "550 5.1.1 no such user", match="bbo@")
    content = desk.hand_in(recipients=("carol@example.net", "bbo@example.net"))
    home.wait_for_states("failed")
    assert home.cli("readdress", 1, "carol@example.net", "dave@example.net").code == 4
    assert home.cli("readdress", 1, "bbo@example.net", "no address").code == 2
    assert home.cli("readdress", 1, "bbo@example.net", "bob@example.net").code == 0
    first, second = relay.wait_for(2)
    assert (first.recipients, second.recipients) == (["carol@example.net"], ["bob@example.net"])
    assert first.content == second.content == content
    home.wait_for_states("sent")


def test_move(desk, estafeta):
    """To another account that sends for the sender, never to one that does not."""
    dead, alive = desk.practice(security="none"), desk.practice(security="none").start()
    desk.account(dead, security="none", name="home", addresses="alice@example.org")
    desk.account(alive, security="none", name="spare", addresses="spare@example.org")
    estafeta.start()
    content = desk.hand_in()
    estafeta.wait_for_pause("unreachable")
    refused = estafeta.cli("move", 1, "--to", "spare")
    assert refused.code == 1 and "spare" in refused.errors
    assert estafeta.cli("move", 1, "--to", "nowhere").code == 4
    estafeta.account(name="home", relay=dead, security="none", addresses="other@example.org")
    estafeta.account(name="spare", relay=alive, security="none", addresses="alice@example.org")
    estafeta.write()
    until("the new settings", lambda: estafeta.cli("move", 1, "--to", "spare").code == 0)
    assert [mail.content for mail in alive.wait_for(1)] == [content]
    assert estafeta.show(1)["account"] == "spare"


def test_pause_and_resume(desk, home, relay):
    """Everything, or one account; over a restart too."""
    assert home.cli("pause").code == 0
    desk.hand_in()
    assert home.list()[0]["reason"] == "by-hand"
    home.restart()
    refused = home.cli("send", 1)
    assert refused.code == 1 and "stopped by hand" in refused.errors
    assert "stopped by hand" in home.cli("status").output
    assert relay.talks == []
    assert home.cli("resume").code == 0
    relay.wait_for(1)
    assert home.cli("pause", "home").code == 0
    assert home.cli("pause", "nowhere").code == 4
    desk.hand_in()
    time.sleep(0.5)
    assert home.states()[1] == "waiting" and len(relay.mails) == 1
    assert home.cli("resume", "home").code == 0
    relay.wait_for(2)


def test_send_all_but_what_is_stopped(desk, estafeta):
    """Not by number, and by filter only the others."""
    relay = desk.practice(security="none").start()
    for name in ("home", "work"):
        desk.account(relay, security="none", name=name, addresses=f"{name}@example.org")
    estafeta.start()
    relay.on("final", "550 5.7.1 we do not like it", times=2)
    for sender in ("home@example.org", "work@example.org"):
        desk.hand_in(sender=sender)
    estafeta.wait_for_states("failed", "failed")
    estafeta.cli("pause", "work")
    assert estafeta.send(1, 2).code == 1
    assert estafeta.states() == ["failed", "failed"]
    assert estafeta.cli("send", "--state", "failed").output == "1 message is being tried now.\n"
    relay.wait_for(1)
    assert estafeta.states() == ["sent", "failed"]
    estafeta.cli("pause")
    assert estafeta.cli("send", "--state", "failed").output == "There is nothing that could be tried now.\n"


def test_pause_while_one_is_under_way(desk, home, relay):
    relay.delay = 1
    desk.hand_in(message("Under way"))
    desk.hand_in(message("Not yet"))
    until("the first", lambda: len(relay.taken) == 1)
    home.cli("pause")
    relay.wait_for(1)
    home.wait_for_states("sent", "waiting")
    time.sleep(0.5)
    assert home.states() == ["sent", "waiting"]


def test_export_and_import(desk, offline, tmp_path):
    """What is exported is what was handed in; imported again it leaves for the same people."""
    content = desk.hand_in(message("There and back", to="Bob <bob@example.net>, team: carol@example.net;"))
    file = tmp_path / "mail.eml"
    assert offline.cli("export", 1, file).code == 0
    assert file.read_bytes() == content
    assert offline.cli("export", 1, file).code == 1
    assert offline.cli("export", "--force", 1, file).code == 0
    assert offline.cli("discard", "--yes", 1).code == 0
    file.write_bytes(content.replace(b"\r\n", b"\n"))
    taken = offline.cli("import", file, "--hold", "--json")
    assert taken.json == {"id": 2}
    mail = offline.show(2)
    assert mail["state"] == "held" and mail["recipients"] == ["bob@example.net", "carol@example.net"]
    offline.relay.start()
    assert offline.cli("release", 2).code == 0
    assert offline.relay.wait_for(1)[0].content == content
    piped = offline.cli("import", "-", "--from", "alice@example.org", "--to", "dave@example.net", input=content)
    assert piped.code == 0
    assert offline.relay.wait_for(2)[1].recipients == ["dave@example.net"]


@pytest.mark.parametrize("content, words", [
    (b"", "header"),
    (b"no header at all\n", "header"),
    (b"From: alice@example.org\nSubject: to nobody\n\nhi\n", "no recipients"),
    (b"To: bob@example.net\nSubject: from nobody\n\nhi\n", "no sender"),
    (b"From: eve@example.com\nTo: bob@example.net\n\nhi\n", "none of your accounts"),
    (b"From: alice@example.org\nTo: bob@example.net\n\nh\0i\n", "NUL"),
    (b"From: alice@example.org\nTo: bob@example.net\n\nh\ri\n", "CR"),
    (b"From: alice@example.org\nTo: bob at example\n\nhi\n", "no address"),
])
def test_what_is_no_mail(desk, offline, content, words):
    refused = offline.cli("import", "-", input=content)
    assert refused.code == 1 and words in refused.errors, refused
    assert offline.list() == []


def test_import_of_one_that_was_sent_again(desk, offline):
    """It goes to whom it was sent last, and to no others; whom that was a secret about stays one."""
    text = (
        b"Resent-From: alice@example.org\nResent-To: Team: dave@example.net;\nResent-Bcc: secret@example.net\n"
        b"Received: from somewhere\nResent-To: erin@example.net\n"
        b"From: alice@example.org\nTo: bob@example.net\nSubject: again\n\nhi\n"
    )
    assert offline.cli("import", "-", input=text).code == 0
    assert offline.list()[0]["recipients"] == ["dave@example.net", "secret@example.net"]
    offline.relay.start()
    offline.send()
    assert b"secret" not in offline.relay.wait_for(1)[0].content


def test_list_and_journal(desk, home, relay):
    """Filters, pages, search, and the last so many."""
    relay.on("final", "550 5.7.1 we do not like it")
    desk.hand_in(message("About cats"))
    home.wait_for_states("failed")
    desk.hand_in(message("About dogs, and Ärzte"), recipients=("vet@example.com",))
    home.wait_for_states("failed", "sent")

    def listed(*options):
        return [mail["id"] for mail in home.cli("list", "--json", *options).json]

    assert listed() == [1, 2]
    assert listed("--state", "failed,held") == [1]
    assert listed("--search", "ärzte") == [2] == listed("--search", "VET@")
    assert listed("--since", "1h") == [1, 2] and listed("--before", "1h") == []
    assert listed("--last", "1") == [2] and listed("--account", "work") == []
    assert home.cli("list", "--state", "sleeping").code == 2
    assert home.cli("list", "--since", "soon").code == 2
    assert len(home.cli("journal", "--json").json) == 2
    (refused,) = home.cli("journal", "--json", "--search", "do not LIKE").json
    assert refused["message"] == 1 and refused["reason"] == "refused"
    assert "we do not like it" in home.cli("journal", "--message", 1).output
    assert "nothing of that kind" in home.cli("journal", "--message", 7).output


def test_watch(desk, home, relay):
    """Lines come as things happen, and it ends when the daemon does."""
    watcher = subprocess.Popen(
        [home.cli_path, "watch", "--json"], env={**desk.session.env, **home.env},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    try:
        time.sleep(0.5)
        desk.hand_in(message("Seen live"))
        relay.wait_for(1)
        states = []
        while "sent" not in states:
            states.append(json.loads(watcher.stdout.readline())["state"])
        home.stop()
        assert watcher.wait(10) == 3
    finally:
        if watcher.poll() is None:
            watcher.send_signal(signal.SIGKILL)
        watcher.wait(10)
        watcher.stdout.close()


def test_many_at_once(desk, offline):
    """Hundreds are held, released and discarded in one go, each told together."""
    notifications = desk.notifications()
    for number in range(300):
        desk.hand_in(message(f"Mail {number}"))
    notifications.wait_for("300 messages are waiting")
    assert offline.cli("hold", "--all").output == "300 messages are on hold now.\n"
    until("nothing that waits to be told", lambda: notifications.up() == 0)
    assert offline.cli("release", "--all").output == "300 messages go on.\n"
    until("the waiting to be told again", lambda: notifications.up() == 1)
    assert offline.cli("discard", "--all", "--yes").output == "300 messages were discarded.\n"
    assert set(offline.states()) == {"discarded"}
    until("nothing to be told", lambda: notifications.up() == 0)
