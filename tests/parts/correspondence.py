"""What people send, and every mail program's way to hand it in at a port without a password.

Every function of ALL takes (session, port, mail) and returns what session.run() returns."""

import json
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

SENDER = "alice@example.org"
NAME = "Ålice Größe"
DATE = "Mon, 02 Nov 2026 10:00:00 +0100"


@dataclass
class Mail:
    subject: str
    text: str
    recipients: list = field(default_factory=lambda: ["bob@example.net"])
    attachment: Path = None

    def compose(self, eight_bit=False):
        """As a program would that composes it before: octets with LF line ends."""
        utf8 = not all(recipient.isascii() for recipient in self.recipients)
        composed = EmailMessage(policy=(SMTPUTF8 if utf8 else SMTP).clone(linesep="\n", max_line_length=400))
        composed["From"] = f"{NAME} <{SENDER}>"
        composed["To"] = ", ".join(self.recipients[:3])
        composed["Subject"], composed["Date"] = self.subject, DATE
        composed["Message-ID"] = "<composed@example.org>"
        composed.set_content(self.text, cte="8bit" if eight_bit else None)
        if self.attachment:
            composed.add_attachment(self.attachment.read_bytes(), "application", "octet-stream",
                                    filename=self.attachment.name)
            composed.set_boundary("between-the-parts")
        return composed.as_bytes()


def _file(session, name, octets):
    path = session.folder / "home" / name
    path.write_bytes(octets)
    return path


def swaks(session, port, mail):
    composed = _file(session, "mail.eml", mail.compose(eight_bit=True))
    return session.run(["swaks", "--server", "127.0.0.1", "--port", port, "--from", SENDER, "--to",
                        ",".join(mail.recipients), "--helo", "localhost", "--timeout", "30", "--suppress-data",
                        "--data", f"@{composed}"])


def curl(session, port, mail):
    recipients = [word for recipient in mail.recipients for word in ("--mail-rcpt", recipient)]
    return session.run(["curl", "-sS", "--url", f"smtp://127.0.0.1:{port}", "--mail-from", SENDER, *recipients,
                        "--crlf", "-T", "-"], input=mail.compose(eight_bit=True))


def msmtp(session, port, mail):
    return session.run(["msmtp", "--host=127.0.0.1", f"--port={port}", "--auth=off", "--tls=off", "--domain=localhost",
                        f"--from={SENDER}", *mail.recipients], input=mail.compose(eight_bit=True))


def mutt(session, port, mail):
    settings = _file(session, "muttrc", (
        f'set smtp_url="smtp://127.0.0.1:{port}/"\nset from={SENDER}\nset realname="{NAME}"\n'
        "set ssl_force_tls=no\nset ssl_starttls=no\nset copy=no\nset hostname=localhost\n"
        "set charset=utf-8\nset send_charset=utf-8\nset allow_8bit=yes\nset use_8bitmime=yes\n"
    ).encode())
    attached = ["-a", mail.attachment, "--"] if mail.attachment else ["--"]
    return session.run(["mutt", "-F", settings, "-x", "-s", mail.subject, *attached, *mail.recipients],
                       input=mail.text.encode())


def s_nail(session, port, mail):
    attached = ["-a", mail.attachment] if mail.attachment else []
    return session.run(["s-nail", "-:/", "-Sv15-compat", f"-Smta=smtp://127.0.0.1:{port}", "-Ssmtp-auth=none",
                        "-Shostname=localhost", f"-Sfrom={NAME} <{SENDER}>", "-Sttycharset=utf-8", "-Smime-encoding=8b",
                        *attached, "-s", mail.subject, *mail.recipients], input=mail.text.encode())


def git_send_email(session, port, mail):
    """What it sends are patches: the text is the description, the attachment the change itself."""
    change = mail.attachment.read_bytes() if mail.attachment else b"+one\n"
    patch = _file(session, "0001-change.patch", (
        f"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: {NAME} <{SENDER}>\n"
        f"Date: {DATE}\nSubject: {mail.subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{mail.text}---\n").encode() + change)
    to = [word for recipient in mail.recipients for word in ("--to", recipient)]
    return session.run(["git", "-c", "sendemail.smtpServer=127.0.0.1", "-c", f"sendemail.smtpServerPort={port}",
                        "-c", "sendemail.smtpDomain=localhost", "-c", f"user.name={NAME}", "-c", f"user.email={SENDER}",
                        "send-email", "--confirm=never", "--quiet", "--no-validate", "--suppress-cc=all",
                        "--transfer-encoding=8bit", "--from", f"{NAME} <{SENDER}>", *to, patch], limit=120)


def smtplib(session, port, mail):
    program = (
        "import email, email.policy, smtplib, sys, json\n"
        "s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), 'localhost', timeout=60)\n"
        "m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.SMTP)\n"
        f"s.send_message(m, '{SENDER}', json.loads(sys.argv[2]))\ns.quit()\n"
    )
    return session.run(["/usr/bin/python3", "-c", program, port, json.dumps(mail.recipients)], input=mail.compose())


def nodemailer(session, port, mail):
    program = (
        "const [port, text] = process.argv.slice(1); const mail = JSON.parse(text);\n"
        "require('nodemailer').createTransport({host: '127.0.0.1', port: Number(port), name: 'localhost'})\n"
        ".sendMail(mail).then(i => process.exit(i.rejected.length), e => { console.error(e); process.exit(9); });\n"
    )
    wanted = {"from": {"name": NAME, "address": SENDER}, "to": mail.recipients, "subject": mail.subject, "text": mail.text}
    if mail.attachment:
        wanted["attachments"] = [{"path": str(mail.attachment)}]
    return session.run(["env", "NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs", "node", "-e", program, "--", port,
                        json.dumps(wanted)])


# Those that hand in octets which were composed before: they must arrive as they are.
RAW = {"swaks": swaks, "curl": curl, "msmtp": msmtp}

ALL = {**RAW, "mutt": mutt, "s-nail": s_nail, "git send-email": git_send_email,
       "Python smtplib": smtplib, "nodemailer": nodemailer}

# Those that let an address beyond ASCII pass: the first four ask for SMTPUTF8 (RFC 6531), the
# others just say it. s-nail takes none itself.
INTERNATIONAL = ("curl", "Python smtplib", "nodemailer", "mutt", "msmtp", "swaks", "git send-email")
