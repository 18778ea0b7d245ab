"""No more than the provider likes: budgets of accounts, who goes first, and what a relay teaches."""

import subprocess
import time
from glob import glob

import pytest

from parts.mail import message
from parts.practice_relay import HANG
from parts.program import until
from parts.smtp import Smtp

HOUR = 3600


def hand_in_all(estafeta, count, recipients=("bob@example.net",), **fields):
    """On one connection, one after the other, each as one write; their contents."""
    contents = [message(f"Mail {n}", **fields) for n in range(count)]
    envelope = ["MAIL FROM:<alice@example.org>", *[f"RCPT TO:<{one}>" for one in recipients], "DATA"]
    with Smtp(estafeta.port) as smtp:
        smtp.ask("EHLO program")
        for content in contents:
            smtp.write("".join(line + "\r\n" for line in envelope).encode())
            assert [smtp.reply()[:3] for _ in envelope][-1] == "354"
            assert smtp.content(content).startswith("250")
    return contents


def write_letter(desk, subject="A letter"):
    """By another program."""
    content = message(subject)
    path = desk.session.folder / "letter"
    path.write_bytes(content)
    subprocess.run(
        ["curl", "-s", f"smtp://127.0.0.1:{desk.estafeta.port}", "--mail-from", "alice@example.org",
         "--mail-rcpt", "bob@example.net", "--upload-file", path],
        check=True, timeout=30,
    )
    return content


def budget_of(estafeta, name="home"):
    """Like {"messages-hour": (left, limit, source)}."""
    (account,) = [one for one in estafeta.status()["accounts"] if one["name"] == name]
    return {
        f"{one['what']}-{one['span']}": (one["left"], one["limit"], one["source"])
        for one in account.get("budget", [])
    }


