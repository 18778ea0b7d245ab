"""A large mail is neither a problem for memory nor for octets."""

import hashlib
import sqlite3

import pytest

from parts.mail import large, message
from parts.smtp import hand_in

LIMIT = 8 * 1024  # KiB above idle


@pytest.mark.memory
def test_fifty_mebibytes(desk, estafeta, record_property):
    """While 50 MiB are taken, and while they are forwarded to a real relay, the daemon never
    has more than 8 MiB more in memory than when it idles."""
    exim = desk.exim()
    desk.account(exim).start()
    idle = estafeta.resident()
    content = large(50)

    estafeta.reset_peak()
    assert hand_in(estafeta.port, content).startswith("250")
    taking = estafeta.peak()
    estafeta.wait_for_states("waiting")

    estafeta.reset_peak()
    exim.start()
    assert estafeta.send().code == 0
    (arrived,) = exim.wait_for(1, limit=60)
    estafeta.wait_for_states("sent", limit=60)
    forwarding = estafeta.peak()

    record_property("idle", idle)
    record_property("taking", taking)
    record_property("forwarding", forwarding)
    print(f"KiB resident: idle {idle}, peak while taking {taking}, while forwarding {forwarding}")
    assert hashlib.sha256(arrived).digest() == hashlib.sha256(content).digest()
    assert taking - idle <= LIMIT, f"idle {idle} KiB, while taking {taking} KiB"
    assert forwarding - idle <= LIMIT, f"idle {idle} KiB, while forwarding {forwarding} KiB"


@pytest.mark.memory
def test_many_small_ones_leave_no_trace(desk, estafeta):
    """Memory after 300 mails is the memory after 100."""
    relay = desk.practice().start()
    desk.account(relay).start()

    def send(count, total):
        for _ in range(count):
            desk.hand_in()
        relay.wait_for(total, limit=60)
        return estafeta.resident()

    first = send(100, 100)
    assert send(200, 300) - first <= 3 * 1024


def test_five_mebibytes_survive_a_kill(desk, estafeta):
    """The content of a large mail is in the outbox as soon as it is acknowledged."""
    exim = desk.exim()
    desk.account(exim).start()
    content = large(5)
    assert hand_in(estafeta.port, content).startswith("250")
    estafeta.kill()
    exim.start()
    estafeta.start()
    (arrived,) = exim.wait_for(1)
    assert arrived == content


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE chunk SET data = CAST(replace(CAST(data AS TEXT), 'Hello', 'Hallo') AS BLOB)",
        "DELETE FROM chunk WHERE k = (SELECT min(k) FROM chunk)",
        "DELETE FROM chunk WHERE k = (SELECT max(k) FROM chunk)",
        "DELETE FROM chunk",
    ],
    ids=["other octets", "no beginning", "no end", "nothing"],
)
def test_damage_on_the_disc_is_not_sent(desk, estafeta, damage):
    """Content that is not what was taken any more goes nowhere, and is called damaged."""
    relay = desk.practice()
    desk.account(relay).start()
    desk.hand_in(message("Damaged", "Hello\r\n" * 100000))
    estafeta.stop()
    database = sqlite3.connect(estafeta.outbox_path)
    assert database.execute(damage).rowcount > 0
    database.commit()
    database.close()
    relay.start()
    estafeta.start()
    estafeta.send()
    (mail,) = estafeta.wait_for_states("held")
    assert mail["reason"] == "damaged"
    assert relay.taken == []
