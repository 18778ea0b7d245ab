"""A pipe between the daemon and a relay, whatever runs through it: it can be closed in the middle of something."""

import socket
import threading

from parts.program import free_port, until


class Valve:
    """Connects `port` of its own with that of a server. After `limit` octets towards the server (None: no limit)
    nothing more goes through, in either direction."""

    def __init__(self, target):
        self.target, self.port = target, free_port()
        self.limit = None
        self.passed = 0
        self.shut = threading.Event()
        self.links = []
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def wait_until_shut(self, limit=20.0):
        until(lambda: f"{self.limit} octets, {self.passed} came", self.shut.is_set, limit)

    def open(self):
        """For everything that comes from now on; what was on the way is cut off."""
        self.limit, self.passed = None, 0
        self.cut()
        self.shut.clear()

    def cut(self):
        links, self.links = self.links, []
        for link in links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            self.links += [near, far]
            threading.Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, source, sink, counted):
        """Until one of the two ends, or nothing is to go through any more."""
        try:
            while piece := source.recv(16384):
                if counted:
                    self.passed += len(piece)
                    if self.limit is not None and self.passed > self.limit:
                        self.shut.set()
                if self.shut.is_set():
                    return
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
