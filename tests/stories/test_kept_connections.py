"""A connection waits some seconds for the next message; several are had where that is allowed."""

import threading
import time
from pathlib import Path

import pytest

from parts.cable import FAR, Cable
from parts.mail import large, message
from parts.program import until
from parts.smtp import hand_in

LONG = 60  # seconds; nothing in these stories waits for that


def keep(desk, seconds, relay=None, **values):
    """A daemon that keeps its connections so long, and its relay."""
    relay = relay or desk.practice().start()
    desk.estafeta.delivery["keep"] = seconds
    desk.account(relay, **values).start()
    return relay


def send_one(desk, relay):
    """Hands one in and waits until it is there and noted."""
    count = len(relay.mails) + 1
    content = desk.hand_in(message(f"Number {count}"))
    assert relay.wait_for(count)[-1].content == content
    desk.estafeta.wait_for_states(*["sent"] * count)


def verbs(talk):
    return [line.split()[0] for line in talk.commands]


def was_paused(estafeta):
    return "account home waits" in estafeta.log()


def test_the_next_message_goes_the_same_way(desk, estafeta):
    """One connection, one sign-in for mail that comes one by one; a while after the last it is closed,
    as is right, with QUIT; then there is a new one."""
    relay = keep(desk, 2)
    for _ in range(3):
        send_one(desk, relay)
    (talk,) = relay.talks
    assert verbs(talk).count("MAIL") == 3 and "QUIT" not in verbs(talk)
    until("the connection to be closed", lambda: relay.connections() == 0)
    assert verbs(talk)[-1] == "QUIT"
    send_one(desk, relay)
    assert len(relay.talks) == 2


def test_what_falls_due_meanwhile(desk, estafeta):
    """The relay puts a message off for a second, and takes others meanwhile: the next attempt goes through the
    connection that waits."""
    relay = keep(desk, LONG)
    relay.delay = 0.2
    relay.on("rcpt", "450 4.2.0 in a moment")
    contents = crowd(desk, 3)
    assert relay.wait_for(3)[-1].content == contents[0]
    assert len(relay.talks) == 1


def test_not_kept(desk, estafeta):
    relay = keep(desk, 0)
    for count in (1, 2):
        send_one(desk, relay)
        until("the connection to be closed", lambda: relay.connections() == 0)
        assert [verbs(talk)[-1] for talk in relay.talks] == ["QUIT"] * count


@pytest.mark.parametrize("security", ["tls", "none"])
@pytest.mark.parametrize("farewell", ["", "421 4.4.2 idle for too long"])
def test_the_relay_hangs_up_first(desk, estafeta, security, farewell):
    """With close_notify, with a bare end of the stream, with words: that is its right. Nobody is told, and the
    next message leaves at once."""
    relay = desk.practice(security=security).start()
    relay.idle, relay.farewell = 0.3, farewell
    keep(desk, LONG, relay)
    for _ in range(2):
        send_one(desk, relay)
        until("the connection to be closed", lambda: relay.connections() == 0)
    assert len(relay.talks) == 2
    assert not any("QUIT" in verbs(talk) for talk in relay.talks)
    assert not was_paused(estafeta)


@pytest.mark.parametrize("answer", ["drop", "hang", "421 4.4.2 idle for too long"])
def test_a_kept_connection_that_had_died(desk, estafeta, answer):
    """It breaks down at the first command: another one is opened at once, nobody is told, and the message has no
    attempt more than any other."""
    estafeta.delivery["connect"] = 1
    relay = keep(desk, LONG)
    send_one(desk, relay)
    relay.on("mail", answer)
    send_one(desk, relay)
    assert len(relay.talks) == 2
    assert not was_paused(estafeta)
    assert [len(estafeta.show(id)["attempts-made"]) for id in (1, 2)] == [1, 1]


def test_so_many_on_one_connection(desk, estafeta):
    """A relay that takes two messages, then says 421 to the next: a crowd leaves by several connections, without
    a pause."""
    relay = desk.practice().start()
    relay.delay = 0.1
    for _ in range(3):
        relay.on("mail", "250 2.1.0 ok", times=2)
        relay.on("mail", "421 4.7.0 enough on this connection")
    keep(desk, LONG, relay)
    everything_arrives_once(desk, relay, crowd(desk, 7))
    assert len(relay.talks) == 4
    assert not was_paused(estafeta)


