"""The mail programs people have, each signing in to hand one mail in.

Every function takes (session, port, user, password) and returns what session.run() returns."""

import json

from parts.clients import RECIPIENT, SENDER
from parts.mail import message

SUBJECT = "Signed"


def _content():
    return message(SUBJECT).replace(b"\r\n", b"\n")


def swaks(mechanism, *more):
    def hand_in(session, port, user, password):
        return session.run([
            "swaks", "--server", "127.0.0.1", "--port", port, "--from", SENDER, "--to", RECIPIENT, "--helo",
            "localhost", "--h-Subject", SUBJECT, "--timeout", "20", "--auth", mechanism,
            "--auth-user", user, "--auth-password", password, *more,
        ])

    return hand_in


def curl(mechanism):
    def hand_in(session, port, user, password):
        return session.run(
            ["curl", "-sS", "--url", f"smtp://127.0.0.1:{port}", "--mail-from", SENDER, "--mail-rcpt", RECIPIENT,
             "--user", f"{user}:{password}", "--login-options", f"AUTH={mechanism}", "--crlf", "-T", "-"],
            input=_content(),
        )

    return hand_in


def msmtp(mechanism):
    def hand_in(session, port, user, password):
        return session.run(
            ["msmtp", "--host=127.0.0.1", f"--port={port}", f"--auth={mechanism}", f"--user={user}",
             f"--passwordeval=echo {password}", "--tls=off", "--domain=localhost", f"--from={SENDER}", RECIPIENT],
            input=_content(),
        )

    return hand_in


def smtplib(mechanism):
    """With a mechanism of its own choice, or LOGIN, name and password in turn."""
    login = {"auto": "s.login(sys.argv[2], sys.argv[3])",
             "LOGIN": "s.user, s.password = sys.argv[2:4]; s.ehlo(); "
                      "s.auth('LOGIN', s.auth_login, initial_response_ok=False)"}[mechanism]

    def hand_in(session, port, user, password):
        program = (
            "import smtplib, sys\n"
            "s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), 'localhost', timeout=20)\n"
            f"{login}\n"
            f"s.sendmail('{SENDER}', ['{RECIPIENT}'], 'Subject: {SUBJECT}\\n\\nx\\n'); s.quit()"
        )
        return session.run(["/usr/bin/python3", "-c", program, port, user, password])

    return hand_in


def mutt(mechanism):
    def hand_in(session, port, user, password):
        settings = session.folder / "home" / "muttrc"
        settings.write_text(
            f'set smtp_url="smtp://{user}@127.0.0.1:{port}/"\nset smtp_pass="{password}"\nset from={SENDER}\n'
            f'set smtp_authenticators="{mechanism}"\n'
            "set ssl_force_tls=no\nset ssl_starttls=no\nset copy=no\nset hostname=localhost\n"
        )
        return session.run(["mutt", "-F", settings, "-x", "-s", SUBJECT, RECIPIENT], input="from mutt\n")

    return hand_in


def s_nail(mechanism):
    def hand_in(session, port, user, password):
        return session.run(
            ["s-nail", "-:/", "-Sv15-compat", f"-Smta=smtp://{user}:{password}@127.0.0.1:{port}",
             f"-Ssmtp-auth={mechanism}", "-Shostname=localhost", f"-Sfrom={SENDER}", "-s", SUBJECT, RECIPIENT],
            input="from s-nail\n",
        )

    return hand_in


def git_send_email(session, port, user, password):
    patch = session.folder / "home" / "0001-change.patch"
    patch.write_text(
        f"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: Alice <{SENDER}>\n"
        f"Date: Mon, 2 Nov 2026 10:00:00 +0100\nSubject: {SUBJECT}\n\n---\n file | 1 +\n"
    )
    return session.run(
        ["git", "-c", "sendemail.smtpServer=127.0.0.1", "-c", f"sendemail.smtpServerPort={port}",
         "-c", "sendemail.smtpDomain=localhost", "-c", f"sendemail.smtpUser={user}", "-c",
         f"sendemail.smtpPass={password}", "-c", f"user.email={SENDER}", "send-email", "--confirm=never", "--quiet",
         "--no-validate", "--suppress-cc=all", "--from", f"Alice <{SENDER}>", "--to", RECIPIENT, patch]
    )


def nodemailer(session, port, user, password):
    program = (
        "const [port, user, pass] = process.argv.slice(1);\n"
        "require('nodemailer').createTransport({host: '127.0.0.1', port: Number(port), name: 'localhost', "
        "auth: {user, pass}})\n"
        f".sendMail({json.dumps({'from': SENDER, 'to': RECIPIENT, 'subject': SUBJECT, 'text': 'x'})})"
        ".then(() => process.exit(0), e => { console.error(e); process.exit(9); });\n"
    )
    return session.run(["env", "NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs", "node", "-e", program, "--", port,
                        user, password])


# By a user name and any password, as people set them up who have to say something.
ALL = {
    "swaks PLAIN": swaks("PLAIN"),
    "swaks LOGIN": swaks("LOGIN"),
    "curl PLAIN": curl("PLAIN"),
    "curl LOGIN": curl("LOGIN"),
    "msmtp PLAIN": msmtp("plain"),
    "msmtp LOGIN": msmtp("login"),
    "Python smtplib": smtplib("auto"),
    "Python smtplib LOGIN": smtplib("LOGIN"),
    "mutt": mutt(""),
    "mutt LOGIN": mutt("login"),
    "s-nail PLAIN": s_nail("plain"),
    "s-nail LOGIN": s_nail("login"),
    "git send-email": git_send_email,
    "nodemailer": nodemailer,
}

# These prove that they know the secret without saying it. (Debian 12's curl cannot.)
SCRAM = {
    "mutt SCRAM": mutt("scram-sha-256"),
    "msmtp SCRAM": msmtp("scram-sha-256"),
}
