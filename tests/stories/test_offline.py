"""Written on the train, sent at home: real networks that come and go."""

import pytest

from parts.cable import FAR, Cable
from parts.mail import message
from parts.smtp import hand_in

PATIENT = {"first-retry": 3600, "longest-retry": 3600}


@pytest.fixture
def cable(desk):
    return Cable(desk.session)


@pytest.fixture
def far_relay(desk, cable):
    """A provider at the other end of the cable."""
    relay = desk.practice("far")
    relay.host = FAR
    cable.at_far_end(relay.start)
    return relay


@pytest.fixture
def laptop(desk, cable, far_relay):
    """The daemon where the cable begins; it is reached by its Unix sockets. No retry falls
    due within the story: what leaves does so because the network has come."""
    desk.estafeta.prefix = cable.prefix
    desk.estafeta.delivery.update(PATIENT)
    return desk.account(far_relay, host=FAR).start()


def write(laptop, subject):
    content = message(subject)
    assert hand_in(laptop.submission_socket, content).startswith("250")
    return content


@pytest.mark.root
def test_offline_then_online(laptop, cable, far_relay):
    """Taken at once without any network; all of it leaves by itself when there is one, each
    mail once and as it was."""
    written = [write(laptop, f"From the train {number}") for number in range(3)]
    laptop.wait_for_pause("offline")
    assert {mail["reason"] for mail in laptop.list()} == {"offline"}
    cable.plug_in()
    mails = far_relay.wait_for(3)
    assert [mail.content for mail in mails] == written
    laptop.wait_for_states("sent", "sent", "sent")
    laptop.wait_for_resumption()


@pytest.mark.root
def test_asleep_in_between(laptop, cable, far_relay):
    """The lid is closed (kill -9 is the worst of lids) and opened elsewhere."""
    written = write(laptop, "From the train")
    laptop.wait_for_pause("offline")
    laptop.kill()
    laptop.start()
    laptop.wait_for_states("waiting")
    cable.plug_in()
    assert far_relay.wait_for(1)[0].content == written


@pytest.mark.root
def test_the_network_comes_and_goes(laptop, cable, far_relay):
    """Offline again means waiting again, and nothing is sent twice."""
    cable.plug_in()
    write(laptop, "At the station")
    far_relay.wait_for(1)
    cable.pull_out()
    write(laptop, "In the tunnel")
    laptop.wait_for_pause("offline")
    cable.plug_in()
    far_relay.wait_for(2)
    laptop.wait_for_states("sent", "sent")
