"""A disc that fills up: what was acknowledged is safe, the rest is politely put off."""

from pathlib import Path

import pytest

from parts.mail import message
from parts.program import until
from parts.smtp import hand_in

SIZE = "12m"


@pytest.fixture
def small_disc(desk, estafeta):
    """The daemon sees a small disc of its own where its data goes."""
    folder = desk.session.folder / "data"
    # "/" is no mount point of its own where all of this runs in a changed root.
    mount = (
        "mount --make-rprivate / 2>/dev/null; "
        f'mount -t tmpfs -o size={SIZE},mode=700 none {folder} && exec "$@"'
    )
    estafeta.prefix = ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", mount, "sh"]
    return estafeta


@pytest.mark.root
def test_full_disc(desk, small_disc):
    """452 when it is full; all that was acknowledged leaves, once; then there is room again."""
    relay = desk.practice()
    estafeta = desk.account(relay).start()
    filler = "0123456789" * 7 + "\r\n"
    accepted = []
    for number in range(200):
        content = message(f"Mail {number}", filler * 3000)
        answer = hand_in(estafeta.submission_socket, content)
        if not answer.startswith("250"):
            break
        accepted.append(content)
    assert answer.startswith("452 4.3.1"), answer
    assert accepted and estafeta.states() == ["waiting"] * len(accepted)

    relay.start()
    estafeta.send()
    assert sorted(mail.content for mail in relay.wait_for(len(accepted))) == sorted(accepted)
    estafeta.wait_for_states(*["sent"] * len(accepted))
    again = message("Room again", filler * 3000)
    until(
        "room again",
        lambda: hand_in(estafeta.submission_socket, again).startswith("250"),
        limit=20, pause=1,
    )
    relay.wait_for(len(accepted) + 1)


@pytest.mark.root
def test_somebody_else_fills_the_disc(desk, small_disc):
    """Nothing can be noted any more: no mail is let go of without a note, the person is told,
    and when there is room it goes on, once."""
    notifications = desk.notifications()
    relay = desk.practice()
    estafeta = desk.account(relay).start()
    content = message("In the middle")
    assert hand_in(estafeta.submission_socket, content).startswith("250")
    estafeta.wait_for_pause("unreachable")
    # The daemon's own view of the disc, from outside its mount namespace.
    filler = Path(f"/proc/{estafeta.program.pid}/root{desk.session.folder}/data/filler")
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    relay.start()
    notifications.wait_for("outbox on the disk")
    assert relay.mails == []
    filler.unlink()
    assert relay.wait_for(1, limit=30)[0].content == content
    estafeta.wait_for_states("sent")
    assert hand_in(estafeta.submission_socket, message("Room again")).startswith("250")
    relay.wait_for(2)
