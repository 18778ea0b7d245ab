"""Programs that insist on encryption, though they speak to their own machine: STARTTLS and TLS from the start."""

import json
import os
import socket
import ssl
import subprocess
import threading
import time

import pytest

from parts.clients import RECIPIENT, SENDER
from parts.mail import fields, message
from parts.program import NOBODY, free_port, until
from parts.smtp import Smtp, everything, hand_in, tls_hello

CONTENT = message("Inside")


@pytest.fixture
def tls(estafeta):
    """Both kinds switched on; `estafeta.tls_port` speaks TLS from the start."""
    estafeta.tls_port = free_port()
    estafeta.submission.update({"listen-tls": f"127.0.0.1:{estafeta.tls_port}", "starttls": "yes"})
    return estafeta


@pytest.fixture
def certificate(desk, tls):
    """The exported certificate, as a person would keep it."""
    path = desk.session.folder / "home" / "estafeta-localhost.pem"
    answer = tls.cli("certificate", "--output", path)
    assert answer.code == 0 and answer.output == "", answer
    return path


@pytest.fixture
def context(certificate):
    return ssl.create_default_context(cafile=str(certificate))


# Each takes (session, port, port with TLS from the start, certificate, subject).


def text(subject):
    return message(subject).replace(b"\r\n", b"\n")


def curl(session, port, tls_port, certificate, subject, scheme="smtp"):
    where = f"{scheme}://localhost:{port if scheme == 'smtp' else tls_port}"
    return session.run(["curl", "-sS", "-4", "--ssl-reqd", "--cacert", certificate, "--url", where, "--mail-from", SENDER,
                        "--mail-rcpt", RECIPIENT, "--crlf", "-T", "-"], input=text(subject))


def curl_at_once(*given):
    return curl(*given, scheme="smtps")


def msmtp(session, port, tls_port, certificate, subject, starttls="on"):
    return session.run(["msmtp", "--host=localhost", f"--port={port if starttls == 'on' else tls_port}", "--auth=off",
                        "--tls=on", f"--tls-starttls={starttls}", f"--tls-trust-file={certificate}",
                        "--domain=localhost", f"--from={SENDER}", RECIPIENT], input=text(subject))


def msmtp_at_once(*given):
    return msmtp(*given, starttls="off")


def swaks(session, port, tls_port, certificate, subject, how="--tls"):
    return session.run(["swaks", "--server", "127.0.0.1", "--port", port if how == "--tls" else tls_port, "--from", SENDER,
                        "--to", RECIPIENT, "--h-Subject", subject, "--helo", "localhost", "--timeout", "20", how,
                        "--tls-verify", "--tls-ca-path", certificate])


def swaks_at_once(*given):
    return swaks(*given, how="--tlsc")


def mutt(session, port, tls_port, certificate, subject, scheme="smtp"):
    settings = session.folder / "home" / "muttrc"
    settings.write_text(
        f'set smtp_url="{scheme}://localhost:{port if scheme == "smtp" else tls_port}/"\nset from={SENDER}\n'
        f"set ssl_force_tls=yes\nset certificate_file={certificate}\nset copy=no\nset hostname=localhost\n"
    )
    return session.run(["mutt", "-F", settings, "-x", "-s", subject, RECIPIENT], input="from mutt\n")


def mutt_at_once(*given):
    return mutt(*given, scheme="smtps")


def s_nail(session, port, tls_port, certificate, subject, at_once=False):
    return session.run(["s-nail", "-:/", "-Sv15-compat", "-Ssmtp-auth=none", "-Shostname=localhost", f"-Sfrom={SENDER}",
                        f"-Smta={'smtps' if at_once else 'smtp'}://localhost:{tls_port if at_once else port}",
                        "-Stls-verify=strict", f"-Stls-ca-file={certificate}", "-Stls-ca-no-defaults",
                        *([] if at_once else ["-Ssmtp-use-starttls"]), "-s", subject, RECIPIENT], input="from s-nail\n")


def s_nail_at_once(*given):
    return s_nail(*given, at_once=True)


