"""The books have to balance: kill -9, power cuts, and a full disc, again and again, while
clients hand in and the relay takes mail. And the books can fail to."""

import os
import random
import time

import pytest

from parts.disc import Disc
from parts.ledger import Crowd, Ledger, kept_by, settle
from parts.program import until
from parts.smtp import Smtp

KILLS = int(os.environ.get("ESTAFETA_KILLS", 60))
CUTS = int(os.environ.get("ESTAFETA_CUTS", 20))
SEED = int(os.environ.get("ESTAFETA_SEED", 0)) or random.SystemRandom().randrange(1, 2**32)


@pytest.fixture
def dice():
    print(f"seed {SEED} (ESTAFETA_SEED)")
    return random.Random(SEED)


def relay_for(desk):
    """One that drops a connection now and then where it hurts: after the last octet."""
    relay = desk.practice(security="none").start()
    desk.account(relay, security="none")
    desk.estafeta.delivery["longest-retry"] = 1
    return relay


def arrivals(relay):
    with relay._lock:
        return [mail.content for mail in relay.taken]


def is_up(estafeta):
    """Quicker than the usual look, which asks for everything."""
    try:
        with Smtp(estafeta.port):
            return True
    except OSError:
        assert estafeta.program.is_alive(), estafeta.program.said()
        return False


def start(estafeta):
    estafeta.start(wait=False)
    until("the daemon to listen", lambda: is_up(estafeta), 20, pause=0.005)


def balance(ledger, estafeta, relay, record_property, what):
    settle(estafeta, relay, limit=120)
    totals = ledger.close(arrivals(relay), kept_by(estafeta))
    record_property("ledger", f"{what}: {totals}")
    print(f"{what}: {totals}")
    assert totals.balance, (totals.lost[:5], totals.duplicated[:5], totals.corrupted[:5])
    return totals


def test_kills(desk, estafeta, dice, record_property):
    """kill -9 at random moments while eight clients hand in and the relay takes mail."""
    relay = relay_for(desk)
    ledger = Ledger()
    start(estafeta)
    crowd = Crowd(ledger, estafeta.port, clients=8, pause=0.02).start()
    try:
        for kill in range(KILLS):
            relay.extensions = ["CHUNKING"] if kill % 2 else []  # in one flight, and in turns
            if kill % 7 == 3:
                relay.on("final", "drop")
            time.sleep(dice.uniform(0.02, 0.3))
            estafeta.kill()
            start(estafeta)
    finally:
        crowd.stop()
    totals = balance(ledger, estafeta, relay, record_property, f"{KILLS} kills")
    assert totals.acknowledged > KILLS


def cut_again_and_again(desk, disc, relay, ledger, dice, cuts):
    estafeta = desk.estafeta
    estafeta.prefix = disc.prefix
    estafeta.env.update(disc.env())
    for cut in range(cuts):
        relay.extensions = ["CHUNKING"] if cut % 2 else []
        start(estafeta)
        crowd = Crowd(ledger, estafeta.port, clients=8, name=f"p{disc.cuts}-", pause=0.01).start()
        try:
            time.sleep(dice.uniform(0.05, 0.5))
            estafeta.stand_still()
            disc.cut_power()
            estafeta.kill()
        finally:
            crowd.stop()
        disc.power_on()


@pytest.mark.root
def test_power_cuts(desk, estafeta, dice, record_property):
    """The power goes at random moments: what was acknowledged before is there afterwards,
    and what had left before leaves no second time unless nobody could know."""
    relay = relay_for(desk)
    disc = Disc(desk.session)
    ledger = Ledger()
    try:
        cut_again_and_again(desk, disc, relay, ledger, dice, CUTS)
        disc.check()
        start(estafeta)
        totals = balance(ledger, estafeta, relay, record_property, f"{CUTS} power cuts")
        assert totals.acknowledged > CUTS
        estafeta.stop()
    finally:
        disc.close()


@pytest.mark.root
def test_a_daemon_that_does_not_flush_is_caught(desk, estafeta, dice, record_property):
    """The test of the test: with flushes that do nothing the same cuts lose mail, and the
    ledger says so."""
    relay = desk.practice(security="none")  # not started: everything waits
    desk.account(relay, security="none")
    disc = Disc(desk.session)
    ledger = Ledger()
    try:
        # -D: the daemon itself is the process that is started, and killed.
        lying = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                 "-e", "inject=fdatasync,fsync:retval=0"]
        estafeta.prefix = [*disc.prefix, *lying]
        estafeta.env.update(disc.env())
        start(estafeta)
        crowd = Crowd(ledger, estafeta.port, clients=4).start()
        time.sleep(1.0)
        disc.cut_power()
        crowd.stop()
        estafeta.kill()
        disc.power_on()
        estafeta.prefix = disc.prefix
        start(estafeta)
        totals = ledger.close([], kept_by(estafeta))
        record_property("ledger", f"without flushing: {totals}")
        assert totals.acknowledged > 0 and totals.lost, str(totals)
        estafeta.stop()
    finally:
        disc.close()


def test_the_ledger_can_fail():
    """Planted faults, each of which has to be found."""
    ledger = Ledger()
    contents = {key: ledger.offer(key) for key in ("a", "b", "c", "d", "e")}
    for key in "abcd":
        ledger.acknowledge(key)
    fine = ledger.close(
        [contents["a"], contents["b"], contents["b"], contents["e"]],
        {"b": ("sent", True), "c": ("waiting", False), "d": ("held", False)},
    )
    assert fine.balance and fine.resent == 1 and fine.waiting == 1 and fine.held == 1
    lost = ledger.close([contents["a"]], {"b": ("waiting", False), "c": ("sent", False)})
    assert lost.lost == ["c", "d"]
    twice = ledger.close([contents[key] for key in "abcda"], {"a": ("sent", False)})
    assert twice.duplicated == ["a"]
    broken = ledger.close([contents["a"].replace(b"xx", b"xy"), b"X-Ledger: z\r\n"], {})
    assert sorted(broken.corrupted) == ["a", "z"]
