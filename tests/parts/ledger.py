"""The books of a story with many mails: what was acknowledged, what arrived, what is still
there. What does not balance is LOST, DUPLICATED or CORRUPTED."""

import hashlib
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from parts.mail import message
from parts.smtp import Smtp

KEY = re.compile(rb"(?im)^X-Ledger: *(\S+)\r\n")


def key_of(content):
    found = KEY.search(content)
    return found.group(1).decode() if found else None


def digest(content):
    return hashlib.sha256(content).hexdigest()


@dataclass
class Totals:
    """What the books come to; `lost`, `duplicated` and `corrupted` name the keys."""

    acknowledged: int = 0
    arrived: int = 0
    waiting: int = 0
    held: int = 0
    failed: int = 0
    resent: int = 0  # arrived twice, after an outcome nobody knew: that may be
    lost: list = field(default_factory=list)
    duplicated: list = field(default_factory=list)
    corrupted: list = field(default_factory=list)

    @property
    def balance(self):
        return not (self.lost or self.duplicated or self.corrupted)

    def __str__(self):
        return (
            f"acknowledged {self.acknowledged}, arrived {self.arrived}, waiting {self.waiting}, "
            f"held {self.held}, failed {self.failed}, resent after doubt {self.resent}; "
            f"LOST {len(self.lost)}, DUPLICATED {len(self.duplicated)}, CORRUPTED {len(self.corrupted)}"
        )


class Ledger:
    def __init__(self):
        self.offered = {}  # key -> digest of the exact octets, whether acknowledged or not
        self.acknowledged = set()
        self._lock = threading.Lock()

    def offer(self, key, size=400):
        """A new mail, to be handed in."""
        line = f"{key} ".ljust(76, "x") + "\r\n"
        content = message(f"Ledger {key}", body=line * max(1, size // 78), X_Ledger=key)
        with self._lock:
            self.offered[key] = digest(content)
        return content

    def acknowledge(self, key):
        """It got its 250."""
        with self._lock:
            self.acknowledged.add(key)

    def __len__(self):
        with self._lock:
            return len(self.acknowledged)

    def close(self, arrived, kept):
        """`arrived`: contents the relay took, whether its answer came through or not; `kept`:
        key -> (state, whether its journal knows of a doubt), of all the outbox knows."""
        totals = Totals(acknowledged=len(self.acknowledged), arrived=len(arrived))
        counts = Counter()
        for content in arrived:
            key = key_of(content)
            counts[key] += 1
            if self.offered.get(key) != digest(content):
                totals.corrupted.append(key)
        for key, count in counts.items():
            doubted = kept.get(key, ("", False))[1]
            if count > 1 and doubted:
                totals.resent += count - 1
            elif count > 1:
                totals.duplicated.append(key)
        states = Counter(state for state, _ in kept.values())
        totals.waiting = states["waiting"] + states["sending"]
        totals.held, totals.failed = states["held"], states["failed"]
        still_there = {key for key, (state, _) in kept.items() if state not in ("sent", "discarded")}
        totals.lost = sorted(self.acknowledged - set(counts) - still_there)
        return totals


def kept_by(estafeta):
    """What the outbox knows of each mail, by its subject."""
    doubted = {
        entry["message"] for entry in estafeta.cli("journal", "--json", limit=60).json
        if entry["reason"] == "uncertain"
    }
    return {
        mail["subject"].removeprefix("Ledger "): (mail["state"], mail["id"] in doubted)
        for mail in estafeta.cli("list", "--json", limit=60).json
        if mail.get("subject", "").startswith("Ledger ")
    }


class Crowd:
    """Clients that hand in as fast as they can until stop(); a daemon that is not there is
    waited for, a mail without its 250 is given up and never offered again."""

    def __init__(self, ledger, where, clients=8, size=400, name="c", pause=0.0):
        self.ledger, self.where, self.size, self.name = ledger, where, size, name
        self.pause = pause
        self.refusals = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(clients)]

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _work(self, client):
        number = 0
        while not self._stop.is_set():
            try:
                with Smtp(self.where, limit=10) as smtp:
                    while not self._stop.is_set():
                        number += 1
                        self._hand_in(smtp, f"{self.name}{client}-{number}")
                        if self.pause:
                            self._stop.wait(self.pause)
            except (OSError, AssertionError):
                self._stop.wait(0.01)

    def _hand_in(self, smtp, key):
        content = self.ledger.offer(key, self.size)
        smtp.envelope("alice@example.org", "bob@example.net")
        answer = smtp.content(content)
        if answer.startswith("250"):
            self.ledger.acknowledge(key)
        elif answer:
            self.refusals[answer[:3]] += 1
        else:
            raise OSError("the daemon is gone")


def settle(estafeta, relay, limit=60.0):
    """Lets everything leave: nothing waits any more, and who is asked about doubt sends again."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        mails = estafeta.cli("list", "--json", "--state", "waiting,sending,held", limit=60).json
        held = [mail["id"] for mail in mails if mail["state"] == "held"]
        if not mails:
            return
        if held:
            estafeta.cli("release", *held, limit=60)
        estafeta.cli("send", limit=60)
        time.sleep(0.5)
    raise AssertionError(f"not everything left within {limit:g} s: {mails[:3]}")
