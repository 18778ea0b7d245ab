"""The helper program signs in at a web page, by a code on another device, and refreshes: against a server that looks at
everything, and against servers that are broken."""

import os
import subprocess

import pytest

from parts.authority import SCOPE, Authority, answers, refuses, silence


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
