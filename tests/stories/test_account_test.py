"""An account is tried without sending anything: how far it went, why it ended there, the server's own words."""

import json
import time

import pytest

from parts.estafeta import PASSWORD
from parts.practice_relay import HANG
from parts.program import until
from parts.terminal import Terminal

# What the relay does, or the settings say: the step, the reason, and words of the answer.
FAILURES = {
    "nobody there": ({"port": 1}, None, "connect", "unreachable", ""),
    "a certificate nobody knows": ({"certificate": "selfsigned"}, None, "tls", "unconfirmed", "sha256:"),
    "turned away": ({}, ("greeting", "554 5.7.1 not from you"), "greeting", "turned-away", "554 5.7.1 not from you"),
    "no hello": ({}, ("ehlo", "421 4.3.2 come back later"), "ehlo", "busy", "421 4.3.2 come back later"),
    "not its password": ({}, ("auth", "535 5.7.8 who are you"), "sign-in", "sign-in", "535 5.7.8 who are you"),
    "nothing to sign in by": ({"password_command": "false"}, None, "secret", "password-command", ""),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_step(desk, estafeta, kind):
    values, fault, step, reason, words = FAILURES[kind]
    values = dict(values)
    relay = desk.practice(certificate=values.pop("certificate", "good"), users={"alice": PASSWORD}).start()
    if fault:
        relay.on(*fault, times=-1)
    desk.account(relay, **values).start()
    answer = estafeta.cli("account", "test", "home", "--json")
    assert answer.code == 1
    result = json.loads(answer.output)
    assert (result["step"], result["reason"]) == (step, reason)
    told = estafeta.cli("account", "test", "home")
    assert told.code == 1 and "failed at this step" in told.errors and words in told.errors
    assert relay.mails == []


def test_all_is_well(desk, estafeta):
    """A paused account goes on at once."""
    relay = desk.practice(users={"alice": PASSWORD}).start()
    relay.on("auth", "535 5.7.8 not yet")
    desk.account(relay).start()
    desk.hand_in()
    estafeta.wait_for_pause("sign-in")
    answer = estafeta.cli("account", "test", "home")
    assert answer.code == 0, answer.errors
    assert "TLS1.3" in answer.output and "PLAIN" in answer.output
    estafeta.wait_for_states("sent")
    assert estafeta.cli("account", "test", "nobody").code == 4


def test_ends_with_whoever_asked(desk, estafeta):
    """Ctrl-C hangs up at a server that says nothing."""
    relay = desk.practice(users={"alice": PASSWORD}).start()
    relay.on("ehlo", HANG, times=-1)
    desk.account(relay).start()
    with Terminal([estafeta.cli_path, "account", "test", "home"], {**desk.session.env, **estafeta.env}) as terminal:
        until("the relay to be asked", lambda: relay.heard("EHLO"))
        terminal.press_ctrl_c()
        assert terminal.wait() < 0
    begun = time.monotonic()
    connections = f"dport = :{relay.port}"
    until("the daemon to hang up", lambda: "ESTAB" not in desk.session.run(["ss", "-Htn", connections])[1])
    assert time.monotonic() - begun < 5