def test_a_fresh_one_counts(desk, estafeta):
    """What fails on the new connection as well is trouble of the account."""
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    relay = keep(desk, LONG)
    send_one(desk, relay)
    relay.on("mail", "drop", times=2)
    desk.hand_in()
    estafeta.wait_for_pause("disconnected")
    assert len(relay.talks) == 2
    assert estafeta.states() == ["sent", "waiting"]
    estafeta.send()
    relay.wait_for(2)


def test_doubt_is_doubt(desk, estafeta):
    """If the last octet has left on a kept connection the message may be there: it is not simply sent anew."""
    relay = keep(desk, LONG)
    send_one(desk, relay)
    relay.on("final", "drop", times=2)
    desk.hand_in()
    estafeta.wait_for_states("sent", "held")
    assert [attempt["reason"] for attempt in estafeta.show(2)["attempts-made"]] == ["uncertain"] * 2


def test_settings_changed(desk, estafeta):
    """What was signed in with the old settings is not used any more."""
    old = keep(desk, LONG)
    send_one(desk, old)
    assert old.connections() == 1
    new = desk.practice(users={"bob": "pw-alice"}).start()
    desk.account(new, user="bob")
    estafeta.write()
    until("the old connection to be closed", lambda: old.connections() == 0)
    desk.hand_in()
    assert new.wait_for(1)[0].user == "bob"
    assert len(old.mails) == 1


def test_stopped_by_hand(desk, estafeta):
    relay = keep(desk, LONG)
    send_one(desk, relay)
    assert estafeta.cli("pause", "home").code == 0
    until("the connection to be closed", lambda: relay.connections() == 0)
    desk.hand_in()
    estafeta.wait_for_states("sent", "waiting")
    assert len(relay.talks) == 1
    assert estafeta.cli("resume", "home").code == 0
    relay.wait_for(2)
    assert len(relay.talks) == 2


def test_the_end_of_the_session(desk, estafeta):
    """A kept connection does not keep the daemon."""
    relay = keep(desk, LONG)
    send_one(desk, relay)
    assert relay.connections() == 1
    begin = time.monotonic()
    estafeta.stop()
    assert time.monotonic() - begin < LONG / 6
    until("the connection to be closed", lambda: relay.connections() == 0)


def test_the_worst_end(desk, estafeta):
    """kill -9 with a kept connection: what was sent was sent once, and the next follows."""
    relay = keep(desk, LONG)
    send_one(desk, relay)
    estafeta.kill()
    estafeta.start()
    assert estafeta.states() == ["sent"]
    send_one(desk, relay)
    assert len(relay.talks) == 2


def switches(estafeta):
    """How often the daemon's threads ran, but those that have ended."""
    text = "".join(path.read_text() for path in Path(f"/proc/{estafeta.program.pid}/task").glob("*/status"))
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("voluntary_ctxt"))


def test_waiting_costs_nothing(desk, estafeta):
    """Nobody looks whether there is something: all sleep until they are called."""
    relay = keep(desk, LONG)
    send_one(desk, relay)
    time.sleep(1.5)  # what follows a delivery: the notice, the network that settles
    before = switches(estafeta)
    time.sleep(2)
    assert switches(estafeta) - before <= 4
    assert relay.connections() == 1


@pytest.mark.root
def test_the_cable_is_pulled_out(desk, estafeta):
    """A kept connection through a network that is gone is not tried for long."""
    cable = Cable(desk.session)
    relay = desk.practice("far")
    relay.host = FAR
    cable.at_far_end(relay.start)
    estafeta.prefix = cable.prefix
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600, "command": 120, "connect": 60})
    cable.plug_in()
    keep(desk, LONG, relay, host=FAR)
    hand_in(estafeta.submission_socket, message("Before"))
    estafeta.wait_for_states("sent")
    cable.pull_out()
    hand_in(estafeta.submission_socket, message("After"))
    estafeta.wait_for_pause("offline")
    cable.plug_in()
    relay.wait_for(2)
    assert len(relay.talks) == 2


# Several at once.


def crowd(desk, count):
    return [desk.hand_in(message(f"One of {count}: {number}")) for number in range(count)]


def everything_arrives_once(desk, relay, contents):
    mails = relay.wait_for(len(contents))
    assert sorted(mail.content for mail in mails) == sorted(contents)
    assert len(relay.taken) == len(contents)
    desk.estafeta.wait_for_states(*["sent"] * len(contents))


