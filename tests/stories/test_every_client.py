"""Every client with everything people send: it arrives as it was meant, and octet by octet where the octets are known."""

import email
import email.policy
import random

import pytest

from parts import correspondence
from parts.correspondence import ALL, INTERNATIONAL, NAME, RAW, SENDER, Mail

TEXT = "Hello,\n.\n..\nfrom a train.\n"
AT_ONCE = 100  # recipients of one message, by a relay that states no other number
EIGHT_BIT = "Größe: 1 €, ñandú, 木\n.\nend\n"


def attachment(session):
    path = session.folder / "home" / "large.txt"
    line = random.Random(1).randbytes(36).hex().encode() + b"\n"
    path.write_bytes(line * (20 * 1024 * 1024 // len(line)))
    return path


MAILS = {
    "plain": lambda session: Mail("Hello", TEXT),
    "utf-8": lambda session: Mail("Grüße aus dem Zug, 木曜日 🎈", TEXT),
    "8-bit": lambda session: Mail("Größe", EIGHT_BIT),
    "crowd": lambda session: Mail("To all", TEXT, [f"r{number}@example.net" for number in range(200)]),
    "large": lambda session: Mail("Large", TEXT, attachment=attachment(session)),
}


def text_of(parsed):
    return parsed.get_body(("plain",)).get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize("name", ALL)
def test_arrives(desk, estafeta, name, kind):
    relay = desk.practice().start()
    desk.account(relay).start()
    mail = MAILS[kind](desk.session)
    code, output, errors = ALL[name](desk.session, estafeta.port, mail)
    assert code == 0, (output + errors)[-2000:]
    mails = relay.wait_for(-(-len(mail.recipients) // AT_ONCE), limit=60)
    assert [recipient for part in mails for recipient in part.recipients] == mail.recipients
    (taken,) = mails[:1]
    assert all((part.sender, part.content) == (SENDER, taken.content) for part in mails)
    parsed = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert parsed["Subject"] == mail.subject
    assert parsed["From"].addresses[0].addr_spec == SENDER
    assert len(parsed.get_all("Date")) == len(parsed.get_all("Message-ID")) == 1
    assert mail.text.rstrip() in text_of(parsed)
    if kind != "plain":
        assert "".join(parsed["From"].addresses[0].display_name.split()) == NAME.replace(" ", "")
    if mail.attachment and name != "git send-email":
        (attached,) = parsed.iter_attachments()
        assert attached.get_payload(decode=True).replace(b"\r\n", b"\n") == mail.attachment.read_bytes()
    if name in RAW:
        assert taken.content.replace(b"\r\n", b"\n").rstrip() == mail.compose(eight_bit=True).rstrip()
    estafeta.wait_for_states("sent")


@pytest.mark.parametrize("name", INTERNATIONAL)
def test_international_address(desk, estafeta, name):
    """An address beyond ASCII, also by clients that do not know how to ask for it."""
    relay = desk.practice()
    relay.extensions = ["SMTPUTF8"]
    relay.start()
    desk.account(relay).start()
    mail = Mail("Grüße", EIGHT_BIT, ["jörg@example.net"])
    code, output, errors = correspondence.ALL[name](desk.session, estafeta.port, mail)
    assert code == 0, (output + errors)[-2000:]
    assert relay.wait_for(1)[0].recipients == ["jörg@example.net"]
    assert any("SMTPUTF8" in line for talk in relay.talks for line in talk.commands)
