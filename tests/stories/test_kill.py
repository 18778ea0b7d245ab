"""A 250 is a promise: kill -9 at any moment loses nothing that was acknowledged."""

import re
import sqlite3
import threading
import time

from parts.mail import fields, message
from parts.program import free_port, until
from parts.smtp import Smtp, hand_in


def subjects(contents):
    return sorted(fields(content, "subject")[0] for content in contents)


def dump(path):
    database = sqlite3.connect(path)
    try:
        return list(database.iterdump())
    finally:
        database.close()


def test_kill_between_250_and_delivery(desk, estafeta):
    """Forty mails are taken while the provider is away; the daemon dies; all arrive once."""
    exim = desk.exim()
    desk.account(exim).start()
    handed_in = [desk.hand_in(message(f"Mail {n:02}")) for n in range(40)]
    estafeta.kill()
    exim.start()
    estafeta.start()
    estafeta.wait_for("all sent", lambda mails: {m["state"] for m in mails} == {"sent"}, limit=60)
    assert sorted(exim.wait_for(40)) == sorted(handed_in)


def test_kill_in_the_middle_of_delivery(desk, estafeta):
    """The daemon dies again and again while mail leaves. Nothing is lost; only a mail whose
    content was out whole without an answer may come twice, with the same Message-ID."""
    relay = desk.practice().start()
    relay.delay = 0.02
    desk.account(relay).start()
    handed_in = [desk.hand_in(message(f"Mail {n:02}")) for n in range(40)]
    for _ in range(3):
        time.sleep(0.3)
        estafeta.kill()
        estafeta.start()
    estafeta.wait_for("all sent", lambda mails: {m["state"] for m in mails} == {"sent"}, limit=60)
    arrived = [mail.content for mail in relay.mails]
    assert set(arrived) == set(handed_in)
    assert len(arrived) - len(handed_in) <= 3


def test_kill_during_submissions(desk, estafeta):
    """Four clients hand in as fast as they can, the daemon is killed twice among them:
    whatever got its 250 is there afterwards, and is delivered."""
    relay = desk.practice()
    desk.account(relay).start()
    acknowledged, stop, lock = set(), threading.Event(), threading.Lock()

    def hand_in_for_ever(client):
        number = 0
        while not stop.is_set():
            number += 1
            subject = f"client {client} mail {number}"
            try:
                answer = hand_in(estafeta.port, message(subject, body="x" * 500 + "\r\n"))
            except OSError:
                time.sleep(0.01)
                continue
            except AssertionError:
                continue
            if answer.startswith("250"):
                with lock:
                    acknowledged.add(subject)

    clients = [threading.Thread(target=hand_in_for_ever, args=(n,)) for n in range(4)]
    for client in clients:
        client.start()
    try:
        for _ in range(2):
            time.sleep(0.5)
            estafeta.kill()
            estafeta.start()
        time.sleep(0.2)
    finally:
        stop.set()
        for client in clients:
            client.join(30)
    assert len(acknowledged) > 20
    kept = {mail["subject"] for mail in estafeta.list()}
    assert acknowledged <= kept

    relay.start()
    estafeta.send()
    estafeta.wait_for("all sent", lambda mails: {m["state"] for m in mails} == {"sent"}, limit=60)
    assert acknowledged <= set(subjects(mail.content for mail in relay.mails))


def test_killed_before_the_dot_nothing_is_kept(desk, estafeta):
    """A mail that was not acknowledged is the client's to send again, and is not sent twice."""
    relay = desk.practice().start()
    desk.account(relay).start()
    smtp = Smtp(estafeta.port)
    smtp.envelope("alice@example.org", "bob@example.net")
    smtp.write(message(body="only half of it has come when\r\n"))
    estafeta.kill()
    smtp.close()
    estafeta.start()
    assert estafeta.list() == []
    handed_in = desk.hand_in()
    assert [mail.content for mail in relay.wait_for(1)] == [handed_in]


def test_stop_while_a_relay_hangs(desk, estafeta):
    """The end of a session waits for no relay, and the mail is still there afterwards."""
    relay = desk.practice().start()
    relay.on("data", "hang", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_states("sending")
    begin = time.monotonic()
    estafeta.stop()
    assert time.monotonic() - begin < 5
    relay.forgive()
    estafeta.start()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_a_newer_outbox_is_left_alone(desk, estafeta):
    """After a downgrade: an outbox of a newer version is refused with a sentence, not with a
    crash, and is not touched."""
    desk.account(free_port()).start()
    desk.hand_in()
    estafeta.stop()
    database = sqlite3.connect(estafeta.outbox_path)
    (number,) = database.execute("PRAGMA user_version").fetchone()
    assert number > 0
    database.execute(f"PRAGMA user_version = {number + 1}")
    database.commit()
    database.close()
    before = dump(estafeta.outbox_path)

    estafeta.start(wait=False)
    assert estafeta.program.wait(10) != 0
    assert re.search(r"newer|version", estafeta.program.said(), re.I)
    estafeta.program = None
    assert dump(estafeta.outbox_path) == before


def test_the_outbox_is_private(desk, estafeta):
    """Nobody else on this machine reads a person's mail."""
    desk.account(free_port()).start()
    desk.hand_in()
    assert estafeta.outbox_path.stat().st_mode & 0o777 == 0o600
    assert estafeta.outbox_path.parent.stat().st_mode & 0o777 == 0o700
    assert estafeta.submission_socket.parent.stat().st_mode & 0o777 == 0o700


def test_two_daemons(desk, estafeta):
    """A second daemon on the same outbox goes away politely and disturbs nothing."""
    relay = desk.practice().start()
    desk.account(relay).start()
    first = estafeta.program
    estafeta.start(wait=False)
    second, estafeta.program = estafeta.program, first
    code = second.wait(10)
    assert code >= 0 and first.is_alive()
    desk.hand_in()
    relay.wait_for(1)
    assert estafeta.cli("status").code == 0


def test_two_daemons_at_once(desk, estafeta):
    """Whoever is first stays, the other one goes, whatever the race."""
    relay = desk.practice().start()
    desk.account(relay)
    estafeta.write()
    for _ in range(5):
        estafeta.start(wait=False)
        one = estafeta.program
        estafeta.start(wait=False)
        two = estafeta.program
        until("one to go", lambda: not (one.is_alive() and two.is_alive()))
        estafeta.program, other = (one, two) if one.is_alive() else (two, one)
        assert other.wait(10) == 3
        until("the other one to serve", estafeta.is_ready)
        estafeta.stop()
    estafeta.start()
    desk.hand_in()
    relay.wait_for(1)
