"""Proxies of our own: SOCKS 4, 4a and 5, and HTTP CONNECT, which do as they should or as they are told."""

import base64
import socket
import struct
import threading

from parts.program import free_port

REFUSE = "refuse"  # says no
SILENT = "silent"  # hears it all and answers nothing
GARBAGE = "garbage"  # answers, but no proxy would so
CLOSE = "close"  # hangs up instead of answering
LOST = "lost"  # says that the relay refused the connection


class Proxy:
    """Speaks all kinds at one port. `names` says where names lead; `asked` is what it was asked for."""

    def __init__(self, names, host="127.0.0.1", fault=None, user=None, password=None):
        self.names = names
        self.host = host
        self.port = free_port()
        self.fault = fault
        self.secrets = (user, password) if user else None
        self.asked = []
        self._open = []

    def start(self):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.host, self.port))
        self._listener.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._open:
            link.close()

    def uri(self, kind, user=None, password=None):
        secrets = f"{user}:{password}@" if user else ""
        return f"{kind}://{secrets}{self.host}:{self.port}"

    def _accept(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(link)
            # Where a thread was made decides in which network its sockets are: that of start().
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        link.settimeout(60)
        try:
            first = link.recv(1, socket.MSG_PEEK)
            if self.fault == CLOSE:
                link.recv(1000)
                link.close()
                return
            if self.fault == GARBAGE:
                link.recv(1000)
                link.sendall(b"220 relay.test ESMTP\r\n\r\n" * 4)
                return
            if self.fault == SILENT:
                while link.recv(1000):
                    pass
                return
            talk = {b"\x05": self._socks5, b"\x04": self._socks4}.get(first, self._http)
            far = talk(link)
            if far:
                _join(link, far)
        except (OSError, ValueError, struct.error):
            link.close()

    def _connect(self, host, port):
        self.asked.append((host, port))
        return socket.create_connection((self.names.get(host, host), port), 20)

    def _socks5(self, link):
        _, count = _exactly(link, 2)
        methods = _exactly(link, count)
        if self.secrets:
            if 2 not in methods:
                link.sendall(b"\x05\xff")
                return None
            link.sendall(b"\x05\x02")
            _, length = _exactly(link, 2)
            user = _exactly(link, length).decode()
            password = _exactly(link, _exactly(link, 1)[0]).decode()
            good = (user, password) == self.secrets
            link.sendall(b"\x01\x00" if good else b"\x01\x01")
            if not good:
                return None
        else:
            link.sendall(b"\x05\x00")
        kind = _exactly(link, 4)[3]
        if kind == 3:
            host = _exactly(link, _exactly(link, 1)[0]).decode()
        else:
            size, family = (4, socket.AF_INET) if kind == 1 else (16, socket.AF_INET6)
            host = socket.inet_ntop(family, _exactly(link, size))
        port = struct.unpack("!H", _exactly(link, 2))[0]
        if self.fault in (REFUSE, LOST):
            self.asked.append((host, port))
            code = b"\x02" if self.fault == REFUSE else b"\x05"
            link.sendall(b"\x05" + code + b"\x00\x01" + bytes(6))
            return None
        far = self._connect(host, port)
        link.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return far

    def _socks4(self, link):
        _, _, port, address = struct.unpack("!BBH4s", _exactly(link, 8))
        _until(link, b"\0")
        host = socket.inet_ntoa(address)
        if address[:3] == bytes(3) and address[3]:
            host = _until(link, b"\0").decode()
        if self.fault == REFUSE:
            link.sendall(b"\x00\x5b" + bytes(6))
            return None
        far = self._connect(host, port)
        link.sendall(b"\x00\x5a" + bytes(6))
        return far

    def _http(self, link):
        head = _until(link, b"\r\n\r\n").decode()
        method, where, _ = head.split("\r\n")[0].split(" ")
        assert method == "CONNECT"
        if self.secrets:
            proof = base64.b64encode(":".join(self.secrets).encode()).decode()
            if f"Proxy-Authorization: Basic {proof}" not in head:
                link.sendall(b'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n')
                return None
        if self.fault == REFUSE:
            link.sendall(b"HTTP/1.1 403 No\r\n\r\n")
            return None
        host, port = where.rsplit(":", 1)
        far = self._connect(host.strip("[]"), int(port))
        link.sendall(b"HTTP/1.1 200 Go on\r\nVia: practice\r\n\r\n")
        return far


def _exactly(link, count):
    octets = b""
    while len(octets) < count:
        more = link.recv(count - len(octets))
        if not more:
            raise ValueError("closed")
        octets += more
    return octets


def _until(link, end):
    octets = b""
    while not octets.endswith(end):
        octets += _exactly(link, 1)
    return octets[: -len(end)]


def _join(near, far):
    def pump(source, target):
        try:
            while octets := source.recv(65536):
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    threading.Thread(target=pump, args=(far, near), daemon=True).start()
    pump(near, far)
