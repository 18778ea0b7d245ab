"""How often a relay is waited for: once per mail where it can be had, never longer than it bears,
and never at the price of the mail."""

import hashlib
import time

import pytest

from parts.mail import large, message
from parts.practice_relay import DROP
from parts.program import until
from parts.smtp import Smtp, hand_in
from parts.trace import saboteur

MOST = 256 * 1024  # content that goes with the envelope


def sized(octets, subject="So large"):
    """A mail of exactly so many octets."""
    head = message(subject, body="")
    body = (b"y" * 98 + b"\r\n") * (octets // 100 + 1)
    content = head + body[: octets - len(head) - 2] + b"\r\n"
    return content.replace(b"\r\r\n", b"z\r\n")


def chunking(desk, *extensions, **options):
    relay = desk.practice(**options)
    relay.extensions = ["CHUNKING", *extensions]
    return relay


def hand_in_for(estafeta, content, count):
    """For so many recipients, r0 to the last."""
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO test")
        smtp.ask("MAIL FROM:<alice@example.org>")
        smtp.write(b"".join(b"RCPT TO:<r%d@example.net>\r\n" % number for number in range(count)))
        assert {smtp.reply()[:3] for _ in range(count)} == {"250"}
        assert smtp.ask("DATA").startswith("354")
        answer = smtp.content(content)
        assert answer.startswith("250"), answer


def everybody(mails):
    return sorted((r for mail in mails for r in mail.recipients), key=lambda r: int(r[1 : r.index("@")]))


def expected(count):
    return [f"r{number}@example.net" for number in range(count)]


@pytest.mark.parametrize(
    "extensions, lacks, turns",
    [(["CHUNKING"], set(), 1), ([], set(), 2), (["CHUNKING"], {"PIPELINING"}, 4), ([], {"PIPELINING"}, 4)],
    ids=["chunking and pipelining", "pipelining", "chunking", "neither"],
)
def test_round_trips_counted(desk, estafeta, extensions, lacks, turns):
    """Greeting, EHLO and AUTH for a cold connection, and then so many for each mail; at least two where it stood by
    and has to show that it is still there."""
    relay = desk.practice(security="none")
    relay.extensions, relay.lacks, relay.counts_turns = extensions, lacks, True
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    desk.account(relay, security="none", user="alice", auth="PLAIN").start()
    contents = [desk.hand_in(message(f"Mail {n}")) for n in range(4)]
    estafeta.wait_for_pause("unreachable")
    relay.start()
    estafeta.send()
    assert sorted(mail.content for mail in relay.wait_for(4)) == sorted(contents)
    estafeta.wait_for_states(*["sent"] * 4)
    desk.hand_in(message("Later"))
    relay.wait_for(5)
    estafeta.wait_for_states(*["sent"] * 5)
    (talk,) = relay.talks
    assert talk.turns == 3 + 4 * turns + max(turns, 2), talk


@pytest.mark.parametrize("octets", [MOST - 1, MOST, MOST + 1])
def test_what_goes_with_the_envelope(desk, estafeta, octets):
    """Up to 256 KiB go in the same flight; one octet more waits for the answers about recipients."""
    relay = chunking(desk, security="none").on("rcpt", "450 4.2.1 later", match="late")
    desk.account(relay, security="none").start()
    content = sized(octets)
    assert len(content) == octets
    desk.hand_in(content, recipients=("late@example.net",))
    relay.start()
    estafeta.send()
    assert relay.wait_for(1)[0].content == content
    verbs = [line.split()[0] for talk in relay.talks for line in talk.commands]
    assert verbs[: verbs.index("RCPT") + 2].count("BDAT") == (octets <= MOST)


@pytest.mark.parametrize("octets", [MOST - 1, MOST, MOST + 1, 20_000_000])
def test_to_exim(desk, estafeta, octets):
    """A real relay with CHUNKING gets exactly what was handed in, behind a refused one as well."""
    exim = desk.exim()
    desk.account(exim).start()
    content = sized(octets)
    desk.hand_in(message("For nobody"), recipients=("nosuchuser@example.net",))
    desk.hand_in(content, recipients=("bob@example.net", "nosuchuser@example.net"))
    small = desk.hand_in(message("One more"))
    exim.start()
    estafeta.send()
    arrived = exim.wait_for(2, limit=40)
    assert sorted(hashlib.sha256(mail).digest() for mail in arrived) == sorted(
        hashlib.sha256(mail).digest() for mail in (content, small)
    )
    estafeta.wait_for_states("failed", "failed", "sent")
    until("the end of the connection", lambda: "closed by QUIT" in exim.log())
    log = exim.log()
    # A letter may overtake a parcel, on a connection of its own.
    assert log.count(" K S=") == 2 and log.count("closed by QUIT") <= 1 + (octets > MOST), log


@pytest.mark.parametrize("limits", [[], ["LIMITS RCPTMAX=700 MAILMAX=2"]], ids=["unknown", "stated"])
def test_two_thousand_recipients(desk, estafeta, limits):
    """As many at once as the relay takes, the rest at once afterwards, each of them once."""
    relay = chunking(desk, *limits, security="none").start()
    relay.most = 700 if limits else 100
    desk.account(relay, security="none").start()
    hand_in_for(estafeta, message("To all"), 2000)
    begin = time.monotonic()
    shares = 3 if limits else 20
    mails = relay.wait_for(shares)
    assert everybody(mails) == expected(2000)
    (mail,) = estafeta.wait_for_states("sent")
    assert mail["attempts"] == 1 and time.monotonic() - begin < 15
    assert len(relay.talks) == (2 if limits else 1)


def test_two_thousand_recipients_of_exim(desk, estafeta):
    """A hundred at a time, or as many as it says that it takes: newer ones do (RFC 9422)."""
    exim = desk.exim().start()
    desk.account(exim).start()
    hand_in_for(estafeta, message("To all"), 2000)
    estafeta.wait_for_states("sent", limit=40)
    assert len(exim.mails()) == len(estafeta.show(1)["attempts-made"]) in (1, 20)
    log = exim.log()
    assert all(f"r{number}@example.net" in log for number in range(2000))


def test_a_limit_that_is_learnt(desk, estafeta):
    """Who is too many is neither put off nor asked about twice; the next mail asks no more."""
    relay = chunking(desk, security="none").start()
    relay.most = 7
    desk.account(relay, security="none").start()
    hand_in_for(estafeta, message("First"), 20)
    assert [len(mail.recipients) for mail in relay.wait_for(3)] == [7, 7, 6]
    asked = len(relay.heard("RCPT"))
    assert asked == 20 + 13
    hand_in_for(estafeta, message("Second"), 20)
    assert everybody(relay.wait_for(6)[3:]) == expected(20)
    assert len(relay.heard("RCPT")) == asked + 20
    estafeta.wait_for_states("sent", "sent")
    assert all(mail["attempts"] == 1 for mail in estafeta.list())


def test_put_off_among_many(desk, estafeta):
    """Some of the first share are put off: the others have it at once, and nobody is asked again
    before the time has come."""
    estafeta.delivery["first-retry"] = 3
    estafeta.delivery["longest-retry"] = 3
    relay = chunking(desk, "LIMITS RCPTMAX=4", security="none").start()
    relay.on("rcpt", "450 4.2.1 greylisted", match="<r1@").on("rcpt", "450 4.2.1 greylisted", match="<r2@")
    desk.account(relay, security="none").start()
    hand_in_for(estafeta, message("To ten"), 10)
    mails = relay.wait_for(3)
    assert [len(mail.recipients) for mail in mails] == [2, 4, 2]
    (mail,) = estafeta.wait_for_states("waiting")
    assert mail["reason"] == "deferred" and "greylisted" in mail["reply"]
    assert len(relay.heard("RCPT")) == 10
    assert sorted(relay.wait_for(4)[3].recipients) == ["r1@example.net", "r2@example.net"]
    estafeta.wait_for_states("sent")


def test_killed_between_two_shares(desk, estafeta):
    """Those who have it are on the disc before the others are asked about."""
    relay = chunking(desk, "LIMITS RCPTMAX=4", security="none").start()
    relay.on("mail", "250 2.1.0 ok").on("mail", "hang")
    desk.account(relay, security="none").start()
    hand_in_for(estafeta, message("To ten"), 10)
    until("the second share", lambda: len(relay.heard("MAIL")) == 2)
    estafeta.kill()
    estafeta.start()
    mails = relay.wait_for(3)
    assert everybody(mails) == expected(10)
    estafeta.wait_for_states("sent")


def reset_at(relay, count):
    return relay.on("body", DROP, times=count)


def test_a_relay_that_lies_about_chunks(desk, estafeta):
    """It offers CHUNKING and knows no BDAT: the mail goes by DATA at once, and so do the next ones."""
    relay = chunking(desk, security="none").start()
    relay.knows_no_chunks = True
    desk.account(relay, security="none").start()
    first = desk.hand_in()
    assert relay.wait_for(1)[0].content == first
    (mail,) = estafeta.wait_for_states("sent")
    assert estafeta.paused() is None and mail["attempts"] == 1
    second = desk.hand_in(message("The next one"))
    assert relay.wait_for(2)[1].content == second
    assert len(relay.heard("BDAT")) == 1 and len(relay.heard("DATA")) == 2


def test_a_relay_that_bears_no_flights(desk, estafeta):
    """Two connections in a row that break in the middle of one: from then on step by step. The
    mail is there, once, and never held."""
    relay = reset_at(chunking(desk, security="none"), -1).start()
    desk.account(relay, security="none").start()
    relay.extensions = ["CHUNKING"]
    content = desk.hand_in()
    until("two tries", lambda: len(relay.heard("BDAT")) == 2)
    relay.forgive()
    assert [mail.content for mail in relay.wait_for(1)] == [content]
    estafeta.wait_for_states("sent")
    assert len(relay.heard("BDAT")) == 2 and len(relay.heard("DATA")) == 1
    reasons = [attempt["reason"] for attempt in estafeta.show(1)["attempts-made"]]
    assert reasons.count("uncertain") <= 1 and reasons[-1] == "none"


@pytest.mark.parametrize("octets", [1000, 300_000], ids=["in one flight", "in chunks"])
def test_killed_between_the_mark_and_the_last_octet(desk, estafeta, octets):
    """As with DATA: in doubt, sent once more by itself, there once."""
    relay = chunking(desk, security="none").start()
    desk.account(relay, security="none")
    estafeta.start()
    estafeta.stop()
    estafeta.prefix = saboteur("fdatasync:delay_exit=700000")
    estafeta.start()
    content = desk.hand_in(sized(octets))
    until("the content to come", lambda: relay.heard("BDAT"))
    time.sleep(0.35)
    estafeta.kill()
    assert relay.taken == []
    estafeta.prefix = []
    estafeta.start()
    assert relay.wait_for(1)[0].content == content
    estafeta.wait_for_states("sent")
    assert [attempt["reason"] for attempt in estafeta.show(1)["attempts-made"]] == ["uncertain", "none"]


def test_killed_between_the_last_octet_and_the_answer(desk, estafeta):
    """All of it is out, in one flight: once more, with the same octets; who was refused in it is
    in doubt as well, for the answers were never read to their end."""
    relay = chunking(desk, security="none").start().on("final", "hang")
    desk.account(relay, security="none").start()
    content = desk.hand_in()
    until("all of it", lambda: len(relay.taken) == 1)
    estafeta.kill()
    estafeta.start()
    assert relay.wait_for(1)[0].content == content == relay.taken[0].content
    estafeta.wait_for_states("sent")
    assert estafeta.show(1)["attempts-made"][0]["reason"] == "uncertain"


@pytest.mark.parametrize("stage, answer, state", [
    ("mail", "451 4.3.0 later", "sent"), ("rcpt", "450 4.2.1 later", "sent"), ("final", "451 4.3.0 later", "sent"),
    ("mail", "550 5.7.1 no", "failed"), ("rcpt", "550 5.1.1 nobody", "failed"), ("final", "554 5.7.1 spam", "failed"),
])
def test_refused_in_a_flight(desk, estafeta, stage, answer, state):
    """The mail behind it goes on the same connection, behind RSET."""
    relay = chunking(desk, security="none").on(stage, answer)
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    desk.account(relay, security="none").start()
    first = desk.hand_in(message("First"))
    second = desk.hand_in(message("Second"))
    estafeta.wait_for_pause("unreachable")
    relay.start()
    estafeta.send()
    if state == "sent":
        estafeta.wait_for_states("waiting", "sent")
        estafeta.send()
    estafeta.wait_for_states(state, "sent")
    assert {mail.content for mail in relay.mails} == ({first, second} if state == "sent" else {second})
    verbs = [line.split()[0] for line in relay.talks[0].commands]
    assert verbs[verbs.index("BDAT") + 1 : verbs.index("BDAT") + 3] == ["RSET", "MAIL"]


@pytest.mark.memory
def test_twenty_megabytes_in_chunks(desk, estafeta):
    """In chunks of 256 KiB, and with no more memory than for any other."""
    relay = chunking(desk)
    desk.account(relay).start()
    content = large(20)
    assert hand_in(estafeta.port, content).startswith("250")
    idle = estafeta.resident()
    estafeta.reset_peak()
    relay.start()
    estafeta.send()
    assert relay.wait_for(1, limit=40)[0].content == content
    chunks = [int(line.split()[1]) for line in relay.heard("BDAT")]
    assert set(chunks[:-1]) == {MOST} and sum(chunks) == len(content)
    assert estafeta.peak() - idle <= 6 * 1024
