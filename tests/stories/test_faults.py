"""Discs that fail, files that are damaged, clocks that jump, deaths at the worst moment."""

import glob
import os
import random
import sqlite3
import time

import pytest

from parts.disc import Disc
from parts.mail import fields, message
from parts.program import until
from parts.smtp import Smtp, hand_in
from parts.trace import saboteur

PAGE = 4096


def journal_of(estafeta, id):
    return [attempt["reason"] for attempt in estafeta.show(id)["attempts-made"]]


# Doubt.


def test_killed_between_the_mark_and_the_last_octet(desk, estafeta):
    """The mark is on the disc, the final dot is not out: the mail is in doubt, is sent once
    more by itself, and arrives once, because it never had. Others are not in doubt."""
    relay = desk.practice(security="none").start()
    desk.account(relay, security="none")
    estafeta.start()
    estafeta.stop()
    estafeta.prefix = saboteur("fdatasync:delay_exit=700000")
    estafeta.start()
    content = desk.hand_in()
    until("the content to come", lambda: relay.heard("DATA"))
    time.sleep(0.35)
    estafeta.kill()
    assert relay.taken == []
    estafeta.prefix = []
    relay.faults.clear()
    estafeta.start()
    other = desk.hand_in(message("Another one"))
    assert [mail.content for mail in relay.wait_for(2)] == [content, other]
    estafeta.wait_for_states("sent", "sent")
    assert journal_of(estafeta, 1) == ["uncertain", "none"]
    assert journal_of(estafeta, 2) == ["none"]


def test_killed_between_the_last_octet_and_the_answer(desk, estafeta):
    """All of it is out: it goes once more by itself, with the same octets and Message-ID, and
    only to those it was on its way to."""
    relay = desk.practice(security="none").start()
    relay.on("rcpt", "550 5.1.1 no such user", match="carol")
    relay.on("final", "hang")
    desk.account(relay, security="none").start()
    content = desk.hand_in(recipients=("bob@example.net", "carol@example.net"))
    until("all of it", lambda: len(relay.taken) == 1)
    estafeta.kill()
    estafeta.start()
    (mail,) = relay.wait_for(1)
    assert mail.content == content == relay.taken[0].content
    assert fields(mail.content, "message-id") == fields(content, "message-id")
    estafeta.wait_for("an end", lambda mails: mails[0]["state"] in ("sent", "failed"))
    assert journal_of(estafeta, 1)[0] == "uncertain"


@pytest.mark.parametrize("verb, state, copies", [("arrived", "sent", 2), ("send", "sent", 3), ("discard", "discarded", 2)])
def test_doubted_twice(desk, estafeta, verb, state, copies):
    """Two connections lost after the last octet: nobody sends a third time unasked."""
    relay = desk.practice(security="none").start()
    relay.on("final", "drop", times=2)
    desk.account(relay, security="none").start()
    desk.hand_in()
    (mail,) = estafeta.wait_for_states("held")
    assert mail["reason"] == "uncertain"
    time.sleep(1.5)
    assert len(relay.taken) == 2
    assert estafeta.cli(verb, 1, *(["--yes"] if verb == "discard" else [])).code == 0
    estafeta.wait_for_states(state)
    assert len(relay.taken) == copies
    assert len({taken.content for taken in relay.taken}) == 1


# Discs.


@pytest.mark.parametrize("rule", ["fdatasync:error=EIO:when=4..6", "pwrite64:error=EIO:when=40..44"])
def test_a_disc_that_fails_for_a_while(desk, estafeta, rule):
    """What cannot be stored is not acknowledged; what was is there; then it goes on."""
    relay = desk.practice(security="none")
    desk.account(relay, security="none")
    estafeta.start()
    estafeta.stop()
    estafeta.prefix = saboteur(rule, path=f"{estafeta.outbox_path}-wal")
    estafeta.start()
    accepted, refused = [], []
    with Smtp(estafeta.port) as smtp:  # one conversation, one thread, which counts its calls
        for number in range(40):
            content = message(f"Mail {number}")
            smtp.envelope("alice@example.org", "bob@example.net")
            answer = smtp.content(content)
            (accepted if answer.startswith("250") else refused).append(content)
            assert answer[:3] in ("250", "451", "452"), answer
    assert refused and accepted and answer.startswith("250")
    assert len(estafeta.list()) == len(accepted)
    estafeta.kill()
    estafeta.prefix = []
    relay.start()
    estafeta.start()
    estafeta.send()
    assert sorted(mail.content for mail in relay.wait_for(len(accepted), limit=40)) == sorted(accepted)