def git(session, port, tls_port, certificate, subject):
    patch = session.folder / "home" / "0001-change.patch"
    patch.write_text(f"From {'0' * 40} Mon Sep 17 00:00:00 2001\nFrom: Alice <{SENDER}>\nSubject: {subject}\n\n---\n")
    return session.run(
        ["git", "-c", "sendemail.smtpServer=localhost", "-c", f"sendemail.smtpServerPort={port}",
         "-c", "sendemail.smtpEncryption=tls", "-c", f"sendemail.smtpSSLCertPath={certificate}",
         "-c", "sendemail.smtpDomain=localhost", "-c", "user.name=Alice", "-c", f"user.email={SENDER}", "send-email",
         "--confirm=never", "--quiet", "--no-validate", "--suppress-cc=all", "--from", SENDER, "--to", RECIPIENT, patch])


def smtplib(session, port, tls_port, certificate, subject):
    program = (
        "import smtplib, ssl, sys\n"
        "context = ssl.create_default_context(cafile=sys.argv[2])\n"
        "s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), 'localhost'); s.starttls(context=context)\n"
        f"s.sendmail('{SENDER}', '{RECIPIENT}', sys.stdin.buffer.read()); s.quit()\n"
    )
    return session.run(["/usr/bin/python3", "-c", program, port, certificate], input=message(subject))


CLIENTS = [curl, curl_at_once, msmtp, msmtp_at_once, swaks, swaks_at_once, mutt, mutt_at_once, s_nail, s_nail_at_once,
           git, smtplib]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_client(desk, tls, certificate, client):
    """Each verifies the certificate by the exported file and hands its mail in; without the file it does not."""
    relay = desk.practice(security="none").start()
    desk.account(relay, security="none").start()
    given = (desk.session, tls.port, tls.tls_port)
    code, output, errors = client(*given, certificate, "Insisting")
    assert code == 0, output + errors
    (taken,) = relay.wait_for(1)
    assert fields(taken.content, "subject") == ["Insisting"]
    stranger = desk.session.folder / "home" / "stranger.pem"
    stranger.write_bytes(desk.certificates.stranger.read_bytes())
    code, output, errors = client(*given, stranger, "Not trusting")
    assert code != 0, output + errors
    assert len(tls.list()) == 1


def test_names(desk, tls, context):
    """The certificate is good for every name of this machine's loopback, and for no other."""
    tls.submission["listen-tls"] += f";[::1]:{tls.tls_port}"
    desk.account(free_port()).start()
    for host, name in (("127.0.0.1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::1", "localhost")):
        with socket.create_connection((host, tls.tls_port), 10) as link:
            with context.wrap_socket(link, server_hostname=name) as secure:
                assert secure.version() == "TLSv1.3" and secure.recv(4) == b"220 "
    with socket.create_connection(("127.0.0.1", tls.tls_port), 10) as link:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(link, server_hostname="example.org")
    strict = ssl.VerifyFlags.VERIFY_X509_STRICT | ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags |= strict  # the default of newer Pythons
    with Smtp(tls.tls_port, tls=context) as smtp:
        assert smtp.greeting.startswith("220 ")


def test_off_by_default(desk, estafeta):
    """Nobody who turns it on by itself when it is offered is ever asked a question, and no key is made."""
    desk.account(free_port()).start()
    with Smtp(estafeta.port) as smtp:
        assert "STARTTLS" not in smtp.ask("EHLO test")
        assert smtp.ask("STARTTLS").startswith("502")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("250")
    assert not list(estafeta.outbox_path.parent.glob("localhost*"))


def test_addresses(desk, tls):
    """Status tells where TLS is spoken; an address that somebody else holds is told like the others."""
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    tls.submission["listen-tls"] += f";127.0.0.1:{port}"
    desk.account(free_port()).start()
    status = tls.status()
    assert f"tls:127.0.0.1:{tls.tls_port}" in status["listening"]
    assert status["port-taken"] == {f"127.0.0.1:{port}": os.getuid()}
    assert f"  127.0.0.1:{tls.tls_port} (encrypted)\n" in tls.cli("status").output
    taken.close()


