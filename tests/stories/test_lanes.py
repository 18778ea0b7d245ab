"""No message blocks another, and a crowd of them is no storm."""

import sqlite3
import time

import pytest

from parts.cable import FAR, Cable
from parts.mail import large, message
from parts.program import until
from parts.smtp import Smtp, hand_in

CROWD = 10_000


@pytest.mark.root
def test_a_letter_overtakes_a_parcel(desk, estafeta):
    """4 MiB on a slow uplink take a while; a short mail by the same account, written after it,
    is there long before."""
    cable = Cable(desk.session)
    relay = desk.practice("far")
    relay.host = FAR
    cable.at_far_end(relay.start)
    estafeta.prefix = cable.prefix
    desk.account(relay, host=FAR)
    cable.plug_in()
    cable.narrow("4mbit")
    estafeta.start()
    assert hand_in(estafeta.submission_socket, large(4)).startswith("250")
    until("the parcel to be under way", lambda: relay.heard("DATA"))
    begin = time.monotonic()
    letter = message("Just a line")
    assert hand_in(estafeta.submission_socket, letter).startswith("250")
    assert relay.wait_for(1)[0].content == letter
    assert time.monotonic() - begin < 4
    assert estafeta.states() == ["sending", "sent"]
    relay.wait_for(2, limit=40)
    estafeta.wait_for_states("sent", "sent")
    assert len(relay.talks) == 2


def test_no_second_connection_to_be_had(desk, estafeta):
    """A relay that serves one connection at a time: the letter waits its turn, and nothing is
    paused for it."""
    relay = desk.practice(security="none").start()
    desk.account(relay, security="none").start()
    relay.on("greeting", "220 practice.test")
    relay.on("greeting", "421 4.3.2 one at a time", times=-1)
    relay.on("final", "250 2.0.0 taken slowly")
    relay.delay = 3
    desk.hand_in(large(1))
    until("the parcel to be under way", lambda: relay.heard("DATA"))
    desk.hand_in(message("Just a line"))
    until("a second connection to be tried", lambda: len(relay.talks) == 2)
    assert estafeta.paused() is None
    relay.delay = 0
    relay.wait_for(2)
    estafeta.wait_for_states("sent", "sent")
    assert len(relay.talks) == 2


def crowd(estafeta, count):
    """Hands in that many short mails on one connection, each as one write."""
    content = message("One of very many", body="short\r\n")
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO crowd")
        for _ in range(count):
            smtp.write(
                b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n"
            )
            assert [smtp.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
            assert smtp.content(content).startswith("250")


def rows(estafeta):
    """All that is known of the messages."""
    database = sqlite3.connect(f"file:{estafeta.outbox_path}?mode=ro", uri=True)
    try:
        return database.execute("SELECT * FROM message ORDER BY id").fetchall()
    finally:
        database.close()


def test_a_probe_not_a_storm(desk, estafeta):
    """Ten thousand messages behind an account that cannot send: one connection tests it, one
    notification tells it, and no message is written to."""
    notifications = desk.notifications()
    relay = desk.practice(security="none").start()
    relay.on("auth", "535 5.7.8 wrong password", times=-1)
    desk.account(relay, security="none").start()
    desk.hand_in(message("The first one"))
    estafeta.wait_for_pause("sign-in")
    notifications.wait_for("message is waiting")
    assert len(relay.talks) == 1

    crowd(estafeta, CROWD - 1)
    before = rows(estafeta)
    assert len(before) == CROWD
    assert len(relay.talks) == 1
    begin = time.monotonic()
    assert estafeta.send().code == 0
    until("a probe", lambda: len(relay.talks) == 2)
    estafeta.wait_for_pause("sign-in")
    assert time.monotonic() - begin < 10
    time.sleep(1)
    assert len(relay.talks) == 2
    assert rows(estafeta) == before
    assert notifications.up() == 1
    assert len({entry.id for entry in notifications.shown()}) == 1


def test_what_is_sent_after_a_pause_goes_on_one_connection(desk, estafeta):
    """When the trouble is over all of it leaves through the connection that tested it."""
    relay = desk.practice(security="none").start()
    relay.on("auth", "454 4.7.0 later")
    desk.account(relay, security="none")
    estafeta.delivery["first-retry"] = estafeta.delivery["longest-retry"] = 600
    estafeta.start()
    desk.hand_in()
    estafeta.wait_for_pause("busy")
    crowd(estafeta, 300)
    estafeta.send()
    relay.wait_for(301, limit=40)
    assert len(relay.talks) == 2