def test_a_file_system_without_shared_memory(desk, estafeta):
    """Some network homes have none: the rollback journal serves, and nothing is lost by a
    kill."""
    relay = desk.practice(security="none")
    desk.account(relay, security="none")
    shared = f"{estafeta.outbox_path}-shm"
    estafeta.prefix = saboteur("mmap:error=ENODEV", path=shared, trace="mmap")
    estafeta.start()
    first = desk.hand_in(message("One"))
    estafeta.kill()
    estafeta.start()
    second = desk.hand_in(message("Two"))
    database = sqlite3.connect(f"file:{estafeta.outbox_path}?mode=ro", uri=True)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    database.close()
    relay.start()
    estafeta.send()
    assert sorted(mail.content for mail in relay.wait_for(2)) == sorted([first, second])
    estafeta.wait_for_states("sent", "sent")
    estafeta.kill()  # the saboteur is a debugger, which the search for leaks does not like


@pytest.mark.root
def test_a_disc_that_turns_read_only(desk, estafeta):
    """As file systems do after an error: nothing is acknowledged meanwhile, and a start says
    what is wrong."""
    disc = Disc(desk.session)
    try:
        desk.account(desk.practice(security="none"), security="none")
        estafeta.prefix = disc.prefix
        estafeta.env.update(disc.env())
        estafeta.start(wait=False)
        until("the daemon", lambda: accepts(estafeta))
        assert hand_in(estafeta.port, message("One")).startswith("250")
        disc_users_gone = lambda: try_read_only(disc)
        estafeta.stop()
        until("read-only", disc_users_gone)
        estafeta.start(wait=False)
        assert estafeta.program.wait(10) == 1
        assert "estafetad: cannot" in estafeta.program.said()
        estafeta.program = None
        disc.read_only(False)
        estafeta.start(wait=False)
        until("the daemon", lambda: accepts(estafeta))
        assert len(estafeta.list()) == 1
        estafeta.stop()
    finally:
        disc.close()


def try_read_only(disc):
    try:
        disc.read_only(True)
    except AssertionError:
        return False
    return True


def accepts(estafeta):
    try:
        hand_in(estafeta.port, message("ping"), sender="nobody@example.com")
    except (OSError, AssertionError) as error:
        return not isinstance(error, OSError)
    return True


# Damage.


def waiting_outbox(desk, count=12):
    """Mails that wait; the daemon is stopped, so everything is in the one file."""
    relay = desk.practice(security="none")
    estafeta = desk.account(relay, security="none").start()
    contents = [desk.hand_in(message(f"Mail {n}", body=f"{n} " * 300 + "\r\n")) for n in range(count)]
    estafeta.stop()
    return relay, contents


def overwrite(path, offset, octets):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(octets)


def set_aside(estafeta):
    return estafeta.status()["set-aside"]


