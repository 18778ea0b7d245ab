"""A Kerberos realm to throw away: a real KDC (MIT) that tests/install unpacked, and a relay that signs in by its
tickets."""

import base64

import gssapi

from parts.practice_relay import Conversation, PracticeRelay
from parts.program import Program, free_port, run, until
from parts.unpacked import TREE, library_path

REALM = "PRACTICE.TEST"

KRB5 = """
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
[dbmodules]
  db_module_dir = {modules}
"""

KDC = """
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/acl
  }}
"""


class Kerberos:
    """One person, alice, and one service, smtp/localhost, whose keys are in `keytab`. `env` is for whoever takes part."""

    def __init__(self, session):
        self.session = session
        self.folder = session.folder / "kerberos"
        self.folder.mkdir()
        assert TREE.exists(), "run tests/install unpack first"
        tree = TREE
        self.keytab = self.folder / "keytab"
        self.cache = self.folder / "tickets"
        port = free_port()
        modules = next(tree.glob("usr/lib/*/krb5/plugins/kdb"))
        (self.folder / "krb5.conf").write_text(KRB5.format(realm=REALM, port=port, modules=modules))
        (self.folder / "kdc.conf").write_text(KDC.format(realm=REALM, port=port, folder=self.folder))
        self.env = {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5CCNAME": f"FILE:{self.cache}",
        }
        self._tool_env = {
            **self.env,
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "PATH": "/usr/bin:/bin",
            "LD_LIBRARY_PATH": library_path(tree),
        }
        self._tree = tree

    def start(self):
        self._run("usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
        for query in ("addprinc -pw pw-alice alice", "addprinc -randkey smtp/localhost",
                      f"ktadd -k {self.keytab} smtp/localhost"):
            self._run("usr/sbin/kadmin.local", "-r", REALM, "-q", query)
        self.session.programs.append(
            Program([self._tree / "usr/sbin/krb5kdc", "-n", "-r", REALM], self._tool_env, self.session.log("kdc"))
        )
        return self

    def get_ticket(self):
        kinit = next(self._tree.glob("usr/bin/kinit*"))
        until("a ticket", lambda: run([kinit, "alice"], self._tool_env, input="pw-alice\n")[0] == 0)

    def _run(self, program, *arguments):
        code, output, errors = run([self._tree / program, *arguments], self._tool_env)
        assert code == 0, (program, arguments, output, errors)


class TicketRelay(PracticeRelay):
    """Takes AUTH GSSAPI (RFC 4752) and nothing else. KRB5_CONFIG must be the realm's in this process."""

    def __init__(self, certificate, kerberos):
        super().__init__(certificate, mechanisms="GSSAPI PLAIN")
        self.credentials = gssapi.Credentials(usage="accept", store={"keytab": str(kerberos.keytab)})

    def converse(self, connection, talk):
        return TicketConversation(self, connection, talk)


class TicketConversation(Conversation):
    def _challenge(self, octets):
        self._write("334 " + base64.b64encode(octets or b"").decode())
        return base64.b64decode(self.reader.readline(20000))

    def _on_auth(self, text):
        words = text.split(" ")
        assert words[1] == "GSSAPI" and len(words) == 3, words[:2]
        context = gssapi.SecurityContext(creds=self.relay.credentials, usage="accept")
        token = base64.b64decode(words[2])
        while not context.complete:
            token = self._challenge(context.step(token))
        # No security layer: TLS is there.
        answer = context.unwrap(self._challenge(context.wrap(b"\1\0\0\0", False).message)).message
        assert answer == b"\1\0\0\0", answer
        self.user, self.talk.signed_in = str(context.initiator_name), True
        self._write("235 2.7.0 welcome")