@pytest.mark.parametrize("connections", [1, 3])
def test_as_many_as_the_account_may_have(desk, estafeta, connections):
    """With a slow relay and a crowd waiting there are so many, and never more; afterwards one by one they close."""
    relay = desk.practice()
    relay.delay = 0.3
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    keep(desk, 1, relay, connections=connections)
    contents = crowd(desk, 9)
    estafeta.wait_for_pause("unreachable")
    relay.start()
    estafeta.send()
    everything_arrives_once(desk, relay, contents)
    assert relay.most_open == connections
    assert len(relay.talks) == connections
    until("the connections to be closed", lambda: relay.connections() == 0)
    assert {verbs(talk)[-1] for talk in relay.talks} == {"QUIT"}


def test_no_more_than_are_useful(desk, estafeta):
    """Mail that comes one by one takes one connection, however many there may be."""
    relay = keep(desk, LONG, connections=20)
    for _ in range(4):
        send_one(desk, relay)
    assert len(relay.talks) == 1


@pytest.mark.parametrize("room", [1, 2])
def test_the_relay_lets_fewer_in(desk, estafeta, room):
    """It is spoken to on as many as it lets in: one is turned away, and nothing is paused for that."""
    relay = desk.practice().start()
    relay.delay, relay.room = 0.3, room
    keep(desk, LONG, relay, connections=3)
    contents = crowd(desk, 8)
    everything_arrives_once(desk, relay, contents)
    assert relay.most_open == room + 1
    assert len(relay.talks) == room + 1
    assert not was_paused(estafeta)


def test_it_says_so_later(desk, estafeta):
    """As Exchange Online does: all are let in, and one message meets the limit. It is not counted against it."""
    relay = desk.practice().start()
    relay.delay = 0.3
    relay.on("final", "250 2.0.0 ok")
    relay.on("final", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded")
    keep(desk, LONG, relay, connections=2)
    contents = crowd(desk, 6)
    mails = relay.wait_for(len(contents))
    assert sorted(mail.content for mail in mails) == sorted(contents)
    assert not was_paused(estafeta)
    estafeta.wait_for_states(*["sent"] * len(contents))
    assert len(relay.talks) == 2


def test_parcels_leave_a_way_for_letters(desk, estafeta):
    """Three connections, three parcels: two travel, and letters pass by all of them."""
    go_on = threading.Event()
    relay = desk.practice().start()
    relay.delay = lambda mail: len(mail.content) > 300_000 and go_on.wait(30)
    keep(desk, LONG, relay, connections=3)
    parcels = [desk.hand_in(large(1, f"Parcel {number}")) for number in range(3)]
    until("two parcels to be under way", lambda: len(relay.taken) == 2)
    letters = crowd(desk, 2)
    assert [mail.content for mail in relay.wait_for(2)] == letters
    assert len(relay.taken) == 4 and relay.most_open == 3
    go_on.set()
    everything_arrives_once(desk, relay, parcels + letters)
    assert relay.most_open == 3


def test_a_limit_stops_all(desk, estafeta):
    """What is about the account is not tried on the other connections."""
    estafeta.delivery.update({"first-retry": 600, "longest-retry": 600})
    relay = desk.practice().start()
    relay.delay = 0.3
    relay.on("mail", "250 2.1.0 ok", times=3)
    relay.on("mail", "450 4.7.1 too many messages, rate limit exceeded", times=-1)
    keep(desk, LONG, relay, connections=3)
    crowd(desk, 9)
    estafeta.wait_for_pause("limit")
    until("all to have ended", lambda: relay.connections() == 0)
    tried = len(relay.heard("MAIL"))
    assert tried <= 3 + 3
    relay.forgive()
    estafeta.send()
    relay.wait_for(9)
    estafeta.wait_for_states(*["sent"] * 9)


def three_in_doubt(desk, relay):
    keep(desk, LONG, relay.start(), connections=3)
    crowd(desk, 6)
    until("three to be in doubt", lambda: len(relay.taken) == 3)


def test_the_end_while_several_are_under_way(desk, estafeta):
    """The answers to all that is out are waited for, and nothing is sent twice."""
    relay = desk.practice()
    relay.delay = 1
    three_in_doubt(desk, relay)
    estafeta.stop()
    assert len(relay.mails) == 3
    relay.delay = 0
    estafeta.start()
    relay.wait_for(6)
    assert len(relay.taken) == 6


def test_the_end_is_the_same_for_all(desk, estafeta):
    """Three that get no answer hold the daemon no longer than one: three seconds."""
    relay = desk.practice()
    relay.on("final", "hang", times=3)
    three_in_doubt(desk, relay)
    begin = time.monotonic()
    estafeta.stop()
    assert time.monotonic() - begin < 2 * 3
    estafeta.start()
    relay.wait_for(6)
    assert len(relay.taken) == 9