def later(offset):
    """An environment in which the wall clock is ahead."""
    (library,) = glob("/usr/lib/*/faketime/libfaketime.so.1")
    return {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.fixture(autouse=True)
def patience(estafeta):
    """Nothing is tried again within the story only because some seconds have passed."""
    estafeta.delivery.update({"first-retry": HOUR, "longest-retry": HOUR})


@pytest.fixture
def relay(desk):
    return desk.practice(security="none").start()


def test_five_an_hour(desk, estafeta, relay):
    """Of twelve mails five leave, in their order; the others wait, each with the time of its
    turn, and the account says why. "send" does not go over it, and kill -9 is no new budget."""
    notifications = desk.notifications()
    desk.account(relay, security="none", messages_per_hour=5).start()
    begin = int(time.time())
    contents = hand_in_all(estafeta, 12)
    assert [mail.content for mail in relay.wait_for(5)] == contents[:5]
    estafeta.wait_for_pause("budget")
    waiting = estafeta.wait_for_states(*["sent"] * 5 + ["waiting"] * 7)[5:]
    assert {(mail["reason"], mail["figures"]) for mail in waiting} == {("budget", "messages hour 5 settings")}
    # Ten single letters; the eleventh and twelfth are bulk, and leave a tenth of the hour free.
    hours = [round((mail["leaves"] - begin) / HOUR) for mail in waiting]
    assert hours == [1, 1, 1, 1, 1, 2, 2]
    assert budget_of(estafeta) == {"messages-hour": (0, 5, "settings")}

    notifications.wait_for("waiting", "5 messages an hour")
    answer = estafeta.send()
    assert "Only the settings can allow more" in answer.output, answer
    estafeta.kill()
    estafeta.start()
    until("the pause to be known again", lambda: estafeta.paused() == "budget")
    assert estafeta.send().code == 0
    hand_in_all(estafeta, 1)
    estafeta.wait_for("the new one", lambda mails: len(mails) == 13)
    assert estafeta.paused() == "budget"
    assert len(relay.mails) == 5
    assert len(relay.talks) == 1
    # Behind it "sent" may still be up for its few seconds: nobody was left to take it away.
    until("one notification", lambda: notifications.up() == 1, 20, pause=0.2)


def test_what_may_have_arrived_is_spent(desk, estafeta, relay):
    """kill -9 between the last octet and the answer: the mail may have arrived, so it counts,
    and its second try waits for the budget like any other."""
    desk.account(relay, security="none", messages_per_hour=2).start()
    relay.on("final", "250 2.0.0 the first one")
    relay.on("final", HANG)
    hand_in_all(estafeta, 3)
    until("the second mail to be out", lambda: len(relay.taken) == 2)
    estafeta.kill()
    estafeta.start()
    estafeta.wait_for_pause("budget")
    assert budget_of(estafeta) == {"messages-hour": (0, 2, "settings")}
    assert estafeta.states() == ["sent", "waiting", "waiting"]
    assert len(relay.taken) == 2


def test_it_is_said_in_words(desk, estafeta, relay):
    desk.account(relay, security="none", messages_per_minute=20, recipients_per_day=3).start()
    hand_in_all(estafeta, 2, recipients=("bob@example.net", "carol@example.net"))
    relay.wait_for(1)
    estafeta.wait_for_pause("budget")
    text = estafeta.cli("status").output
    assert "May still leave: 19 of 20 messages a minute, 1 of 3 recipients a day." in text
    assert "The limit is 3 recipients a day." in text
    assert "leaves about" in estafeta.cli("list").output
    assert "Leaves:" in estafeta.cli("show", "2").output
    assert "Leaves:" not in estafeta.cli("show", "1").output


def test_a_minute_is_nobodys_trouble(desk, estafeta, relay):
    """A wait of seconds is told by list and status, not by a notification."""
    notifications = desk.notifications()
    desk.account(relay, security="none", messages_per_minute=2).start()
    hand_in_all(estafeta, 3)
    relay.wait_for(2)
    estafeta.wait_for_pause("budget")
    notifications.wait_for("sent")
    assert not [shown for shown in notifications.shown() if "waiting" in shown.text]


@pytest.mark.preload
def test_the_next_window(desk, estafeta, relay):
    """An hour later, five more, though nothing ran in between: not all that would have left."""
    desk.account(relay, security="none", messages_per_hour=5).start()
    contents = hand_in_all(estafeta, 12)
    relay.wait_for(5)
    estafeta.wait_for_pause("budget")
    estafeta.kill()
    estafeta.start(**later("+3h"))
    assert [mail.content for mail in relay.wait_for(10)] == contents[:10]
    estafeta.wait_for("the rest to wait", lambda mails: [m["state"] for m in mails[10:]] == ["waiting"] * 2)
    estafeta.wait_for_pause("budget")


def test_no_burst_after_a_long_time_offline(desk, estafeta):
    """What was written in days without a network leaves at the pace of the budget."""
    relay = desk.practice(security="none")
    desk.account(relay, security="none", messages_per_day=4).start()
    contents = hand_in_all(estafeta, 9)
    estafeta.wait_for_pause("unreachable")
    relay.start()
    estafeta.send()
    assert [mail.content for mail in relay.wait_for(4)] == contents[:4]
    estafeta.wait_for_pause("budget")
    assert estafeta.states() == ["sent"] * 4 + ["waiting"] * 5


def test_a_letter_goes_before_bulk(desk, estafeta, relay):
    """Ten single ones, then a crowd; a letter of another program is not behind them."""
    desk.account(relay, security="none").start()
    assert estafeta.cli("pause").code == 0
    crowd = hand_in_all(estafeta, 40)
    letter = write_letter(desk)
    assert estafeta.cli("resume").code == 0
    assert [mail.content for mail in relay.wait_for(41)] == crowd[:10] + [letter] + crowd[10:]


def test_lists_are_bulk(desk, estafeta, relay):
    """What says itself that it goes to many is not before a letter, however few they are."""
    desk.account(relay, security="none").start()
    assert estafeta.cli("pause").code == 0
    news = hand_in_all(estafeta, 1, List_Id="<news.example.org>") + hand_in_all(estafeta, 1, Precedence="Bulk")
    many = hand_in_all(estafeta, 1, recipients=[f"r{n}@example.net" for n in range(51)])
    letter = write_letter(desk)
    assert estafeta.cli("resume").code == 0
    assert [mail.content for mail in relay.wait_for(4)] == [letter] + news + many


def test_a_tenth_is_kept_for_letters(desk, estafeta, relay):
    """Bulk has used up its nine tenths and waits; a letter leaves at once."""
    desk.account(relay, security="none", messages_per_hour=20).start()
    hand_in_all(estafeta, 30)
    relay.wait_for(18)
    estafeta.wait_for_pause("budget")
    letter = write_letter(desk)
    assert relay.wait_for(19)[-1].content == letter
    estafeta.wait_for_pause("budget")
    assert budget_of(estafeta) == {"messages-hour": (1, 20, "settings")}


def test_more_recipients_than_a_window_has(desk, estafeta, relay):
    """It would never go otherwise: it leaves when the window is empty."""
    desk.account(relay, security="none", recipients_per_hour=3).start()
    hand_in_all(estafeta, 1, recipients=[f"r{n}@example.net" for n in range(5)])
    assert len(relay.wait_for(1)[0].recipients) == 5
    hand_in_all(estafeta, 1)
    estafeta.wait_for_pause("budget")
    assert estafeta.states() == ["sent", "waiting"]


def test_what_is_refused_costs_nothing(desk, estafeta, relay):
    desk.account(relay, security="none", recipients_per_hour=3).start()
    relay.on("rcpt", "550 5.1.1 no such user", match="carol", times=-1)
    relay.on("mail", "550 5.7.1 not this one")
    hand_in_all(estafeta, 1)
    estafeta.wait_for_states("failed")
    assert budget_of(estafeta) == {"recipients-hour": (3, 3, "settings")}
    hand_in_all(estafeta, 1, recipients=("bob@example.net", "carol@example.net"))
    estafeta.wait_for_states("failed", "failed")
    assert budget_of(estafeta) == {"recipients-hour": (2, 3, "settings")}


def test_the_settings_allow_more(desk, estafeta, relay):
    """At once, without "send". A window that lets some through and is full again is one
    incident, told once, until nothing waits for it."""
    notifications = desk.notifications()
    desk.account(relay, security="none", messages_per_hour=2).start()
    hand_in_all(estafeta, 9)
    relay.wait_for(2)
    estafeta.wait_for_pause("budget")
    notifications.wait_for("messages are waiting")
    estafeta.accounts["home"]["messages-per-hour"] = 4
    estafeta.write()
    relay.wait_for(4)
    estafeta.wait_for_pause("budget")
    estafeta.accounts["home"]["messages-per-hour"] = 0
    estafeta.write()
    relay.wait_for(9)
    estafeta.wait_for_resumption()
    assert budget_of(estafeta) == {}
    until("the notification to be withdrawn", lambda: notifications.up() == 0, 30)
    assert len([shown for shown in notifications.shown() if "waiting" in shown.text]) == 1


def test_an_unknown_provider(desk, estafeta, relay):
    """Nobody says anything: our own caution, and half of it in the first week. A relay on this
    computer is like any other."""
    keys = {f"{what}_per_{span}": None for what in ("messages", "recipients") for span in ("minute", "hour", "day")}
    desk.account(relay, security="none", **keys).start()
    assert budget_of(estafeta) == {
        "messages-minute": (10, 10, "default"), "messages-hour": (50, 50, "default"),
        "recipients-day": (200, 200, "default"),
    }
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for_states("sent")
    assert budget_of(estafeta)["recipients-day"] == (199, 200, "default")


def test_a_relay_teaches_its_limit(desk, estafeta, relay):
    """Once the relay has said "limit reached" it is not called again before our own count says
    that it will take more; that survives a kill, and the settings overrule it."""
    desk.account(relay, security="none", recipients_per_day=None).start()
    hand_in_all(estafeta, 12)
    relay.wait_for(12)
    relay.on("mail", "550 5.4.5 Daily user sending limit exceeded.", times=-1)
    desk.hand_in()
    estafeta.wait_for_pause("limit")
    assert estafeta.status()["accounts"][0]["retry"] > time.time() + 23 * HOUR
    # 95 of 100 of what had left.
    assert budget_of(estafeta) == {"recipients-day": (0, 11, "learnt")}

    estafeta.kill()
    estafeta.start()
    estafeta.send()
    estafeta.wait_for_pause("budget")
    assert budget_of(estafeta) == {"recipients-day": (0, 11, "learnt")}
    assert len(relay.heard("MAIL")) == 13

    relay.forgive()
    estafeta.accounts["home"]["recipients-per-day"] = 100
    estafeta.write()
    relay.wait_for(13)
    estafeta.wait_for_states(*["sent"] * 13)


@pytest.mark.preload
def test_a_lesson_is_not_for_ever(desk, estafeta, relay):
    """After a week the relay is tried again with what is known otherwise."""
    desk.account(relay, security="none", recipients_per_day=None).start()
    hand_in_all(estafeta, 12)
    relay.wait_for(12)
    relay.on("mail", "550 5.4.5 Daily user sending limit exceeded.")
    desk.hand_in()
    estafeta.wait_for_pause("limit")
    estafeta.kill()
    estafeta.start(**later("+8d"))
    relay.wait_for(13)
    assert budget_of(estafeta)["recipients-day"][1:] == (400, "default")
