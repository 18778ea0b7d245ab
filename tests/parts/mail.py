"""Messages to send, as octets with CRLF line ends."""

import random
import re

BODY = (
    "Hello Bob,\r\n"
    ".\r\n"
    "..two dots above one dot\r\n"
    ".dotted\r\n"
    "trailing blanks   \r\n"
    "\ttab, accents: \u00e1\u00e9\u00ed\u00f3\u00fa \u20ac\r\n"
    "From here on\r\n"
    + "x" * 990
    + "\r\n"
    "\r\n"
    "-- \r\n"
    "Alice\r\n"
)


def message(subject="A first mail", body=BODY, sender="alice@example.org", to="bob@example.net", **fields):
    """Complete, so nothing needs to be added on the way; fields=None leaves one out."""
    header = {
        "From": f"Alice <{sender}>",
        "To": to,
        "Subject": subject,
        "Date": "Mon, 02 Nov 2026 10:00:00 +0100",
        "Message-ID": f"<{random.getrandbits(64):x}@example.org>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    header.update({key.replace("_", "-"): value for key, value in fields.items()})
    text = "".join(f"{key}: {value}\r\n" for key, value in header.items() if value is not None)
    return (text + "\r\n" + body).encode()


def large(mebibytes, subject="A large mail"):
    """That much of lines nobody can compress."""
    head = message(subject, body="")
    line = random.Random(mebibytes).randbytes(57).hex()[:76].encode() + b"\r\n"
    return head + line * (mebibytes * 1024 * 1024 // len(line))


def fields(content, name):
    """Values of all header fields of that name, unfolded."""
    header = content.split(b"\r\n\r\n", 1)[0].decode(errors="replace") + "\r\n"
    found = re.findall(rf"(?im)^{name}\s*:((?:.*\r\n)(?:[ \t].*\r\n)*)", header)
    return [re.sub(r"\r\n(?=[ \t])", "", value).strip() for value in found]


def body(content):
    return content.split(b"\r\n\r\n", 1)[1]