@pytest.mark.parametrize("damage", ["truncated", "flipped page", "first page", "garbage"])
def test_a_damaged_outbox(desk, estafeta, damage):
    """What can be read is recovered into a fresh file, the damaged one is set aside, and the
    person is told. Nothing is delivered that is not as it was."""
    notifications = desk.notifications()
    relay, contents = waiting_outbox(desk)
    path = estafeta.outbox_path
    pages = path.stat().st_size // PAGE
    if damage == "truncated":
        os.truncate(path, (pages - 3) * PAGE)
    elif damage == "flipped page":
        overwrite(path, 2 * PAGE, bytes(random.Random(7).randbytes(PAGE)))
    elif damage == "first page":
        overwrite(path, 0, bytes(random.Random(7).randbytes(PAGE)))
    else:
        path.write_bytes(b"this was an outbox once")
    estafeta.start()
    until("a recovery", lambda: set_aside(estafeta), limit=15)
    (name,) = set_aside(estafeta)
    assert name.startswith("outbox-damaged-20") and (path.parent / name).exists()
    notifications.wait_for("outbox was damaged", name)
    relay.start()
    estafeta.send()
    whole = [mail for mail in estafeta.list() if mail["state"] not in ("held",)]
    if damage == "first page":
        assert len(whole) == len(contents)
    if damage == "truncated":
        assert len(estafeta.list()) == len(contents)
    until("the whole ones to leave", lambda: len(relay.mails) == len(whole))
    assert {mail.content for mail in relay.mails} <= set(contents)
    assert desk.hand_in() and estafeta.cli("status").code == 0


def leaf_pages(estafeta):
    """Where the rows of messages are, from the first to the last."""
    database = sqlite3.connect(f"file:{estafeta.outbox_path}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT pageno FROM dbstat WHERE name='message' AND pagetype='leaf' ORDER BY path")
        return [number for (number,) in rows]
    finally:
        database.close()


@pytest.mark.parametrize("place, state", [(0, "waiting"), (-1, "held")])
def test_damage_while_it_runs(desk, estafeta, place, state):
    """A page goes bad under the daemon: it notices when it gets there, recovers, and goes on
    without being started anew. What is lost is said to be. If the newest message is among it
    nobody can know what has left since: then the rest is held, and its person asked."""
    relay, contents = waiting_outbox(desk, count=60)
    estafeta.start()
    time.sleep(1)  # the look through the whole file is over
    page = leaf_pages(estafeta)[place] - 1
    overwrite(estafeta.outbox_path, page * PAGE, b"\xff" * PAGE)
    pid = estafeta.program.pid
    assert estafeta.cli("hold", "--all").code == 1
    until("a recovery", lambda: estafeta.cli("status").code == 0 and set_aside(estafeta), limit=15)
    assert estafeta.program.is_alive() and estafeta.program.pid == pid
    whole = [mail for mail in estafeta.list() if mail["state"] == state]
    assert 20 < len(whole) < 60 and f"traces of {60 - len(whole)} more" in estafeta.log()
    relay.start()
    if state == "held":
        assert {mail["reason"] for mail in whole} == {"restored"}
        assert estafeta.cli("release", "--reason", "restored").code == 0
    estafeta.send()
    arrived = {mail.content for mail in relay.wait_for(len(whole), limit=30)}
    assert len(arrived) == len(whole) and arrived <= set(contents)
    fresh = desk.hand_in(message("Afterwards"))
    assert relay.wait_for(len(whole) + 1)[-1].content == fresh


def test_an_index_that_lies(desk, estafeta):
    """A message that is missing from the index of what is due would wait for ever: the look
    through the file after the start finds it."""
    relay, contents = waiting_outbox(desk, count=5)
    database = sqlite3.connect(estafeta.outbox_path)
    database.execute("PRAGMA writable_schema=ON")
    database.execute(
        "UPDATE sqlite_schema SET rootpage=(SELECT rootpage FROM sqlite_schema WHERE name='attempt_message')"
        " WHERE name='message_due'"
    )
    database.commit()
    database.close()
    relay.start()
    estafeta.start()
    until("a recovery", lambda: estafeta.cli("status").code == 0 and set_aside(estafeta), limit=15)
    assert sorted(mail.content for mail in relay.wait_for(5)) == sorted(contents)


