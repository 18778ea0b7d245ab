"""A laptop and its provider: two network namespaces with a cable between them. Root only."""

import ctypes
import os
import threading

from parts.program import run, until

NEAR = "10.77.0.2"
FAR = "10.77.0.1"
NEAR_6 = "2001:db8:77::2"
FAR_6 = "2001:db8:77::1"
CLONE_NEWNET = 0x40000000


def in_network_of(pid, action):
    """Runs `action` in the network of a process; sockets it opens stay there, and so do threads it starts."""
    failure = []

    def enter():
        try:
            with open(f"/proc/{pid}/ns/net") as network:
                assert ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET) == 0
            action()
        except BaseException as error:  # told in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


class Cable:
    """The daemon goes to the near end (prefix), a relay to the far one (at_far_end). It is
    not plugged in yet: the near end has loopback and no route."""

    def __init__(self, session):
        self.near = self._namespace(session, "near")
        self.far = self._namespace(session, "far")
        self._ip(self.near, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", str(self.far))
        self._ip(self.near, "addr", "add", f"{NEAR}/24", "dev", "cable")
        self._ip(self.far, "addr", "add", f"{FAR}/24", "dev", "cable")
        self._ip(self.far, "link", "set", "cable", "up")

    def _namespace(self, session, name):
        pid = session.start(name, ["unshare", "--net", "sleep", "300"]).pid
        own = os.readlink("/proc/self/ns/net")
        until(f"the {name} network", lambda: os.readlink(f"/proc/{pid}/ns/net") != own)
        self._ip(pid, "link", "set", "lo", "up")
        return pid

    def _ip(self, pid, *words):
        code, _, errors = run([*self._enter(pid), "ip", *words], dict(os.environ))
        assert code == 0, errors

    def _enter(self, pid):
        return ["nsenter", "-t", str(pid), "-n", "--"]

    @property
    def prefix(self):
        return self._enter(self.near)

    def plug_in(self):
        self._ip(self.near, "link", "set", "cable", "up")
        self._ip(self.near, "route", "add", "default", "via", FAR)

    def plug_in_both(self):
        """With IPv6 beside IPv4."""
        self.plug_in()
        for pid, address in ((self.far, FAR_6), (self.near, NEAR_6)):
            self._ip(pid, "-6", "addr", "add", f"{address}/64", "dev", "cable", "nodad")
        self._ip(self.near, "-6", "route", "add", "default", "via", FAR_6)

    def narrow(self, rate):
        """What leaves the near end goes no faster than that ("2mbit")."""
        command = ["tc", "qdisc", "replace", "dev", "cable", "root", "tbf",
                   "rate", rate, "burst", "16kb", "latency", "2s"]
        code, _, errors = run([*self._enter(self.near), *command], dict(os.environ))
        assert code == 0, errors

    def pull_out(self):
        self._ip(self.near, "route", "del", "default")
        self._ip(self.near, "link", "set", "cable", "down")

    def at_far_end(self, action):
        """Runs `action` with the far network; sockets it opens stay there, and so do threads."""
        in_network_of(self.far, action)

    def at_near_end(self, action):
        in_network_of(self.near, action)
