"""The helper program signs in at a web page, by a code on another device, and refreshes: against a server that looks at
everything, and against servers that are broken."""

import os
import socket
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from parts.authority import SCOPE, Authority, answers, browse, refuses, silence
from parts.program import accepts


@pytest.fixture
def authority(certificates):
    authority = Authority(certificates.pair("good"))
    yield authority
    authority.close()


@pytest.fixture
def helper(build, certificates, authority):
    return Helper(build / "src" / "web" / "estafeta-web", certificates.authority)


class Helper:
    def __init__(self, program, ca_file):
        self.program, self.ca_file = program, ca_file
        self.env = {**os.environ, "GIO_USE_PROXY_RESOLVER": "dummy"}

    def start(self, task, **values):
        """With its input handed over."""
        lines = {"ca-file": self.ca_file, **{key.replace("_", "-"): value for key, value in values.items()}}
        process = subprocess.Popen([self.program, task], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   env=self.env)
        process.stdin.write("".join(f"{key}={value}\n" for key, value in lines.items()))
        process.stdin.close()
        return process

    def end(self, process):
        """(word, values) of its last record."""
        with process:
            output = process.stdout.read()
            assert process.wait(20) == 0, output
        return read(output.splitlines()[-1])

    def run(self, task, **values):
        return self.end(self.start(task, **values))


def read(line):
    word, *pairs = line.split("\t")
    return word, dict(pair.split("=", 1) for pair in pairs)


def refresh(helper, authority, held, **values):
    return helper.run("refresh", **{"token": authority.url("token"), "client": "client-1", "refresh": held, **values})


def test_refresh(helper, authority):
    """The old token goes, the new one comes; a client with a secret says it; the issuer alone is enough."""
    word, values = refresh(helper, authority, authority.grant_refresh())
    assert word == "grant" and values["expires"] == "3600", values
    assert authority.tokens[values["access"]] == authority.user
    authority.rotates = False
    authority.clients["desk"], authority.secret_of["desk"] = None, "not so secret & odd"
    token = authority.grant_refresh("desk")
    word, again = refresh(helper, authority, token, client="desk", client_secret="not so secret & odd", scope=SCOPE)
    assert word == "grant" and "refresh" not in again and again["scope"] == SCOPE
    assert authority.asked_for("token")[-1]["refresh_token"] == token
    word, _ = helper.run("refresh", issuer=authority.issuer, client="client-1", refresh=values["refresh"])
    assert word == "grant" and authority.asked[-2][0] == "metadata"


GOOD = {"access_token": "a", "token_type": "Bearer"}
# What a token endpoint answers -> what becomes of it.
FAULTS = {
    "in trouble": (answers(500, "<h1>Oops</h1>"), "server"),
    "too many": (answers(429, {"error": "invalid_request", "error_description": "Not so fast"}), "server"),
    "for a while": (refuses("temporarily_unavailable"), "server"),
    "signed out": (refuses("invalid_grant", "Token has been revoked."), "invalid-grant"),
    "who are you": (refuses("invalid_client", status=401), "client"),
    "not you": (refuses("unauthorized_client"), "client"),
    "another error": (refuses("invalid_scope", "no\tsuch\nscope"), "refused"),
    "an error with 200": (answers(200, {"error": "invalid_grant"}), "invalid-grant"),
    "silent": (silence, "unreachable"),
    "huge": (answers(200, '{"access_token":"' + "a" * 70000 + '"}'), "answer"),
    "no JSON": (answers(200, "Welcome to our hotel"), "answer"),
    "nothing": (answers(200, ""), "answer"),
    "no object": (answers(200, ["access_token"]), "answer"),
    "nested": (answers(200, '{"a":' * 5000 + "1" + "}" * 5000), "answer"),
    "no token": (answers(200, {"token_type": "Bearer"}), "answer"),
    "a token with a line": (answers(200, {**GOOD, "access_token": "a\nfailed"}), "answer"),
    "another type": (answers(200, {**GOOD, "token_type": "mac"}), "answer"),
    "not there": (answers(404, "nothing"), "answer"),
    "elsewhere": (lambda authority: (307, "", {"Location": authority.url("token?again")}), "answer"),
}