def test_a_flipped_bit_inside_content(desk, estafeta):
    """Never sent: held, and told."""
    notifications = desk.notifications()
    relay, contents = waiting_outbox(desk, count=3)
    octets = estafeta.outbox_path.read_bytes()
    place = octets.index(b"1 1 1 1 1 1")
    overwrite(estafeta.outbox_path, place, bytes([octets[place] ^ 1]))
    relay.start()
    estafeta.start()
    relay.wait_for(2)
    (held,) = [mail for mail in estafeta.list() if mail["state"] == "held"]
    assert held["reason"] == "damaged" and held["subject"] == "Mail 1"
    notifications.wait_for("Mail 1", "damaged")
    assert estafeta.cli("release", held["id"]).code == 1


def test_a_flipped_bit_in_an_address(desk, estafeta):
    """Somebody else's mail it must not become."""
    relay, _ = waiting_outbox(desk, count=1)
    database = sqlite3.connect(estafeta.outbox_path)
    database.execute("UPDATE recipient SET address='cob@example.net'")
    database.commit()
    database.close()
    relay.start()
    estafeta.start()
    (mail,) = estafeta.wait_for_states("held")
    assert mail["reason"] == "damaged" and relay.taken == []


# Copies.


def test_a_restored_backup(desk, estafeta):
    """An outbox put back as it was before its mail left: nothing leaves a second time unless
    the person says so; one question is asked."""
    notifications = desk.notifications()
    relay, contents = waiting_outbox(desk, count=5)
    backup = estafeta.outbox_path.read_bytes()
    relay.start()
    estafeta.start()
    relay.wait_for(5)
    estafeta.wait_for("all sent", lambda mails: {m["state"] for m in mails} == {"sent"})
    estafeta.stop()
    estafeta.outbox_path.write_bytes(backup)
    for suffix in ("-wal", "-shm"):
        estafeta.outbox_path.with_name(f"outbox.db{suffix}").unlink(missing_ok=True)
    estafeta.start()
    assert {(m["state"], m["reason"]) for m in estafeta.list()} == {("held", "restored")}
    shown = notifications.wait_for("Did 5 messages leave already?")
    time.sleep(1)
    assert len(relay.mails) == 5 and shown
    assert estafeta.cli("arrived", 1, 2, 3, 4).code == 0
    notifications.wait_for("Did 1 message leave already?")
    assert estafeta.cli("release", "--reason", "restored").code == 0
    relay.wait_for(6)
    assert estafeta.states() == ["sent"] * 5


def test_an_outbox_that_is_gone(desk, estafeta):
    """Never a silent empty outbox."""
    notifications = desk.notifications()
    waiting_outbox(desk, count=2)
    estafeta.outbox_path.unlink()
    estafeta.start()
    notifications.wait_for("outbox is gone")
    assert estafeta.list() == []


# Clocks.


def faked(offset):
    """An environment in which the wall clock is wrong; what measures spans of time is not."""
    (library,) = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.mark.preload
def test_a_clock_that_is_set_back(desk, estafeta):
    """Retries that were planned by a clock in the future do not wait for it."""
    relay = desk.practice(security="none").start()
    relay.on("rcpt", "451 4.7.1 later")
    desk.account(relay, security="none")
    estafeta.start(**faked("+10d"))
    content = desk.hand_in()
    estafeta.wait_for("put off", lambda mails: mails[0].get("reason") == "deferred")
    estafeta.kill()
    estafeta.start(LD_PRELOAD="")
    assert relay.wait_for(1, limit=15)[0].content == content


@pytest.mark.preload
def test_mail_of_last_month(desk, estafeta):
    """Nobody has seen it for weeks: its person is asked, once, before it goes."""
    notifications = desk.notifications()
    relay = desk.practice(security="none")
    desk.account(relay, security="none").start()
    contents = [desk.hand_in(message(f"Mail {n}")) for n in range(3)]
    estafeta.wait_for_pause("unreachable")
    estafeta.stop()
    relay.start()
    estafeta.start(**faked("+15d"))
    estafeta.wait_for("held", lambda mails: {(m["state"], m.get("reason")) for m in mails} == {("held", "old")})
    notifications.wait_for("Still send 3 messages?")
    assert relay.taken == []
    assert estafeta.cli("release", "--reason", "old").code == 0
    assert [mail.content for mail in relay.wait_for(3)] == contents
