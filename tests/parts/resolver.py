"""The validating resolver of a machine, or one that only says so: answers TLSA questions from a table. Root only, for it
listens at port 53, of a loopback address of its own."""

import random
import socket
import struct
import threading

TLSA = 52
QUESTION = 12  # octets of a DNS message before it


def tlsa(usage, selector, matching, data):
    return struct.pack("BBB", usage, selector, matching) + data


def loopback_address():
    """One that hardly anybody else has."""
    return "127." + ".".join(str(random.SystemRandom().randrange(1, 255)) for _ in range(3))


def query(address, name, kind, port=53):
    """The flags of the answer that a client gets who wants to know whether it was validated; None: there is none."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        try:
            asking.connect((address, port))
            asking.send(struct.pack(">6H", 1, 0x0120, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1))
            return struct.unpack(">H", asking.recv(4096)[2:4])[0]
        except OSError:
            return None


class Resolver:
    """`records`: data of TLSA records by name; `validated`: the AD bit; `mute`: it says nothing at all."""

    def __init__(self, records=None, validated=True, mute=False):
        self.records = records or {}
        self.validated = validated
        self.mute = mute
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _ in range(20):
            self.address = loopback_address()
            try:
                self._socket.bind((self.address, 53))
                break
            except OSError:
                continue
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self):
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def settings(self, options="trust-ad"):
        """For /etc/resolv.conf."""
        return f"nameserver {self.address}\n" + (f"options {options}\n" if options else "")

    def _serve(self):
        while True:
            try:
                question, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            name, kind, end = _read(question)
            self.asked.append((name, kind))
            if not self.mute:
                self._socket.sendto(self._answer(question, name, kind, end), peer)

    def _answer(self, question, name, kind, end):
        found = self.records.get(name, []) if kind == TLSA else []
        flags = 0x8180 | (0x20 if self.validated else 0) | (0 if found else 3)
        head = question[:2] + struct.pack(">5H", flags, 1, len(found), 0, 0)
        body = b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(data)) + data for data in found)
        return head + question[QUESTION:end] + body


def _read(question):
    labels, at = [], QUESTION
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    return ".".join(labels).lower(), struct.unpack(">H", question[at + 1 : at + 3])[0], at + 5


def mounted(pairs):
    """A command prefix: a program that sees each first file in the place of the second, alone."""
    mounts = " && ".join(f"mount --bind {source} {target}" for source, target in pairs)
    return ["unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