def test_faults_of_the_token_endpoint(helper, authority):
    """One record each, never a second try, and no other place is gone to."""
    for name, (fault, what) in FAULTS.items():
        authority.asked.clear()
        authority.faults["token"] = fault
        word, values = refresh(helper, authority, "refresh-1", seconds="1" if fault is silence else "10")
        assert (word, values["what"], values["step"]) == ("failed", what, "token"), (name, word, values)
        assert [name for name, _ in authority.asked] == ["token"], name
    authority.faults["token"] = refuses("invalid_grant", "Token has been revoked.")
    assert refresh(helper, authority, "refresh-1")[1]["words"] == "invalid_grant: Token has been revoked."


def test_whom_it_trusts(helper, authority, certificates):
    """No token for a server that another authority vouches for, that is not there, or that would be asked in clear."""
    token = authority.grant_refresh()
    for name, values in {
        "a stranger": {"ca-file": certificates.stranger},
        "nobody there": {"token": "https://localhost:1/token"},
        "no such file": {"ca-file": "/nowhere"},
    }.items():
        word, values = refresh(helper, authority, token, **values)
        assert (word, values["what"]) == ("failed", "unreachable"), (name, values)
    for address in (authority.url("token").replace("https", "http"), "https://me:pw@localhost/", "file:///etc/passwd"):
        assert refresh(helper, authority, token, token=address)[1]["what"] == "answer"
    word, values = helper.run("refresh", token=authority.url("token"), refresh=token)
    assert (word, values["what"]) == ("failed", "client-missing")
    assert authority.asked == []


def prompt(process):
    word, values = read(process.stdout.readline().rstrip("\n"))
    assert word == "prompt", values
    return values


def sign_in(helper, authority, **values):
    """What it says in the end when the person goes to the page and comes back."""
    process = helper.start("sign-in", **values)
    line = process.stdout.readline().rstrip("\n")
    if line.startswith("prompt\t"):
        browse(read(line)[1]["url"], helper.ca_file)
        return helper.end(process)
    process.stdout.close()
    assert process.wait(20) == 0
    return read(line)


