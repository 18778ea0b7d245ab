"""A prefix for the daemon: no netlink, as under systemd's RestrictAddressFamilies, so that the kernel cannot be
asked whose a connection is."""

PROGRAM = """
import ctypes, os, platform, struct, sys
AF_NETLINK, EAFNOSUPPORT, ALLOW, ERRNO = 16, 97, 0x7fff0000, 0x00050000
socket = {"x86_64": 41, "aarch64": 198}[platform.machine()]
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
code = b"".join(struct.pack("HBBI", *step) for step in [
    (LOAD, 0, 0, 0), (EQUAL, 0, 3, socket),
    (LOAD, 0, 0, 16), (EQUAL, 0, 1, AF_NETLINK),
    (RETURN, 0, 0, ERRNO | EAFNOSUPPORT), (RETURN, 0, 0, ALLOW)])
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
libc = ctypes.CDLL(None, use_errno=True)
filter = Filter(len(code) // 8, code)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(filter)) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def without_netlink():
    return ["/usr/bin/python3", "-c", PROGRAM]
