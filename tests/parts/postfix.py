"""Postfix as a provider's relay: submission with STARTTLS and implicit TLS, passwords known to Dovecot, mail
passed on to a sink.

It runs from packages that tests/install unpacked. Its master must be root; everything it keeps is in the
session's folder, and the machine's own mail server, if there is one, never hears of it."""

import os
import pwd
import shutil

from parts.dovecot import Dovecot
from parts.program import accepts, free_port, until
from parts.unpacked import library_path, unpacked

# Postfix insists on a user and a group nobody else has; these two are on every Debian, and never used.
OWNER, GROUP = "news", "uucp"

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {tree}/usr/sbin
daemon_directory = {tree}/usr/lib/postfix/sbin
shlib_directory = {tree}/usr/lib/postfix
meta_directory = {folder}
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH={libraries}
mail_owner = {owner}
setgid_group = {group}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = relay.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
relayhost = [127.0.0.1]:{sink_port}
default_destination_recipient_limit = 5000
smtp_line_length_limit = 0
smtp_tls_security_level = none
message_size_limit = 209715200
mailbox_size_limit = 0
smtpd_recipient_limit = 5000
smtpd_tls_cert_file = {folder}/{certificate}
smtpd_tls_key_file = {folder}/{key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{{{rules}}}, permit_sasl_authenticated, reject
# The sink sees what was handed in.
header_checks = regexp:{{{{/^Received:/ IGNORE}}}}
local_header_rewrite_clients =
always_add_missing_headers = no
append_dot_mydomain = no
"""

NOBODY_THERE = "{/^nosuchuser@/ 550 5.1.1 no such user}"
GREYLIST = "{/^greylisted@/ 450 4.7.1 come back later}"

MASTER = """
127.0.0.1:{starttls_port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

# As its own post-install makes them: folder, whose, mode.
FOLDERS = (
    [("queue", "root", 0o755), ("queue/pid", "root", 0o755), ("data", OWNER, 0o700)]
    + [(f"queue/{name}", OWNER, 0o700) for name in (
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")]
    + [("queue/maildrop", OWNER, 0o730), ("queue/public", OWNER, 0o710)]
)


class Postfix:
    def __init__(self, session, certificates, sink, name="postfix"):
        self.session, self.name, self.sink = session, name, sink
        self.folder = session.folder / name
        self.tls_port, self.starttls_port = free_port(), free_port()
        self.dovecot = Dovecot(session, certificates, name=f"{name}-dovecot")
        self.set_users, self.tokens = self.dovecot.set_users, self.dovecot.tokens
        self.program = None
        self._make_folders()
        for source in certificates.pair("good"):
            shutil.copy(source, self.folder)
        self._tree = unpacked(session)
        self._values = {
            "folder": self.folder, "tree": self._tree, "libraries": library_path(self._tree), "owner": OWNER,
            "group": GROUP, "sink_port": sink.port, "auth_port": self.dovecot.auth_port, "tls_port": self.tls_port,
            "starttls_port": self.starttls_port, "certificate": certificates.pair("good")[0].name,
            "key": certificates.pair("good")[1].name,
        }
        self.write(f"{NOBODY_THERE} {GREYLIST}")

    def _make_folders(self):
        self.folder.mkdir(mode=0o755)
        for name, user, mode in FOLDERS:
            path = self.folder / name
            path.mkdir()
            path.chmod(mode)
            shutil.chown(path, user, GROUP if mode in (0o730, 0o710) else pwd.getpwnam(user).pw_gid)

    def write(self, rules):
        """With these rules for recipients, from the next start."""
        (self.folder / "main.cf").write_text(MAIN.format(**self._values, rules=rules))
        (self.folder / "master.cf").write_text(MASTER.format(**self._values))

    def start(self):
        self.dovecot.start()
        environment = {"MAIL_CONFIG": self.folder, "LD_LIBRARY_PATH": self._values["libraries"]}
        self.program = self.session.start(
            self.name, [self._tree / "usr/lib/postfix/sbin/master", "-c", self.folder, "-d"],
            {key: str(value) for key, value in environment.items()},
        )
        until(
            lambda: f"Postfix: {self.log()}", lambda: accepts(self.tls_port) and accepts(self.starttls_port), limit=20
        )
        return self

    def stop(self):
        """Its master takes the others along only if it is asked to end."""
        if self.program:
            self.program.terminate()
            self.session.programs.remove(self.program)
            self.program = None
        self.dovecot.stop()

    def is_idle(self):
        """Nothing is on its way in or out."""
        return not any(any((self.folder / "queue" / name).iterdir()) for name in ("incoming", "active"))

    def close(self):
        self.stop()
        self.dovecot.close()

    def log(self):
        texts = [self.folder / "postfix.log", self.session.log(self.name)]
        text = "".join(path.read_text(errors="replace") for path in texts if path.exists())
        return text + self.dovecot.log()
