"""What a client asked for beyond "send it", where no relay can be asked: late mail comes back at its hour, and a report
nobody will write is answered here."""

import time

import pytest

from parts.cable import FAR, Cable
from parts.mail import message
from parts.program import free_port, until
from parts.smtp import Smtp


def hand_in(estafeta, subject="On time", mail="", rcpt="", recipients=("bob@example.net",), address=None):
    with Smtp(address or estafeta.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask(f"MAIL FROM:<alice@example.org>{mail}").startswith("250")
        for recipient in recipients:
            assert smtp.ask(f"RCPT TO:<{recipient}>{rcpt}").startswith("250")
        assert smtp.ask("DATA").startswith("354")
        smtp.write(message(subject) + b".\r\n")
        assert smtp.reply().startswith("250")


def assert_late(entry):
    assert entry["state"] == "failed" and entry["reason"] == "late"
    assert entry["reply"].startswith("554 5.4.7 ")


def test_late_while_paused(desk, estafeta):
    """The relay is away, and its next try far: the hour counts all the same, and no other mail is touched."""
    notifications = desk.notifications()
    estafeta.delivery.update({"first-retry": 3600, "longest-retry": 3600})
    desk.account(free_port()).start()
    begun = time.monotonic()
    hand_in(estafeta, "The meeting at noon", " BY=3;R")
    hand_in(estafeta, "Whenever", " BY=3;N")
    estafeta.wait_for_pause("unreachable")
    assert estafeta.states() == ["waiting", "waiting"]
    assert ["deliver-by" in mail for mail in estafeta.list()] == [True, False]
    assert "Deliver by:" in estafeta.cli("show", "1").output
    until("the late one to fail", lambda: estafeta.states() == ["failed", "waiting"])
    assert time.monotonic() - begun >= 2.9
    assert_late(estafeta.list()[0])
    shown = notifications.wait_for("Too late: The meeting at noon")
    assert "bob@example.net" in shown.body and "server" not in shown.body


def test_late_between_two_tries(desk, estafeta):
    """The relay put it off, and the next try would be too late."""
    relay = desk.practice()
    relay.extensions = ["DELIVERBY"]
    relay.start().on("rcpt", "451 4.7.1 later")
    estafeta.delivery.update({"first-retry": 3600, "longest-retry": 3600})
    desk.account(relay).start()
    hand_in(estafeta, mail=" BY=4;R")
    estafeta.wait_for("put off", lambda mails: mails[0].get("reason") == "deferred")
    until("it to fail", lambda: estafeta.states() == ["failed"])
    assert_late(estafeta.list()[0])
    assert [attempt["reason"] for attempt in estafeta.show(1)["attempts-made"]] == ["deferred", "late"]
    assert len(relay.talks) == 1


def test_late_while_stopped(desk, estafeta):
    """Stopped by hand, or held back by its own hour of release; and once more where nobody listened."""
    desk.account(desk.practice().start()).start()
    assert estafeta.cli("pause").code == 0
    hand_in(estafeta, mail=" BY=2;R")
    hand_in(estafeta, mail=" BY=2;R HOLDFOR=3600")
    until("both to fail", lambda: estafeta.states() == ["failed", "failed"])
    hand_in(estafeta, mail=" BY=2;R")
    estafeta.kill()
    time.sleep(3)
    estafeta.start()
    until("the third to fail", lambda: estafeta.states() == ["failed"] * 3)
    for entry in estafeta.list():
        assert_late(entry)


def test_late_when_released(desk, estafeta):
    """A person's question stands while the hour passes; then it is too late, and no relay is asked."""
    relay = desk.practice()
    relay.extensions = ["DELIVERBY"]
    desk.account(relay.start()).start()
    assert estafeta.cli("pause").code == 0
    hand_in(estafeta, mail=" BY=2;R")
    assert estafeta.cli("hold", "1").code == 0
    time.sleep(3.2)
    assert estafeta.states() == ["held"]
    assert estafeta.cli("resume").code == 0
    assert estafeta.cli("release", "1").code == 0
    until("it to fail", lambda: estafeta.states() == ["failed"])
    assert_late(estafeta.list()[0])
    assert relay.talks == []


def test_many_late_are_told_together(desk, estafeta):
    """A computer that was off for the weekend does not fill the screen."""
    notifications = desk.notifications()
    desk.account(free_port()).start()
    assert estafeta.cli("pause").code == 0
    for number in range(12):
        hand_in(estafeta, f"Number {number}", " BY=2;R")
    estafeta.kill()
    time.sleep(3)
    estafeta.start()
    notifications.wait_for("12 messages were too late", "--reason=late")
    assert not any("Too late:" in shown.summary for shown in notifications.shown())
    assert estafeta.cli("discard", "--reason", "late", "--yes").code == 0
    until("the notice to go", lambda: notifications.up() == 0)


def test_reports_nobody_writes(desk, estafeta):
    """NOTIFY=SUCCESS and a relay without DSN: one notice that stays, for the recipients that asked, and the note says so."""
    notifications = desk.notifications()
    desk.account(desk.practice().start()).start()
    hand_in(estafeta, "A contract", rcpt=" NOTIFY=SUCCESS", recipients=("bob@example.net", "carol@example.net"))
    shown = notifications.wait_for("Passed on: A contract")
    assert "bob@example.net, carol@example.net" in shown.body and shown.urgency == "NORMAL"
    hand_in(estafeta, "A joke", rcpt=" NOTIFY=FAILURE")
    assert notifications.wait_for("Sent: A joke").urgency == "LOW"
    assert not any("Sent: A contract" in entry.summary for entry in notifications.shown())
    estafeta.restart()
    note = estafeta.cli("show", "1")
    assert note.code == 0 and note.output.count("none; the provider does not tell") == 2
    note = estafeta.cli("show", "2")
    assert note.code == 0 and "the provider does not tell" not in note.output


def test_reports_the_relay_writes(desk, estafeta):
    """Where the relay offers DSN nothing is added."""
    notifications = desk.notifications()
    relay = desk.practice()
    relay.extensions = ["DSN"]
    desk.account(relay.start()).start()
    hand_in(estafeta, "A contract", rcpt=" NOTIFY=SUCCESS")
    notifications.wait_for("Sent: A contract")
    assert not any("Passed on" in entry.summary for entry in notifications.shown())


def test_reports_one_by_one_do_not_pile_up(desk, estafeta):
    notifications = desk.notifications()
    desk.account(desk.practice().start()).start()
    for number in range(5):
        hand_in(estafeta, f"Letter {number}", rcpt=" NOTIFY=SUCCESS")
        notifications.wait_for(f"Passed on: Letter {number}")
    assert notifications.up() == 3


def test_many_reports_are_told_together(desk, estafeta):
    notifications = desk.notifications()
    relay = desk.practice()
    desk.account(relay).start()
    for number in range(8):
        hand_in(estafeta, f"Number {number}", rcpt=" NOTIFY=SUCCESS", recipients=(f"r{number}@example.net",))
    relay.start()
    estafeta.send()
    notifications.wait_for("8 messages passed on", "r0@example.net, r1@example.net and 6 more")


@pytest.mark.root
def test_late_without_a_network(desk):
    """On the train until it is too late; what may be late leaves by itself when there is a network again."""
    cable = Cable(desk.session)
    relay = desk.practice("far")
    relay.host = FAR
    cable.at_far_end(relay.start)
    laptop = desk.estafeta
    laptop.prefix = cable.prefix
    laptop.delivery.update({"first-retry": 3600, "longest-retry": 3600})
    desk.account(relay, host=FAR).start()
    hand_in(laptop, "Dinner?", " BY=3;R", address=laptop.submission_socket)
    hand_in(laptop, "Greetings", " BY=3;N", address=laptop.submission_socket)
    laptop.wait_for_pause("offline")
    until("the first to fail", lambda: laptop.states() == ["failed", "waiting"])
    assert_late(laptop.list()[0])
    cable.plug_in()
    laptop.wait_for_states("failed", "sent")
    assert [b"Greetings" in mail.content for mail in relay.wait_for(1)] == [True]
