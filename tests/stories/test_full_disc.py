"""A disc that fills up: what was acknowledged is safe, the rest is politely put off."""

import pytest

from parts.mail import message
from parts.program import until
from parts.smtp import hand_in

SIZE = "12m"


@pytest.fixture
def small_disc(desk, estafeta):
    """The daemon sees a small disc of its own where its data goes."""
    folder = desk.session.folder / "data"
    mount = f'mount -t tmpfs -o size={SIZE},mode=700 none {folder} && exec "$@"'
    estafeta.prefix = ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh"]
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
