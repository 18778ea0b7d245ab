"""Every fault a relay can have, in one table: what becomes of the mail, of each recipient and of the
account; and that nothing is lost or sent twice when the relay is mended.

All cases run at once, each an account of one daemon with a relay of its own. As a page:
PYTHONPATH=tests /usr/bin/python3 tests/stories/test_relay_faults.py"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from parts.desk import Desk
from parts.mail import large, message
from parts.practice_relay import DROP, HANG, STALL
from parts.program import until
from parts.scripted_relay import (
    CHUNKS, OFFERS, STEPWISE, Held, Octets, ScriptedRelay, Slowly, afterwards, drip, endless_challenges, farewell,
    flood, half_close, ignore, interrupt, listen, partly, reset, then_end, then_silence,
)
from parts.smtp import Smtp

# One of the runner's workers has all of them, for they share a daemon.
pytestmark = pytest.mark.xdist_group("relay-faults")

RECIPIENTS = ("bob@example.net", "carol@example.net")
# Each of a daemon's waits; long enough for a hundred conversations at once on a busy machine.
LIMITS = {"connect": 6, "greeting": 6, "command": 6, "data": 6, "block": 6, "final": 6,
          "first-retry": 3600, "longest-retry": 3600}

PLAIN = {"security": "none", "auth": "none"}
SIGNED = {"security": "none", "auth": "PLAIN"}
TLS = {"security": "tls", "auth": "none"}
STARTTLS = {"security": "starttls", "auth": "none"}

PASSES = "passes"  # the account rests; time alone ends that too
STAYS = "stays"  # ... it does not: somebody must do something


@dataclass
class Case:
    """`script` is a list of what on() gets. Expected after the first attempt; "|" means "or"."""

    name: str
    script: list
    state: str
    reason: str
    recipients: str  # bob's and carol's state
    pause: str = ""
    doubt: bool = False  # it may have arrived: it may be sent twice
    connections: int = 1  # 2: first in a flight, and then step by step
    account: dict = field(default_factory=lambda: PLAIN)
    relay: dict = field(default_factory=dict)  # of ScriptedRelay, and attributes of it
    content: str = ""  # "large": more than all buffers on the way; "binary", "binary large": by BDAT

    @property
    def title(self):
        return self.name.replace(" ", "-")


def waits(name, script, reason, pause=PASSES, **more):
    """Nothing happened to the mail, the account rests."""
    return Case(name, script, "waiting", reason, "pending pending", pause, **more)


def puts_off(name, script, recipients="pending pending", **more):
    return Case(name, script, "waiting", "deferred", recipients, **more)


def fails(name, script, reason="refused", recipients="failed failed", **more):
    return Case(name, script, "failed", reason, recipients, **more)


def doubts(name, script, **more):
    return Case(name, script, "waiting", "uncertain", "doubtful doubtful|pending pending", doubt=True, **more)


def sends(name, script, **more):
    return Case(name, script, "sent", "none", "sent sent", **more)


LONG = "x" * 100_000
LINES = "250-" + "x" * 78 + "\r\n"
GREETING = "220 scripted.test\r\n"
HTTP = Octets("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n")
BINARY = {"offers": [*OFFERS, *CHUNKS]}
STEPS = {"offers": STEPWISE}


def both_ways(case):
    """With DATA, and by chunks."""
    return [case, Case(**{**vars(case), "name": f"{case.name} by chunks", "relay": {**case.relay, **BINARY},
                          "content": f"binary {case.content}".strip()})]


ANSWERS = [
    waits("greeting 421", [("greeting", "421 4.3.2 closing")], "busy"),
    waits("greeting 450", [("greeting", "450 4.3.0 not now")], "busy"),
    waits("greeting 554", [("greeting", "554 5.7.1 no access from here")], "turned-away"),
    waits("greeting 554 crowded", [("greeting", "554 5.7.1 too many connections from you")], "busy"),
    waits("too many connections", [("greeting", "421 4.7.0 too many connections")], "busy"),
    waits("ehlo 421", [("ehlo", "421 4.3.2 closing")], "busy"),
    waits("ehlo 451", [("ehlo", "451 4.3.0 not now")], "busy"),
    waits("ehlo 502", [("ehlo", "502 5.5.1 what?")], "turned-away"),
    waits("ehlo 550", [("ehlo", "550 5.7.1 not you")], "turned-away"),

    waits("starttls 421", [("starttls", "421 4.3.2 closing")], "busy", account=STARTTLS),
    waits("starttls 454", [("starttls", "454 4.7.0 not now")], "busy", account=STARTTLS),
    waits("starttls 502", [("starttls", "502 5.5.1 what?")], "no-tls", account=STARTTLS),
    waits("starttls stripped", [], "no-tls", account=STARTTLS, relay={"security": "none"}),
    waits("starttls injected", [("starttls", Octets("220 go ahead\r\n250 injected\r\n"))], "tls", account=STARTTLS),
    waits("starttls then words", [("starttls", partly("220 go ahead\r\n", then_end(b"250 hello\r\n")))], "tls",
          account=STARTTLS),
    waits("starttls then nothing", [("starttls", partly("220 go ahead\r\n", listen))],
          "timed-out", account=STARTTLS),
    waits("starttls then the end", [("starttls", partly("220 go ahead\r\n"))], "disconnected", account=STARTTLS),

    waits("auth 421", [("auth", "421 4.3.2 closing")], "busy", account=SIGNED),
    waits("auth 432", [("auth", "432 4.7.12 a password transition is needed")], "busy", account=SIGNED),
    waits("auth 454", [("auth", "454 4.7.0 temporary authentication failure")], "busy", account=SIGNED),
    waits("auth 535", [("auth", "535 5.7.8 wrong")], "sign-in", STAYS, account=SIGNED),
    waits("auth 534", [("auth", "534 5.7.9 application-specific password required")], "sign-in", STAYS,
          account=SIGNED),
    waits("auth 538", [("auth", "538 5.7.11 encryption required")], "sign-in", STAYS, account=SIGNED),
    waits("auth 502", [("auth", "502 5.5.1 no AUTH here")], "no-mechanism", STAYS, account=SIGNED),
    waits("auth 504", [("auth", "504 5.5.4 no such mechanism")], "no-mechanism", STAYS, account=SIGNED),
    waits("auth 503", [("auth", "503 5.5.1 not now")], "protocol", account=SIGNED),
    waits("auth not offered", [], "no-mechanism", STAYS, account=SIGNED, relay={"mechanisms": "NTLM"}),
    waits("auth endless", [("auth", endless_challenges)], "protocol", account=SIGNED),

    waits("mail 421", [("mail", "421 4.7.0 too much today")], "busy"),
    waits("mail 432", [("mail", "432 4.3.2 concurrent connections limit exceeded")], "busy"),
    waits("mail 450 rate", [("mail", "450 4.7.1 Error: too much mail from 192.0.2.1")], "limit"),
    puts_off("mail 451", [("mail", "451 4.3.0 later")]),
    puts_off("mail 452", [("mail", "452 4.3.1 insufficient system storage")]),
    fails("mail 501", [("mail", "501 5.1.7 bad sender address syntax")]),
    waits("mail 502", [("mail", "502 5.5.1 what?")], "protocol"),
    waits("mail 503", [("mail", "503 5.5.1 nested MAIL")], "protocol"),
    waits("mail 530 unsigned", [("mail", "530 5.7.0 sign in first")], "turned-away"),
    waits("mail 530 signed", [("mail", "530 5.7.57 client not authenticated to send mail")], "sign-in", STAYS,
          account=SIGNED),
    fails("mail 550", [("mail", "550 5.7.1 not for you")]),
    fails("mail 553 not the owner", [("mail", "553 5.7.1 sender address rejected: not owned by user alice")],
          account=SIGNED),
    waits("mail 550 suspended", [("mail", "550 5.7.1 your account has been suspended")], "suspended",
          account=SIGNED),
    waits("mail 550 blocked", [("mail", "550 5.1.8 access denied, bad outbound sender")], "suspended",
          account=SIGNED),
    fails("mail 552", [("mail", "552 5.3.4 message size exceeds fixed limit")], "too-large"),
    fails("mail 555", [("mail", "555 5.5.4 unsupported option")]),
    fails("size", [], "refused|too-large", relay={"size": 100}),

    waits("rcpt 421", [("rcpt", "421 4.3.2 closing")], "busy"),
    puts_off("rcpt 450 one", [("rcpt", "450 4.2.0 greylisted", "carol")], "sent pending"),
    puts_off("rcpt 450 all", [("rcpt", "450 4.2.0 greylisted")]),
    puts_off("rcpt 450 their rate", [("rcpt", "450 4.2.1 the user you are trying to contact is receiving mail at a "
                                      "rate that prevents additional messages")]),
    waits("rcpt 450 our rate", [("rcpt", "450 4.7.1 rate limit exceeded")], "limit"),
    waits("rcpt 451 system", [("rcpt", "451 4.3.2 try again later")], "busy"),
    waits("rcpt 550 quota", [("rcpt", "550 5.4.5 daily user sending limit exceeded")], "limit", account=SIGNED),
    fails("rcpt 550 one", [("rcpt", "550 5.1.1 no such user", "carol")], "recipient-refused", "sent failed"),
    fails("rcpt 550 all", [("rcpt", "550 5.1.1 no such user")], "recipient-refused"),
    fails("rcpt 550 all stepwise", [("rcpt", "550 5.1.1 no such user")], "recipient-refused", relay=STEPS),
    fails("rcpt 552 full", [("rcpt", "552 5.2.2 mailbox full", "carol")], "recipient-refused", "sent failed"),
    puts_off("rcpt 552 old", [("rcpt", "552 too many recipients", "carol")], "sent pending"),
    Case("rcpt 452 too many", [], "waiting|sent", "deferred|none", "sent pending|sent sent",
         relay={"most_recipients": 1}),
    waits("rcpt 503", [("rcpt", "503 5.5.1 MAIL first")], "protocol", connections=2),
    waits("rcpt relaying denied unsigned", [("rcpt", "554 5.7.1 relay access denied")], "turned-away"),
    fails("rcpt relaying denied one", [("rcpt", "554 5.7.1 relay access denied", "carol")], "recipient-refused",
          "sent failed"),
    fails("rcpt relaying denied signed", [("rcpt", "554 5.7.1 relay access denied")], "recipient-refused",
          account=SIGNED),
    fails("rcpt 553 not the owner", [("rcpt", "553 5.7.1 sender address rejected: not owned by user alice")],
          "refused", account=SIGNED),
    sends("rcpt 251", [("rcpt", "251 2.1.5 will forward")]),

    waits("data 421", [("data", "421 4.3.2 closing")], "busy"),
    puts_off("data 451", [("data", "451 4.3.0 later")]),
    fails("data 554", [("data", "554 5.6.0 not like this")]),
    waits("data 503", [("data", "503 5.5.1 RCPT first")], "protocol", connections=2),
    waits("data 250", [("data", "250 2.0.0 ok")], "protocol", connections=2),

    waits("chunk 421", [("chunk", "421 4.3.2 closing")], "busy", relay=BINARY, content="binary large"),
    puts_off("chunk 452", [("chunk", "452 4.3.1 full")], relay=BINARY, content="binary large"),
    fails("chunk 554", [("chunk", "554 5.6.0 not like this")], relay=BINARY, content="binary large"),

    *both_ways(waits("final 421", [("final", "421 4.3.2 closing")], "busy")),
    *both_ways(puts_off("final 450", [("final", "450 4.2.0 later")])),
    puts_off("final 452", [("final", "452 4.3.1 insufficient system storage")]),
    waits("final 451 rate", [("final", "451 4.7.1 rate limit exceeded, slow down")], "limit"),
    *both_ways(fails("final 554", [("final", "554 5.7.1 that looks like spam")])),
    fails("final 554 SendAsDenied", [("final", "554 5.2.252 SendAsDenied; not allowed to send as")], account=SIGNED),
    waits("final 550 Gmail", [("final", "550 5.4.5 Daily sending quota exceeded")], "limit", account=SIGNED),
    waits("final 550 iCloud", [("final", "550 5.7.1 You have exceeded your daily sending limit")], "limit",
          account=SIGNED),
    waits("final 550 StartMail", [("final", "550 5.7.1 Your mail limit has been reached")], "limit", account=SIGNED),
    waits("final 550 Zoho", [("final", "550 5.4.6 Unusual sending activity detected. Please try after sometime")],
          "limit", account=SIGNED),
    waits("final 554 Exchange", [("final", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException")],
          "limit", account=SIGNED),
    doubts("final 354", [("final", "354 go ahead")]),
]

SHAPES = [
    sends("many lines", [("final", "250-2.0.0 taken\r\n250-and kept\r\n250 done"), ("ehlo", Octets(
        "250-scripted.test\r\n250-8BITMIME\r\n250 PIPELINING\r\n"))]),
    sends("no text", [(stage, "250") for stage in ("ehlo", "mail", "rcpt", "final")] + [("data", "354")]),
    sends("octet by octet", [("greeting", Slowly(GREETING)), ("mail", Slowly("250 ok\r\n")),
                             ("final", Slowly("250-ok\r\n250 2.0.0 taken\r\n"))]),
    sends("all in one packet", [("mail", Held("250 ok\r\n")), ("rcpt", Held("250 ok\r\n"))]),
    sends("bare LF", [("greeting", Octets("220 hello\n")), ("mail", Octets("250 ok\n")), ("final", Octets("250 ok\n"))]),
    sends("NUL octets", [("mail", Octets("250 o\0k\r\n")), ("final", Octets("250 2.0.0 \0\0\r\n"))]),
    sends("rubbish", [("mail", Octets("250 \xff\xfe\xc3\x28\x80\r\n")), ("final", Octets("250 \xf0\x28\x8c\x28\r\n"))]),
    sends("100 kB in a line", [("mail", "250 " + LONG), ("final", "250 2.0.0 " + LONG)]),
    sends("100 kB in lines", [("ehlo", Octets("250-scripted.test\r\n" + LINES * 1200 + "250 8BITMIME\r\n")),
                              ("final", Octets(LINES * 1200 + "250 end\r\n"))]),
    fails("100 kB of refusal", [("final", "554 5.7.1 " + LONG)]),
    *both_ways(doubts("endless lines at last", [("final", flood(LINES))])),
    doubts("endless line at last", [("final", partly("250 ", flood("x")))]),
    waits("endless lines", [("mail", flood(LINES))], "protocol"),
    waits("endless line", [("greeting", flood("x"))], "protocol"),
    waits("endless offers", [("ehlo", flood(LINES))], "protocol"),
    waits("not SMTP", [("greeting", "SSH-2.0-OpenSSH_9.2")], "protocol"),
    waits("no number", [("mail", "ok")], "protocol"),
    waits("number too short", [("mail", "25")], "protocol"),
    waits("number too long", [("mail", "2500 ok")], "protocol"),
    waits("class 1", [("mail", "150 wait")], "protocol"),
    waits("class 6", [("mail", "650 ok")], "protocol"),
    waits("class 3", [("mail", "354 go ahead")], "protocol"),
    waits("codes differ", [("mail", Octets("250-ok\r\n550 no\r\n"))], "protocol"),
    *both_ways(doubts("codes differ at last", [("final", partly("250-ok\r\n550 no\r\n", listen))])),
    doubts("no number at last", [("final", "thank you")]),
    waits("greeting twice", [("greeting", Octets(GREETING * 2))], "protocol"),
    waits("a word before it is asked", [("ehlo", Octets("250 scripted.test\r\n250 2.1.0 ok\r\n"))], "protocol"),
    waits("a word too much", [("mail", Octets("250 ok\r\n250 ok\r\n"))], "protocol", relay=STEPS),
    waits("farewell before it is asked", [("ehlo", Octets("250 scripted.test\r\n421 4.3.2 closing\r\n"))], "busy"),
    sends("a word after the last", [("final", Octets("250 2.0.0 ok\r\n250 2.0.0 ok\r\n"))]),
    sends("farewell after the last", [("final", Octets("250 2.0.0 ok\r\n421 4.3.2 closing\r\n"))]),
    sends("a word while idle", [("final", afterwards("250 2.0.0 ok", "250 2.0.0 still here"))]),
    sends("farewell while idle", [("final", afterwards("250 2.0.0 ok", "421 4.4.2 idle for too long"))]),
    waits("yes in the middle of the content", [("data", Octets("354 go ahead\r\n250 2.0.0 queued\r\n"))], "protocol"),
]

STAGES = ("greeting", "ehlo", "mail", "rcpt", "data", "body")


def filling(stage):
    """A small mail may be sent to its end, and so be in doubt, before its sender learns that nobody reads it."""
    return {"content": "large"} if stage == "body" else {}


GONE = [
    waits("refused", [], "unreachable", relay={"up": False}, connections=0),
    waits("no such name", [], "name-lookup|offline", account={**TLS, "host": "relay.invalid"}, connections=0),
    *[waits(f"closed at {stage}", [(stage, DROP)], "disconnected", **filling(stage)) for stage in STAGES],
    waits("reset at once", [("greeting", reset)], "disconnected|unreachable"),
    *[waits(f"reset at {stage}", [(stage, reset)], "disconnected", **filling(stage)) for stage in STAGES[1:]],
    *[waits(f"half closed at {stage}", [(stage, half_close)], "disconnected", **filling(stage)) for stage in STAGES],
    waits("closed at auth", [("auth", DROP)], "disconnected", account=SIGNED),
    *both_ways(waits("closed in the content", [("body", interrupt(100_000, end=partly("")))], "disconnected",
                     content="large")),
    *both_ways(waits("reset in the content", [("body", interrupt(100_000, end=reset))], "disconnected",
                     content="large")),
    *both_ways(fails("refused in the content", [("body", interrupt(100_000, "552 5.3.4 too large"))], "too-large",
                     content="large")),
    *both_ways(fails("refused and reset in the content",
                     [("body", interrupt(100_000, "552 5.3.4 too large", reset))], "too-large",
                     content="large")),
    *both_ways(fails("refused and reads no more",
                     [("body", interrupt(100_000, "552 5.3.4 too large", ignore))], "too-large",
                     content="large")),
    *both_ways(waits("421 and closed in the content",
                     [("body", interrupt(100_000, "421 4.3.2 closing", partly("")))], "busy", content="large")),
    *both_ways(doubts("closed at last", [("final", DROP)])),
    *both_ways(doubts("reset at last", [("final", reset)])),
    *both_ways(doubts("half closed at last", [("final", half_close)])),
    *both_ways(doubts("closed in the last answer", [("final", partly("250 2.0.0 tak"))])),
    doubts("closed between the last lines", [("final", partly("250-2.0.0 taken\r\n"))]),
    *[waits(f"silent at {stage}", [(stage, HANG)], "timed-out") for stage in ("greeting", "ehlo", "mail", "rcpt", "data")],
    waits("silent at auth", [("auth", HANG)], "timed-out", account=SIGNED),
    *both_ways(waits("reads no content", [("body", STALL)], "timed-out", content="large")),
    *both_ways(doubts("silent at last", [("final", HANG)])),
    waits("drips the greeting", [("greeting", drip("220-"))], "timed-out"),
    waits("drips lines", [("ehlo", drip("", "250-x\r\n"))], "timed-out"),
    waits("drips at rcpt", [("rcpt", drip("250 "))], "timed-out"),
    *both_ways(doubts("drips at last", [("final", drip("250 "))])),
]

HANDSHAKES = [
    waits("silent handshake", [("connect", HANG)], "timed-out", account=TLS),
    waits("half a handshake", [("connect", then_silence(b"\x16\x03\x03\x00\x7a\x02"))], "timed-out", account=TLS),
    waits("dripping handshake", [("connect", drip("\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03"))], "timed-out|tls",
          account=TLS),
    waits("closed handshake", [("connect", DROP)], "disconnected", account=TLS),
    waits("reset handshake", [("connect", reset)], "disconnected|unreachable", account=TLS),
    waits("alert", [("connect", then_end(b"\x15\x03\x03\x00\x02\x02\x28"))], "tls", account=TLS),
    waits("no TLS on this port", [("connect", partly(GREETING, listen))], "tls", account=TLS),
    waits("HTTP on this port", [("connect", then_end(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))], "tls",
          account=TLS),
    waits("TLS 1.1", ["old"], "tls", account=TLS),
    waits("wrong name", [], "unconfirmed", STAYS, account=TLS, relay={"certificate": "wrongname"}),
    waits("expired", [], "certificate-expired", account=TLS, relay={"certificate": "expired"}),
    waits("self-signed", [], "unconfirmed", STAYS, account=TLS, relay={"certificate": "selfsigned"}),
    waits("portal with its own certificate", [("greeting", HTTP)], "unconfirmed", STAYS, account=TLS,
          relay={"certificate": "selfsigned"}),
    waits("portal that redirects", [("greeting", HTTP)], "protocol", account=TLS),
    waits("portal that waits", [("greeting", HANG)], "timed-out", account=TLS),
    waits("closed without notice", [("mail", DROP)], "disconnected", account=TLS),
    waits("closed with notice", [("mail", farewell)], "disconnected", account=TLS),
    doubts("closed without notice at last", [("final", DROP)], account=TLS),
    doubts("closed with notice at last", [("final", farewell)], account=TLS),
    doubts("reset under TLS at last", [("final", reset)], account=TLS),
    fails("refused and reset under TLS", [("body", interrupt(100_000, "552 5.3.4 too large", reset))], "too-large",
          account=TLS, content="large"),
    fails("refused under TLS and reads no more", [("body", interrupt(100_000, "552 5.3.4 too large", ignore))], "too-large",
          account=TLS, content="large"),
    sends("octet by octet under TLS", [("mail", Slowly("250 ok\r\n"))], account=TLS),
]

CASES = ANSWERS + SHAPES + GONE + HANDSHAKES


def fits(actual, expected):
    """"certificate" stands for each of its kinds."""
    return any(actual == each or (each == "certificate" and actual.startswith("certificate-"))
               for each in expected.split("|"))


# All of them at once.


def hand_in(port, case, number):
    """The octets that were accepted."""
    sender = f"case-{number}@example.org"
    content = message(case.name, "short\r\n", sender, Content_Transfer_Encoding="7bit")
    if "large" in case.content:
        content = content + large(12)[-12 * 1024 * 1024 :]
    with Smtp(port, limit=60) as smtp:
        if not case.content.startswith("binary"):
            smtp.envelope(sender, *RECIPIENTS)
            answer = smtp.content(content)
        else:
            content = content.replace(b"Encoding: 7bit", b"Encoding: binary") + b"\n.\r"
            smtp.ask("EHLO test")
            smtp.ask(f"MAIL FROM:<{sender}> BODY=BINARYMIME")
            for recipient in RECIPIENTS:
                smtp.ask(f"RCPT TO:<{recipient}>")
            smtp.write(b"BDAT %d LAST\r\n" % len(content) + content)
            answer = smtp.reply()
    assert answer.startswith("250"), answer
    return content


def is_settled(mail):
    return mail["state"] not in ("waiting", "sending") or (mail["state"] == "waiting" and "reason" in mail)


class Round:
    """Where everything stood at one moment."""

    def __init__(self, faults):
        estafeta = faults.desk.estafeta
        self.accounts = {account["name"]: account for account in estafeta.status()["accounts"]}
        self.entries = [estafeta.show(mail["id"]) for mail in sorted(estafeta.list(), key=lambda mail: mail["id"])]
        self.connections = [len(relay.talks) for relay in faults.relays]
        self.taken = [list(relay.taken) for relay in faults.relays]
        self.mails = [list(relay.mails) for relay in faults.relays]


class Faults:
    def __init__(self, desk, cases):
        self.desk, self.cases = desk, cases
        self.relays = [self.relay(number, case) for number, case in enumerate(cases)]
        desk.estafeta.delivery.update(LIMITS)
        desk.estafeta.start()
        self.contents = [hand_in(desk.estafeta.port, case, number) for number, case in enumerate(cases)]
        self.first = self.settle()
        for relay in self.relays:
            relay.mend()
        self.resolve()
        desk.estafeta.send()
        self.second = self.settle(("sent", "failed"))

    def relay(self, number, case):
        values = dict(case.relay)
        attributes = {key: values.pop(key) for key in ("size", "most_recipients") if key in values}
        values.setdefault("security", case.account["security"])
        if case.account["auth"] == "none":
            values["users"] = {}
        mechanisms = values.pop("mechanisms", None)
        relay = ScriptedRelay(self.desk.certificates, **values)
        relay.decent["security"] = case.account["security"]
        if mechanisms:
            attributes["mechanisms"] = mechanisms
        for key, value in attributes.items():
            setattr(relay, key, value)
        for line in case.script:
            if line == "old":
                relay.only(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
            else:
                relay.on(*line)
        self.desk.relays.append(relay.begin())
        self.desk.account(relay, name=f"case-{number}", addresses=f"case-{number}@example.org", **case.account)
        return relay

    def settle(self, states=None):
        def stragglers():
            mails = self.desk.estafeta.list()
            return [mail for mail in mails if not (mail["state"] in states if states else is_settled(mail))]

        until(lambda: f"an end of {stragglers()}", lambda: not stragglers(), limit=90, pause=0.3)
        return Round(self)

    def resolve(self):
        """The name exists again: nobody can do that to the resolver here, so the settings name another."""
        for values in self.desk.estafeta.accounts.values():
            values["host"] = "localhost"
        self.desk.estafeta.write()


@pytest.fixture(scope="module")
def faults(request, certificates):
    build = Path(request.config.getoption("--build")).resolve()
    desk = Desk(build, certificates)
    try:
        faults = Faults(desk, CASES)
        desk.estafeta.stop()
        assert desk.estafeta.alarms() == []
        yield faults
    except BaseException:
        print(desk.estafeta.log()[-6000:])
        raise
    finally:
        desk.close()


def numbered(test):
    return pytest.mark.parametrize("number", range(len(CASES)), ids=[case.title for case in CASES])(test)


@numbered
def test_verdict(faults, number):
    """What the first attempt came to."""
    case, then = CASES[number], faults.first
    entry, account = then.entries[number], then.accounts[f"case-{number}"]
    reason = entry.get("reason", "none")
    assert fits(entry["state"], case.state) and fits(reason, case.reason), (entry, account)
    assert fits(" ".join(addressee["state"] for addressee in entry["addressees"]), case.recipients), entry
    assert account.get("paused", "none") == (reason if case.pause else "none"), account
    assert ("retry" in account) == (case.pause == PASSES), account
    assert then.connections[number] == case.connections
    if case.state == "waiting":
        # The mail has a next event of its own, or its account has; and what is not its fault is not counted.
        assert "due" in entry if not case.pause else entry["attempts"] == 0, entry
    unanswered = len(then.taken[number]) - len(then.mails[number])
    assert case.doubt == any(made["reason"] == "uncertain" for made in entry["attempts-made"]), entry
    assert not case.doubt or unanswered == 1
    assert not case.account["auth"] == "none" or not faults.relays[number].heard("AUTH")


@numbered
def test_mended(faults, number):
    """After the relay was mended everything that could go went, once: only what was in doubt a second time, with the
    same octets."""
    case, entry = CASES[number], faults.second.entries[number]
    states = {addressee["address"]: addressee["state"] for addressee in entry["addressees"]}
    refused = [address for address, state in states.items() if state == "failed"]
    assert len(refused) == case.recipients.split("|")[0].split().count("failed")
    assert entry["state"] == ("failed" if refused else "sent"), entry
    assert set(states.values()) <= {"sent", "failed"}, entry
    assert "paused" not in faults.second.accounts[f"case-{number}"]
    received = [address for mail in faults.second.mails[number] for address in mail.recipients]
    assert sorted(received) == sorted(set(RECIPIENTS) - set(refused))
    for mail in faults.second.taken[number]:
        assert mail.content == faults.contents[number]
    if case.doubt:
        first, again = faults.second.taken[number]
        assert sorted(first.recipients) == sorted(again.recipients) == sorted(received)


def test_names():
    """Cases are told apart by their names."""
    assert len({case.name for case in CASES}) == len(CASES) >= 90


def table():
    """The cases as a page of text."""
    yield "| fault | mail | reason | bob, carol | account | sent twice? | connections |"
    yield "|---|---|---|---|---|---|---|"
    pauses = {"": "goes on", PASSES: "rests, tries again by itself", STAYS: "rests until somebody acts"}
    for case in CASES:
        yield (f"| {case.name} | {case.state} | {case.reason} | {case.recipients.replace(' ', ', ')} | "
               f"{pauses[case.pause]} | {'once more, by itself' if case.doubt else 'never'} | {case.connections} |"
               .replace("||", "| |"))


if __name__ == "__main__":
    print("\n".join(table()))
