"""The mail programs people have, each handing one mail in at a port without a password.

Every function takes (session, port, subject) and returns what session.run() returns."""

from parts.mail import message

SENDER = "alice@example.org"
RECIPIENT = "bob@example.net"


def swaks(session, port, subject, *more):
    return session.run([
        "swaks", "--server", "127.0.0.1", "--port", port, "--from", SENDER, "--to", RECIPIENT,
        "--h-Subject", subject, "--helo", "localhost", "--body", "from swaks", "--timeout", "20", *more,
    ])


def curl(session, port, subject):
    return session.run(
        ["curl", "-sS", "--url", f"smtp://127.0.0.1:{port}", "--mail-from", SENDER,
         "--mail-rcpt", RECIPIENT, "--crlf", "-T", "-"],
        input=message(subject, body="from curl\r\n").replace(b"\r\n", b"\n"),
    )


def git_send_email(session, port, subject):
    patch = session.folder / "home" / "0001-change.patch"
    patch.write_text(
        f"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"
        f"From: Alice <{SENDER}>\nDate: Mon, 2 Nov 2026 10:00:00 +0100\nSubject: {subject}\n\n"
        "---\n file | 1 +\n\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -0,0 +1 @@\n+one\n--\n2.39.5\n"
    )
    return session.run(
        ["git", "-c", "sendemail.smtpServer=127.0.0.1", "-c", f"sendemail.smtpServerPort={port}",
         "-c", "sendemail.smtpDomain=localhost", "-c", "user.name=Alice",
         "-c", f"user.email={SENDER}", "send-email", "--confirm=never", "--quiet",
         "--suppress-cc=all", "--from", f"Alice <{SENDER}>", "--to", RECIPIENT, patch]
    )


def msmtp(session, port, subject):
    return session.run(
        ["msmtp", "--host=127.0.0.1", f"--port={port}", "--auth=off", "--tls=off",
         "--domain=localhost", f"--from={SENDER}", RECIPIENT],
        input=message(subject, body="from msmtp\r\n").replace(b"\r\n", b"\n"),
    )


def mutt(session, port, subject):
    settings = session.folder / "home" / "muttrc"
    settings.write_text(
        # mutt 2 insists on TLS otherwise, on loopback too.
        f'set smtp_url="smtp://127.0.0.1:{port}/"\nset from={SENDER}\nset ssl_force_tls=no\nset ssl_starttls=no\n'
        "set copy=no\nset hostname=localhost\n"
    )
    return session.run(["mutt", "-F", settings, "-x", "-s", subject, RECIPIENT], input="from mutt\n")


def s_nail(session, port, subject):
    return session.run(
        ["s-nail", "-:/", "-Sv15-compat", f"-Smta=smtp://127.0.0.1:{port}", "-Ssmtp-auth=none",
         "-Shostname=localhost", f"-Sfrom={SENDER}", "-s", subject, RECIPIENT],
        input="from s-nail\n",
    )


def smtplib(session, port, subject):
    program = (
        "import smtplib, sys; from email.message import EmailMessage; m = EmailMessage();"
        f"m['From'], m['To'], m['Subject'] = '{SENDER}', '{RECIPIENT}', sys.argv[2];"
        "m.set_content('from smtplib');"
        "s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), 'localhost'); s.send_message(m); s.quit()"
    )
    return session.run(["/usr/bin/python3", "-c", program, port, subject])


ALL = {
    "swaks": swaks,
    "curl": curl,
    "git send-email": git_send_email,
    "msmtp": msmtp,
    "mutt": mutt,
    "s-nail": s_nail,
    "Python smtplib": smtplib,
}
