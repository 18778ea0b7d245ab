"""A name server whose answers are scripted, and the files that make a program ask it. Root only."""

import socket
import struct
import threading

PORT = 53
A, AAAA = 1, 28
NXDOMAIN, SERVFAIL = 3, 2
SILENT = "silent"  # no answer at all

FILES = """set -e
mount --bind "$0"/resolv.conf /etc/resolv.conf
mount --bind "$0"/nsswitch.conf /etc/nsswitch.conf
exec "$@"
"""


class Names:
    """`table` holds for a name a list of addresses (none: the name has no address), NXDOMAIN, SERVFAIL or SILENT;
    a pair of seconds and one of these is answered late. Other names do not exist."""

    def __init__(self, session, table):
        self.table = table
        self.folder = session.folder / "names"
        self.folder.mkdir(exist_ok=True)
        self.asked = []
        # Patient, so that it is not the resolver that gives up.
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:1 trust-ad\n")
        (self.folder / "nsswitch.conf").write_text("hosts: dns\npasswd: files\ngroup: files\n")

    @property
    def prefix(self):
        """Behind this a program asks here; the server is to be opened in its network."""
        return ["unshare", "--mount", "sh", "-c", FILES, str(self.folder)]

    def open(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", PORT))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.socket.close()

    def _serve(self):
        while True:
            try:
                question, sender = self.socket.recvfrom(4096)
            except OSError:
                return
            name, kind, end = _parse(question)
            self.asked.append(name)
            answer, delay = self.table.get(name, NXDOMAIN), 0
            if isinstance(answer, tuple):
                delay, answer = answer
            if answer != SILENT:
                reply = _answer(question[:end], kind, answer)
                threading.Timer(delay, self._send, (reply, sender)).start()

    def _send(self, reply, sender):
        try:
            self.socket.sendto(reply, sender)
        except OSError:
            pass


def _parse(question):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    kind, _ = struct.unpack("!HH", question[at + 1 : at + 5])
    return ".".join(labels).lower(), kind, at + 5


def _answer(question, kind, answer):
    code = answer if isinstance(answer, int) else 0
    addresses = [] if code else [each for each in answer if (":" in each) == (kind == AAAA)]
    if kind not in (A, AAAA):
        addresses = []
    head = question[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(addresses), 0, 0)
    records = b""
    for each in addresses:
        octets = socket.inet_pton(socket.AF_INET6 if ":" in each else socket.AF_INET, each)
        records += struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(octets)) + octets
    return head + question[12:] + records