def test_certificate(desk, tls):
    """It needs no daemon, never shows the key, says how to trust it, and stays the same."""
    first = tls.cli("certificate")
    assert first.code == 0 and first.output.startswith("-----BEGIN CERTIFICATE") and "PRIVATE" not in first.output
    for words in ("127.0.0.1", "SHA-256", "--cacert", "tls_trust_file", "do not offer encryption", "starttls=yes"):
        assert words in first.errors, first.errors
    tls.write()
    offered = tls.cli("certificate")
    assert offered.output == first.output and "settings offer encryption" in offered.errors
    told = tls.cli("certificate", "--json").json
    assert told["certificate"] == first.output and told["offered"] and told["not-after"] > time.time() + 9 * 365 * 86400
    _, shown, _ = desk.session.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=first.output)
    assert shown.strip().split("=")[1] == told["fingerprint-sha256"]
    kept = desk.session.folder / "home" / "kept.pem"
    kept.write_text("mine")
    assert tls.cli("certificate", "--output", kept).code == 1 and kept.read_text() == "mine"
    assert tls.cli("certificate", "--output", kept, "--force").code == 0 and kept.read_text() == first.output
    assert tls.cli("certificate", "extra").code == 2
    path = tls.outbox_path.parent / "localhost.pem"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_key_others_can_read(desk, tls):
    """Such a key is not used: no TLS, words in the log and from the command, and mail in the clear goes on."""
    assert tls.cli("certificate").code == 0
    path = tls.outbox_path.parent / "localhost.pem"
    path.chmod(0o644)
    answer = tls.cli("certificate")
    assert answer.code == 1 and "other users" in answer.errors and answer.output == ""
    desk.account(free_port()).start()
    with Smtp(tls.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("STARTTLS").startswith("454")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("250")
    with socket.create_connection(("127.0.0.1", tls.tls_port), 10) as link:
        with pytest.raises(OSError):
            ssl._create_unverified_context().wrap_socket(link)
    assert "other users" in tls.log()
    path.unlink()
    with Smtp(tls.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("STARTTLS").startswith("220")


@pytest.mark.preload
def test_renewed(desk, tls, certificate):
    """Near its end the certificate is renewed for the same key, and the daemon shows the new one."""
    def public_key(text):
        return desk.session.run(["openssl", "x509", "-noout", "-pubkey"], input=text)[1]

    def shown():
        return ssl.get_server_certificate(("127.0.0.1", tls.tls_port))

    desk.account(free_port()).start()
    first = certificate.read_text()
    assert shown() == first
    answer = tls.session.run(["faketime", "-f", "+3640d", tls.cli_path, "certificate"], env=tls.env)
    assert answer[0] == 0, answer
    assert answer[1] != first and public_key(answer[1]) == public_key(first)
    # From the future, it is not good yet: for today it is made once more.
    assert shown() not in (first, answer[1]) and public_key(shown()) == public_key(first)


def test_requiretls(desk, tls, context):
    """Inside TLS a client may ask for REQUIRETLS; it reaches a relay that offers it, and fails where it is not."""
    relay = desk.practice()
    relay.extensions = ["REQUIRETLS"]
    relay.start()
    desk.estafeta.delivery["keep"] = 0
    desk.account(relay).start()
    for number in (1, 2):
        with Smtp(tls.port) as smtp:
            assert "REQUIRETLS" not in smtp.ask("EHLO test")
            assert smtp.ask("MAIL FROM:<alice@example.org> REQUIRETLS").startswith("555")
            assert smtp.ask("STARTTLS").startswith("220")
            smtp.secure(context)
            offers = smtp.ask("EHLO test").splitlines()
            assert "250-REQUIRETLS" in offers and "250-STARTTLS" not in offers
            assert smtp.ask("MAIL FROM:<alice@example.org> REQUIRETLS").startswith("250")
            assert smtp.ask("RCPT TO:<bob@example.net>").startswith("250")
            assert smtp.ask("DATA").startswith("354")
            assert smtp.content(CONTENT).startswith("250")
        if number == 1:
            assert relay.wait_for(1)[0].content == CONTENT
            assert relay.heard("MAIL")[0].endswith(" REQUIRETLS")
            relay.extensions = []
    tls.wait_for_states("sent", "failed")
    assert (tls.list()[1]["reason"], tls.list()[1]["figures"]) == ("incapable", "require-tls")
    assert len(relay.mails) == 1


# Attacks.


def test_injection(desk, tls, context):
    """What is put behind STARTTLS in one packet, or said where the handshake belongs, is never a command."""
    desk.account(free_port()).start()
    envelope = b"EHLO x\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<eve@example.net>\r\nDATA\r\n"
    with Smtp(tls.port) as smtp:
        smtp.ask("EHLO test")
        smtp.write(b"STARTTLS\r\n" + envelope + CONTENT + b".\r\n")
        heard = everything(smtp.socket)
    # In the same packet, or in one that came when the handshake had begun.
    assert heard.startswith((b"554 ", b"220 ")) and b"250" not in heard and b"354" not in heard
    with Smtp(tls.port) as smtp:
        smtp.ask("EHLO test")
        assert smtp.ask("STARTTLS").startswith("220")
        smtp.write(envelope)
        assert b"250" not in everything(smtp.socket)
    # An envelope from before the handshake is not there behind it.
    with Smtp(tls.port) as smtp:
        smtp.write(b"EHLO test\r\n")
        smtp.reply()
        assert smtp.ask("STARTTLS").startswith("220")
        smtp.secure(context)
        assert smtp.ask("RCPT TO:<eve@example.net>").startswith("503")
        assert smtp.ask("MAIL FROM:<alice@example.org>").startswith("503")
    assert tls.list() == []


def tls_versions(port, *options):
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input=b"", timeout=20,
                          capture_output=True)
    return done.stdout.decode(errors="replace")


def test_old_versions(desk, tls):
    """TLS 1.2 and 1.3, and nothing older."""
    desk.account(free_port()).start()
    for option, good in (("-tls1_3", True), ("-tls1_2", True), ("-tls1_1", False), ("-tls1", False)):
        told = tls_versions(tls.tls_port, option, "-cipher", "ALL:@SECLEVEL=0")
        assert ("BEGIN CERTIFICATE" in told) == good, (option, told)


@pytest.mark.parametrize("said", [b"EHLO x\r\nMAIL FROM:<alice@example.org>\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100])
def test_no_tls_where_tls_begins(desk, tls, said):
    """Other words than a handshake end the connection at once."""
    desk.account(free_port()).start()
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", tls.tls_port), 10) as link:
        link.sendall(said)
        heard = everything(link)
    assert time.monotonic() - begun < 3 and b"220" not in heard and b"250" not in heard
    assert tls.list() == []


def test_waiting_for_a_greeting_in_the_clear(desk, tls):
    """A client that was told the wrong port hears so after some seconds."""
    tls.submission["command"] = 1
    desk.account(free_port()).start()
    with Smtp(tls.tls_port) as smtp:
        assert smtp.greeting.startswith("421 4.7.0 TLS begins at once")
        assert smtp.is_closed()


def test_web_page(desk, tls, context):
    """https:// to the port: even a browser that trusts the certificate hands nothing in."""
    desk.account(free_port()).start()
    body = b"EHLO x\r\nMAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n" + CONTENT + b".\r\n"
    with socket.create_connection(("127.0.0.1", tls.tls_port), 10) as link:
        with context.wrap_socket(link, server_hostname="localhost") as secure:
            secure.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n" + body)
            heard = everything(secure)
    assert b"250" not in heard and b"354" not in heard
    assert tls.list() == []


PAGE = """<!doctype html><meta charset="utf-8"><script>
const host = "%s", dialogue = %s;
const post = type => fetch("https://" + host + "/", {method: "POST", mode: "no-cors", headers: {"Content-Type": type}, body: dialogue});
post("text/plain").catch(() => post("text/plain; x=y")).catch(() => { new Image().src = "https://" + host + "/EHLO"; });
const socket = new WebSocket("wss://" + host + "/", ["EHLO"]); socket.onopen = () => socket.send(dialogue);
</script>"""


def test_page_in_a_browser(desk, tls):
    """The same from a real one that was told to believe any certificate."""
    desk.account(free_port()).start()
    dialogue = f"EHLO x\r\nMAIL FROM:<{SENDER}>\r\nRCPT TO:<{RECIPIENT}>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"
    page = desk.session.folder / "home" / "page.html"
    page.write_text(PAGE % (f"127.0.0.1:{tls.tls_port}", json.dumps(dialogue)))
    browser = desk.session.start(
        "browser",
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         f"--user-data-dir={desk.session.folder / 'browser'}", "--ignore-certificate-errors", "--remote-debugging-port=0",
         f"file://{page}"])

    def cut_off():
        return tls.log().count("does not speak SMTP") + tls.log().count("spoke before the greeting")

    until(lambda: f"all of them to have been cut off: {tls.log()}", lambda: cut_off() >= 3, 60)
    browser.kill()
    assert tls.list() == []
    assert hand_in(tls.port, message()).startswith("250")


def counts(estafeta):
    folder = f"/proc/{estafeta.program.pid}"
    return len(os.listdir(f"{folder}/task")), len(os.listdir(f"{folder}/fd"))


def test_gone_or_slow_at_every_stage(desk, tls, context):
    """Whoever goes, or drips, in the middle of a handshake holds no thread and no file for longer than a command
    may take; what was not ended is not mail."""
    tls.submission["command"] = 2
    desk.account(free_port()).start()
    with Smtp(tls.tls_port, tls=context):
        pass
    before = counts(tls)
    octets = tls_hello()
    for length in (0, 1, 5, 6, len(octets) // 2, len(octets)):
        for starttls in (False, True):
            link = socket.create_connection(("127.0.0.1", tls.port if starttls else tls.tls_port), 10)
            if starttls:
                for line in (b"", b"EHLO x\r\n", b"STARTTLS\r\n"):
                    link.sendall(line)
                    link.recv(1000)
            link.sendall(octets[:length])
            link.close()
    with Smtp(tls.tls_port, tls=context) as smtp:
        smtp.envelope("alice@example.org", "bob@example.net")
        smtp.write(message("Cut off", body="hello\r\n"))
        smtp.socket.unwrap()  # a goodbye in the middle of content is no end of it
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", tls.tls_port), 10) as link:
        with pytest.raises(OSError):
            for octet in octets * 10:
                link.sendall(bytes([octet]))
                time.sleep(0.1)
    assert time.monotonic() - begun < 8
    until("nothing to be left of them", lambda: counts(tls)[0] <= before[0] + 1 and counts(tls)[1] <= before[1] + 1)
    assert tls.list() == []


def test_two_hundred_at_once(desk, tls, context):
    """So many that say nothing: the bound holds, and when their time is over everybody is served again."""
    tls.submission["command"] = 2
    desk.account(free_port()).start()
    links = [socket.create_connection(("127.0.0.1", tls.tls_port), 10) for _ in range(200)]
    served = []

    def whole(number):
        with Smtp(tls.tls_port, tls=context) as smtp:
            smtp.envelope("alice@example.org", "bob@example.net")
            served.append(smtp.content(message(str(number)))[:3])

    ends = [link.recv(3) for link in links]
    assert set(ends) <= {b"", b"421"} and ends.count(b"") >= 100
    for link in links:
        link.close()
    workers = [threading.Thread(target=whole, args=(number,)) for number in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert served == ["250"] * 20 and len(tls.list()) == 20


OTHER = """
import socket, ssl, sys
link = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
try:
    print(ssl._create_unverified_context().wrap_socket(link).recv(100))
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.root
def test_other_uid(desk, tls):
    """Another user's program gets not even a handshake."""
    desk.account(free_port()).start()
    _, output, _ = desk.session.run(["/usr/bin/python3", "-c", OTHER, tls.tls_port], uid=NOBODY, cwd="/")
    assert "220" not in output and output.strip(), output
    assert hand_in(tls.port, message()).startswith("250")