def test_sign_in(helper, authority):
    """The issuer alone is known: the rest is published, and the client registers itself. Whoever else knocks at the door
    of this machine, or only stands there, changes nothing."""
    process = helper.start("sign-in", issuer=authority.issuer, user="you@example.org")
    url = prompt(process)["url"]
    query = {key: value for key, (value,) in parse_qs(urlsplit(url).query).items()}
    door = urlsplit(query["redirect_uri"])
    assert door.hostname == "127.0.0.1" and query["login_hint"] == "you@example.org" and query["scope"] == SCOPE
    silent = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(50)]
    here, state = query["redirect_uri"], query["state"]
    for wrong in ("/favicon.ico", f"/callback?state={state}&code=x", "/?state=guessed&code=x", f"/?code=x&state={state}x",
                  f"/?state={state}", f"/?state={state}&code=x&code=y", "/"):
        assert browse(here + wrong, helper.ca_file) == (404, ""), wrong
    for rubbish in (b"POST /?state=%s&code=x HTTP/1.1\r\n\r\n" % state.encode(), b"\x16\x03\x01" * 9000, b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", door.port), 5) as link:
            link.sendall(rubbish)
            assert link.recv(12) == b"HTTP/1.1 404"
    status, page = browse(url, helper.ca_file)
    assert status == 200 and "You can close this page" in page and "<script" not in page and "code" not in page
    word, values = helper.end(process)
    assert word == "grant" and authority.tokens[values["access"]] == authority.user, values
    assert authority.grants[values["refresh"]] == values["client"].strip() and "client-secret" not in values
    assert values["token"] == authority.url("token") and values["issuer"] == authority.issuer
    assert not accepts(door.port)
    for link in silent:
        link.close()
    # The next one is a client that is known there, and registers no more.
    word, _ = sign_in(helper, authority, issuer=authority.issuer, client=values["client"], scope=SCOPE)
    assert word == "grant" and len(authority.asked_for("register")) == 1


def test_sign_in_at_a_known_place(helper, authority):
    """Nothing is looked up; this machine is called as the provider has it on its list."""
    authority.clients["desk"], authority.secret_of["desk"] = ["http://localhost"], "s3"
    word, values = sign_in(helper, authority, authorize=authority.url("authorize"), token=authority.url("token"),
                           client="desk", client_secret="s3", loopback="localhost", scope="mail")
    assert word == "grant" and values["client-secret"] == "s3" and values["scope"] == "mail", values
    assert [name for name, _ in authority.asked] == ["authorize", "token"]


def lies_about(**members):
    return lambda authority: (200, {**Authority.metadata(authority, {})[1], **members})


def be(**traits):
    return lambda authority: [setattr(authority, key, value) for key, value in traits.items()]


def break_at(endpoint, fault):
    return lambda authority: authority.faults.update({endpoint: fault})


# How the server is -> what becomes of the sign-in, and where.
SIGN_INS = {
    "the person says no": (be(consents=False), "denied", "authorize"),
    "an answer of somebody else": (be(iss="https://evil.example"), "answer", "authorize"),
    "an answer of nobody": (break_at("metadata", lies_about(authorization_response_iss_parameter_supported=True)),
                            "answer", "authorize"),
    "it would end within the hour": (be(gives_refresh=False), "no-refresh", "token"),
    "a code that is worth nothing": (break_at("token", refuses("invalid_grant")), "invalid-grant", "token"),
    "in trouble": (break_at("token", answers(503)), "server", "token"),
    "nothing published": (break_at("metadata", answers(404)), "answer", "metadata"),
    "published by somebody else": (break_at("metadata", lies_about(issuer="https://evil.example")), "answer", "metadata"),
    "published in clear": (break_at("metadata", lies_about(token_endpoint="http://localhost/token")), "answer", "metadata"),
    "no way in": (break_at("metadata", lies_about(registration_endpoint=None)), "client-missing", "registration"),
    "no entry": (break_at("register", refuses("access_denied", status=403)), "client", "registration"),
    "not like that": (break_at("register", refuses("invalid_client_metadata")), "client", "registration"),
    "nonsense at the door": (break_at("register", answers(201, {"client": 1})), "answer", "registration"),
}


def test_sign_ins_that_fail(helper, certificates):
    for name, (make, what, step) in SIGN_INS.items():
        authority = Authority(certificates.pair("good"))
        if name == "an answer of nobody":
            authority.promises_iss = False
        make(authority)
        word, values = sign_in(helper, authority, issuer=authority.issuer)
        assert (word, values.get("what"), values.get("step")) == ("failed", what, step), (name, word, values)
        authority.close()


def test_device(helper, authority, certificates):
    """The code is entered elsewhere; who asks too often is told so, and asks less often. Meanwhile, others fail."""
    authority.device_says = ["slow_down"]
    process = helper.start("device", issuer=authority.issuer)
    values = prompt(process)
    assert values["url"] == authority.url("enter") and values["complete"].endswith(values["code"]), values
    other = Authority(certificates.pair("good"))
    other.device_lifetime = 2
    late = helper.start("device", issuer=other.issuer, client="client-1")
    assert prompt(late)["expires"] == "2"
    assert helper.end(late)[1]["what"] == "expired"
    other.device_says = ["access_denied"]
    other.device_lifetime = 600
    assert helper.run("device", issuer=other.issuer, client="client-1")[1]["what"] == "denied"
    for fault, what in ((refuses("invalid_client"), "client"), (answers(200, {"device_code": "a"}), "answer"),
                        (lambda authority: (200, {**Authority.device(authority, {"client_id": "client-1"})[1],
                                                  "verification_uri": "javascript:alert(1)"}), "answer")):
        other.faults["device"] = fault
        _, failed = helper.run("device", issuer=other.issuer, client="client-1")
        assert (failed["what"], failed["step"]) == (what, "authorize"), failed
    other.close()
    authority.approve(values["code"])
    word, grant = helper.end(process)
    assert word == "grant" and authority.grants[grant["refresh"]] == grant["client"], grant
    assert 2 <= len(authority.asked_for("token")) <= 4, "it asks more slowly when it is told to"
    word, _ = refresh(helper, authority, grant["refresh"], client=grant["client"])
    assert word == "grant"
