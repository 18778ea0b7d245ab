"""A signed zone and a resolver that validates it: Knot and Unbound, from the packages in build/servers. Root only, for a
resolver listens at port 53, of a loopback address of its own."""

from parts.program import NOBODY, free_port, give_to, run, until
from parts.resolver import TLSA, Resolver, loopback_address, query
from parts.unpacked import library_path, unpacked

KNOT = """
server:
  rundir: {folder}
  listen: {zone_address}@{port}
database:
  storage: {folder}
policy:
  - id: policy
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: {folder}
    dnssec-signing: on
    dnssec-policy: policy
    zonefile-load: difference
    zonefile-sync: -1
    journal-content: changes
zone:
  - domain: {zone}
    file: zone
"""

ZONE = """$ORIGIN {zone}.
$TTL 60
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A {zone_address}
"""

UNBOUND = """
server:
  username: "nobody"
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  interface: {address}
  port: 53
  do-ip6: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  module-config: "validator iterator"
  {anchor}
stub-zone:
  name: "{zone}"
  stub-addr: {zone_address}@{port}
"""


class SignedZone:
    """`records`: data of TLSA records by name below `zone`; without `anchored` the resolver does not know its key."""

    def __init__(self, session, zone, records, anchored=True):
        self.session = session
        self.folder = session.folder / "zone"
        self.folder.mkdir()
        self.tree = unpacked(session)
        self.address = loopback_address()
        self.env = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": library_path(self.tree)}
        self.words = {"folder": self.folder, "zone": zone, "zone_address": loopback_address(), "port": free_port(),
                      "address": self.address}
        self._serve_zone(records)
        self._resolve(f'trust-anchor: "{self._key()}"' if anchored else "")
        # Anything it says shows that it is there.
        until("the resolver", lambda: query(self.address, zone, TLSA))

    settings = Resolver.settings

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text.format(**self.words))
        return path

    def _serve_zone(self, records):
        lines = [f"{name}. TYPE52 \\# {len(data)} {data.hex()}\n" for name, all in records.items() for data in all]
        self._write("zone", ZONE + "".join(lines))
        self.knot = self._write("knot.conf", KNOT)
        give_to(NOBODY, self.folder)
        self.session.start("knot", [self.tree / "usr/sbin/knotd", "-c", self.knot], self.env, uid=NOBODY)
        # Its keys are its own affair until then: keymgr would come in between.
        until("the signed zone", self._is_served)

    def _is_served(self):
        flags = query(self.words["zone_address"], self.words["zone"], TLSA, self.words["port"])
        return flags is not None and flags & 0x040F == 0x0400  # with authority, and no error

    def _key(self):
        """Its DS record, once there is one."""
        def ask():
            _, output, _ = run([self.tree / "usr/sbin/keymgr", "-c", self.knot, self.words["zone"], "ds"], self.env,
                               uid=NOBODY)
            return next((line for line in output.splitlines() if " 13 2 " in line), None)

        return until("the key of the zone", ask)

    def _resolve(self, anchor):
        self.words["anchor"] = anchor
        settings = self._write("unbound.conf", UNBOUND)
        self.session.start("unbound", [self.tree / "usr/sbin/unbound", "-d", "-c", settings], self.env)
