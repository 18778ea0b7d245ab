"""What the relay says about a mail, and what becomes of it."""

import pytest

from parts.practice_relay import DROP
from parts.program import until


def addressees(estafeta):
    (mail,) = estafeta.list()
    return {a["address"]: a["state"] for a in estafeta.show(mail["id"])["addressees"]}


def test_one_recipient_of_two_refused(desk, estafeta):
    """The refused one failed with the relay's words; the other one has got it, once."""
    exim = desk.exim().start()
    desk.account(exim).start()
    desk.hand_in(recipients=("nosuchuser@example.net", "bob@example.net"))
    (mail,) = estafeta.wait_for_states("failed")
    assert addressees(estafeta) == {"nosuchuser@example.net": "failed", "bob@example.net": "sent"}
    assert mail["reason"] == "recipient-refused" and "no such user" in mail["reply"]
    exim.wait_for(1)
    words = estafeta.cli("show", mail["id"]).output
    assert "nosuchuser@example.net" in words and "no such user" in words


def test_failed_then_sent_again(desk, estafeta):
    """`send` takes a failed mail up again, only for those who have not got it."""
    relay = desk.practice().start()
    relay.on("rcpt", "550 5.2.1 mailbox closed", match="carol", times=1)
    desk.account(relay).start()
    desk.hand_in(recipients=("bob@example.net", "carol@example.net"))
    (mail,) = estafeta.wait_for_states("failed")
    assert estafeta.send(mail["id"]).code == 0
    estafeta.wait_for_states("sent")
    assert [mail.recipients for mail in relay.wait_for(2)] == [["bob@example.net"], ["carol@example.net"]]
    again = estafeta.send(mail["id"])
    assert again.code == 1 and "Message" in again.errors


@pytest.mark.parametrize(
    "stage, answer, reason",
    [
        ("mail", "550 5.7.1 not for you", "refused"),
        ("data", "554 5.6.0 not like this", "refused"),
        ("final", "554 5.7.1 that looks like spam", "refused"),
        ("rcpt", "550 5.1.1 nobody here", "recipient-refused"),
    ],
)
def test_refused_for_good(desk, estafeta, stage, answer, reason):
    """A final refusal of the mail fails the mail at once, with the relay's exact words."""
    relay = desk.practice().start()
    relay.on(stage, answer, times=-1)
    desk.account(relay).start()
    desk.hand_in()
    (mail,) = estafeta.wait_for_states("failed")
    assert (mail["reason"], mail["reply"]) == (reason, answer)
    assert estafeta.paused() is None
    # The next mail is not held up by it.
    relay.forgive()
    desk.hand_in()
    relay.wait_for(1)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "final"])
def test_put_off(desk, estafeta, stage):
    """A temporary refusal is tried again by itself; one copy arrives."""
    relay = desk.practice().start()
    relay.on(stage, "451 4.3.0 later please", times=2)
    desk.account(relay).start()
    handed_in = desk.hand_in()
    (mail,) = relay.wait_for(1)
    assert mail.content == handed_in
    (mail,) = estafeta.wait_for_states("sent")
    assert len(estafeta.show(mail["id"])["attempts-made"]) == 3


def test_one_recipient_put_off(desk, estafeta):
    """Whoever can have the mail has it at once; the other gets it later, nobody twice."""
    relay = desk.practice().start()
    relay.on("rcpt", "450 4.2.1 greylisted", match="carol", times=1)
    desk.account(relay).start()
    desk.hand_in(recipients=("bob@example.net", "carol@example.net"))
    mails = relay.wait_for(2)
    assert [mail.recipients for mail in mails] == [["bob@example.net"], ["carol@example.net"]]
    estafeta.wait_for_states("sent")


def test_giving_up(desk, estafeta):
    """After the give-up time a mail that was only ever put off has failed, and says so."""
    estafeta.delivery.update({"warning": 1, "give-up": 3})
    relay = desk.practice().start()
    relay.on("rcpt", "450 4.2.1 mailbox full", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    (mail,) = estafeta.wait_for_states("failed", limit=30)
    assert mail["reason"] == "expired" and "mailbox full" in mail["reply"]


@pytest.mark.parametrize("stage, answer", [("greeting", "421 4.3.2 closing"), ("ehlo", "421 4.3.2 closing"), ("mail", "421 4.7.0 too much today")])
def test_busy_relay(desk, estafeta, stage, answer):
    """A relay that serves nobody now rests the account and costs the mail nothing."""
    relay = desk.practice().start()
    relay.on(stage, answer, times=2)
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    (mail,) = estafeta.wait_for_states("sent")
    assert mail["attempts"] == 1


def test_dropped_after_the_dot(desk, estafeta):
    """All content was out and no answer came: one automatic resend, with the same Message-ID,
    and the doubt is in the journal."""
    relay = desk.practice().start()
    relay.on("final", DROP)
    desk.account(relay).start()
    handed_in = desk.hand_in()
    relay.wait_for(1)
    (mail,) = estafeta.wait_for_states("sent")
    assert [mail.content for mail in relay.taken] == [handed_in, handed_in]
    attempts = estafeta.show(mail["id"])["attempts-made"]
    assert [attempt.get("reason", "none") for attempt in attempts] == ["uncertain", "none"]


def test_dropped_twice_after_the_dot(desk, estafeta):
    """A second doubtful outcome is for the person to decide, not for us."""
    relay = desk.practice().start()
    relay.on("final", DROP, times=-1)
    desk.account(relay).start()
    desk.hand_in()
    (mail,) = estafeta.wait_for_states("held")
    assert mail["reason"] == "uncertain"
    assert len(relay.taken) == 2
    relay.forgive()
    assert estafeta.send(mail["id"]).code == 0
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_killed_while_the_answer_is_awaited(desk, estafeta):
    """The mark "may have arrived" is durable before the dot: after a crash in between the
    mail is resent once, with the same Message-ID, and not forgotten."""
    relay = desk.practice().start()
    relay.on("final", "hang")
    desk.account(relay).start()
    handed_in = desk.hand_in()
    until("the content is out", lambda: relay.taken)
    estafeta.kill()
    estafeta.start()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    assert [mail.content for mail in relay.taken] == [handed_in, handed_in]


def test_a_hanging_relay(desk, estafeta):
    """Each step has its own limit; the mail is tried again after it."""
    estafeta.delivery["command"] = 1
    relay = desk.practice().start()
    relay.on("rcpt", "hang")
    desk.account(relay).start()
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")


def test_not_smtp(desk, estafeta):
    relay = desk.practice().start()
    relay.on("greeting", "SSH-2.0-OpenSSH_9.2", times=-1)
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("protocol")
    estafeta.wait_for_states("waiting")


def test_message_too_large_for_the_relay(desk, estafeta):
    """A relay that takes no mail of that size says so before the content is sent."""
    relay = desk.practice()
    relay.size = 500
    relay.start()
    desk.account(relay).start()
    desk.hand_in()
    (mail,) = estafeta.wait_for_states("failed")
    assert mail["reason"] == "too-large"
    assert relay.taken == []
