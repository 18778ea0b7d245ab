"""`estafeta show` as a support desk would accept it: who was spoken to and how, and every word."""

import base64

from parts.mail import message

QUEUED = "250 2.0.0 OK <{}@outlook.example> [InternalId=4711, Hostname=mx.example] Queued mail for delivery"


def attempts_of(estafeta, id=1):
    return estafeta.show(id)["attempts-made"]


def said(attempt):
    return [(answer["stage"], answer["lines"]) for answer in attempt["answers"]]


def test_every_word_of_a_real_server(desk, estafeta):
    """Exim's own words, from the greeting on, and the number its log has."""
    exim = desk.exim().start()
    desk.account(exim).start()
    desk.hand_in(recipients=("bob@example.net", "nosuchuser@example.net", "carol@example.net"))
    estafeta.wait_for_states("failed")
    (attempt,) = attempts_of(estafeta)
    stages = [stage for stage, _ in said(attempt)]
    assert stages[:2] == ["greeting", "mail"] and stages[-1] == "final"
    assert attempt["answers"][0]["lines"][0].startswith("220 relay.test ESMTP")
    by_recipient = {
        recipient: answer["lines"][0][:3]
        for answer in attempt["answers"] for recipient in answer.get("recipients", [])
    }
    assert by_recipient == {"bob@example.net": "250", "nosuchuser@example.net": "550", "carol@example.net": "250"}
    assert f"<= alice@example.org" in exim.log() and f"{attempt['queue-id']} <=" in exim.log()
    note = estafeta.cli("show", 1).output
    assert f"Queued as:" in note and attempt["queue-id"] in note
    assert "550 5.1.1 no such user" in note or "550 no such user" in note
    for secret in (b"pw-alice", base64.b64encode(b"\0alice\0pw-alice"), base64.b64encode(b"pw-alice")):
        assert secret.decode() not in note + estafeta.cli("show", "--json", 1).output


def test_a_message_that_was_renamed(desk, estafeta):
    """Some providers replace the Message-ID: the person's copy has the old one."""
    relay = desk.practice(security="none").start()
    relay.on("final", QUEUED.format("new.1"))
    desk.account(relay, security="none").start()
    desk.hand_in()
    estafeta.wait_for_states("sent")
    (attempt,) = attempts_of(estafeta)
    assert (attempt["queue-id"], attempt["renamed"]) == ("4711", "<new.1@outlook.example>")
    note = estafeta.cli("show", 1).output
    assert "4711" in note and "<new.1@outlook.example>" in note
    assert [mail["id"] for mail in estafeta.list()] == [1]
    (found,) = estafeta.cli("journal", "--json", "--search", "new.1@outlook").json
    assert found["queue-id"] == "4711"


def test_each_attempt_has_its_own(desk, estafeta):
    """What was said when it was put off stays beside what was said when it was taken; of many
    recipients who got the same answer there is one line. A hundred of them go at once."""
    relay = desk.practice(security="none").start()
    relay.on("greeting", "220-practice.test\r\n220 second line")
    relay.on("rcpt", "451 4.7.1 come back later", match="carol")
    desk.account(relay, security="none").start()
    others = [f"friend{n}@example.net" for n in range(120)]
    desk.hand_in(message("To many"), recipients=(*others, "carol@example.net"))
    estafeta.wait_for_states("sent")
    first, second, last = attempts_of(estafeta)
    assert first["answers"][0]["lines"] == ["220-practice.test", "220 second line"]
    assert any(answer.get("recipients") == ["carol@example.net"] and answer["lines"] == ["451 4.7.1 come back later"]
               for answer in second["answers"])
    assert sum(len(answer.get("recipients", [])) for attempt in attempts_of(estafeta)
               for answer in attempt["answers"]) == 122
    assert [stage for stage, _ in said(last)][-1] == "final"
    note = estafeta.cli("show", 1).output
    assert "friend0@example.net and " in note and "451 4.7.1 come back later" in note
    assert note.count("250 2.1.5 ok") < 140


def test_hostile_words(desk, estafeta):
    """Nothing a server says reaches the terminal as it is."""
    relay = desk.practice(security="none").start()
    relay.on("final", "250-2.0.0 \x1b[2Jqueued as \x1b]0;x\x07\r\n250 2.0.0 as \\n \\\\ 1")
    desk.account(relay, security="none").start()
    desk.hand_in()
    estafeta.wait_for_states("sent")
    note = estafeta.cli("show", 1).output
    assert "\x1b" not in note and "\x07" not in note and "as \\n \\\\ 1" in note
