"""What the person is told, as the real notification server shows it."""

import os
import signal

from parts.mail import message
from parts.program import until


def test_sent(desk, estafeta):
    """Quiet, and with the subject and the addressee in plain words, whatever they hold."""
    notifications = desk.notifications()
    relay = desk.practice().start()
    desk.account(relay).start()
    desk.hand_in(message("Tea & <b>cake</b>?"))
    relay.wait_for(1)
    shown = notifications.wait_for("bob@example.net")
    assert "Sent" in shown.summary
    assert shown.urgency == "LOW"
    # The title is plain text, the text below is markup where the server says so.
    assert "Tea & <b>cake</b>?" in shown.summary
    assert "Estafeta" in shown.program


def test_waiting_then_sent(desk, estafeta):
    """Why it waits and what comes next; when it has left, the trouble is gone from the screen."""
    notifications = desk.notifications()
    relay = desk.practice()
    desk.account(relay).start()
    desk.hand_in()
    shown = notifications.wait_for("waiting")
    assert "home" in shown.body and "reached" in shown.body
    relay.start()
    estafeta.send()
    relay.wait_for(1)
    notifications.wait_for("Sent: A first mail")


def test_one_incident_is_one_notification(desk, estafeta):
    """Ten mails that wait for one thing replace one another's text."""
    notifications = desk.notifications()
    relay = desk.practice(users={"alice": "other"}).start()
    desk.account(relay).start()
    for _ in range(10):
        desk.hand_in()
    notifications.wait_for("10 messages are waiting")
    notifications.wait_for("estafeta account password home")
    assert notifications.up() == 1


def test_told_again_after_a_start(desk, estafeta):
    """Mail that waits for the person must not wait silently after the next login."""
    notifications = desk.notifications()
    relay = desk.practice(users={"alice": "other"}).start()
    desk.account(relay).start()
    desk.hand_in()
    notifications.wait_for("estafeta account password home")
    tried = len(relay.heard("AUTH"))
    notifications.history()  # takes it down, as the end of a session does
    assert notifications.up() == 0
    estafeta.restart()
    until("the notice again", lambda: notifications.up() == 1)
    assert len(relay.heard("AUTH")) == tried


def test_failed(desk, estafeta):
    """The relay's own words, and who has not got it."""
    notifications = desk.notifications()
    exim = desk.exim().start()
    desk.account(exim).start()
    desk.hand_in(message("To nobody"), recipients=("nosuchuser@example.net", "bob@example.net"))
    shown = notifications.wait_for("nosuchuser@example.net")
    assert "To nobody" in shown.text and "no such user" in shown.body
    assert "bob@example.net" not in shown.text
    assert notifications.up() == 1
    picture = desk.session.folder / "screen.png"
    desk.session.screenshot(picture)
    _, colours, _ = desk.session.run(["identify", "-format", "%k", picture])
    assert int(colours) > 1, "the screen is empty"
    assert any("nosuchuser" in str(entry) for entry in notifications.history())


def test_without_a_server(desk, estafeta):
    """No notification server: mail leaves and fails all the same."""
    relay = desk.practice().start()
    relay.on("rcpt", "550 5.1.1 nobody", match="carol")
    desk.account(relay).start()
    desk.hand_in(recipients=("carol@example.net",))
    desk.hand_in()
    relay.wait_for(1)
    estafeta.wait_for("one failed, one sent", lambda mails: sorted(m["state"] for m in mails) == ["failed", "sent"])


def test_a_server_that_hangs(desk, estafeta):
    """A notification server that answers nothing keeps no mail waiting."""
    notifications = desk.notifications()
    relay = desk.practice().start()
    desk.account(relay).start()
    os.kill(notifications.program.pid, signal.SIGSTOP)
    for _ in range(3):
        desk.hand_in()
    relay.wait_for(3, limit=10)
    estafeta.wait_for_states("sent", "sent", "sent")
    assert estafeta.cli("status").code == 0
    os.kill(notifications.program.pid, signal.SIGCONT)
    notifications.wait_for("sent")
