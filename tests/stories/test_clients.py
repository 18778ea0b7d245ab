"""The programs people really hand mail in with."""

import threading

import pytest

from parts import clients
from parts.mail import body, fields, message
from parts.smtp import Smtp


@pytest.mark.parametrize("name", clients.ALL)
def test_client(desk, estafeta, name):
    """Each client hands a mail in without a password, and it arrives by a real relay."""
    exim = desk.exim().start()
    desk.account(exim).start()
    code, output, errors = clients.ALL[name](desk.session, estafeta.port, f"Hello from {name}")
    assert code == 0, output + errors
    (arrived,) = exim.wait_for(1)
    assert fields(arrived, "subject") == [f"Hello from {name}"]
    assert len(fields(arrived, "date")) == len(fields(arrived, "message-id")) == 1
    assert name.split()[0].removeprefix("Python") in arrived.decode().lower() and body(arrived)
    estafeta.wait_for_states("sent")


def test_many_clients_at_once(desk, estafeta):
    """Eight connections with twenty mails each; all arrive, each once."""
    relay = desk.practice().start()
    desk.account(relay).start()
    sent, lock = [], threading.Lock()

    def client(number):
        for n in range(4):
            with Smtp(estafeta.port) as smtp:
                assert smtp.ask("EHLO test").startswith("250")
                for m in range(5):
                    content = message(f"{number} {n} {m}")
                    smtp.ask("MAIL FROM:<alice@example.org>")
                    smtp.ask("RCPT TO:<bob@example.net>")
                    smtp.ask("DATA")
                    if smtp.content(content).startswith("250"):
                        with lock:
                            sent.append(content)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(sent) == 160
    mails = relay.wait_for(160, limit=60)
    assert sorted(mail.content for mail in mails) == sorted(sent)
