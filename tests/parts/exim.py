"""A real provider's relay: Exim with STARTTLS and implicit TLS, signed in to by Dovecot, or
by Exim alone where Dovecot is too new to run from another place.

Both run from packages that tests/install unpacked into build/servers, never as root."""

import os
import shutil

from parts.program import NOBODY, Program, accepts, free_port, give_to, is_root, until
from parts.unpacked import DOVECOT_ANYWHERE, dovecot_runs_anywhere, forget_passwords, library_path, owner, unpacked

OWN_MECHANISMS = ("PLAIN", "LOGIN")
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")

DOVECOT = DOVECOT_ANYWHERE + """
protocols =
ssl = no
{tokens}passdb {{
  driver = passwd-file
  args = {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service auth {{
  unix_listener auth-client {{
    mode = 0600
  }}
}}
"""

# Both kinds of asking the endpoint; Dovecot asks for the claims first.
OAUTH = """tokeninfo_url = {url}/tokeninfo?access_token=
introspection_mode = get
introspection_url = {url}/introspection?token=
username_attribute = username
active_attribute = active
active_value = true
"""

BY_TOKEN = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth.conf
}}
"""

EXIM = """
exim_path = {tree}/usr/sbin/exim4
primary_hostname = relay.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {starttls_port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {certificate}
tls_privatekey = {key}
tls_verify_certificates = {authority}
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%s.log
log_selector = +smtp_connection +smtp_no_mail +received_recipients +smtp_protocol_error +tls_peerdn
pid_file_path = {folder}/exim.pid
exim_user = {exim}
exim_group = {exim}
deliver_drop_privilege = true
keep_environment =
host_lookup =
message_size_limit = 200M
smtp_accept_max = 100
smtp_accept_max_per_connection = 100000
smtp_accept_queue_per_connection = 0
chunking_advertise_hosts = *
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
received_header_text =
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
{options}
begin acl
rcpt:
  deny local_parts = nosuchuser
    message = 5.1.1 no such user
  defer local_parts = greylisted
    message = 4.7.1 come back later
  accept authenticated = *
  deny message = 5.7.1 relaying denied
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = {folder}/maildir
  maildir_format
  create_directory
  use_crlf
  # One file for all recipients of a mail.
  batch_max = 5000
  user = {exim}
begin authenticators
{authenticators}
"""

BY_DOVECOT = """{label}:
  driver = dovecot
  public_name = {name}
  server_socket = {folder}/run/auth-client
  server_set_id = $auth1
"""

# Who comes with a certificate of the authority is whoever it names.
BY_CERTIFICATE = """external:
  driver = external
  public_name = EXTERNAL
  server_advertise_condition = $tls_in_certificate_verified
  server_param2 = ${{certextract{{subject,CN}}{{$tls_in_peercert}}}}
  server_condition = ${{if or{{{{eq{{$auth1}}{{}}}}{{eq{{$auth1}}{{$auth2}}}}}}}}
  server_set_id = $auth2
"""

BY_EXIM = """plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{${{lookup{{$auth2}}lsearch{{{folder}/own-passwords}}}}}}{{$auth3}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if eq{{${{lookup{{$auth1}}lsearch{{{folder}/own-passwords}}}}}}{{$auth2}}}}
  server_set_id = $auth1
"""


class Exim:
    """Passwords in `users`; mail that was delivered comes from mails(). With `endpoint`, a
    TokenEndpoint, access tokens are good too."""

    def __init__(
        self, session, certificates, certificate="good", name="exim", users=None, endpoint=None, options=""
    ):
        self.session = session
        self.certificates = certificates
        self.folder = session.folder / name
        self.name = name
        self.tls_port, self.starttls_port = free_port(), free_port()
        self.users = users or {"alice": "pw-alice"}
        self.endpoint = endpoint
        self.mechanisms = MECHANISMS if dovecot_runs_anywhere() else OWN_MECHANISMS
        self.mechanisms += ("XOAUTH2", "OAUTHBEARER") if endpoint else ()
        self.programs = []
        self.uid = NOBODY if is_root() else os.getuid()
        self._prepare(options)
        self.use_certificate(certificate)

    def _prepare(self, options):
        for name in ("run", "state", "spool", "log", "maildir"):
            (self.folder / name).mkdir(parents=True)
        gid, user, group = owner()
        tree = unpacked(self.session)
        libraries = library_path(tree)
        self._tree = tree
        self._config = {
            "folder": self.folder, "tree": tree, "libraries": libraries, "uid": self.uid,
            "gid": gid, "user": user, "group": group, "exim": "Debian-exim",
            "tls_port": self.tls_port, "starttls_port": self.starttls_port,
            "options": options,
            "mechanisms": " ".join(self.mechanisms).lower(),
            "tokens": BY_TOKEN.format(folder=self.folder) if self.endpoint else "",
            "authority": self.folder / "ca.pem",
        }
        shutil.copy(self.certificates.authority, self.folder / "ca.pem")
        if self.endpoint:
            (self.folder / "oauth.conf").write_text(OAUTH.format(url=self.endpoint.url))
        self._has_dovecot = self.mechanisms != OWN_MECHANISMS
        self._config["authenticators"] = self._authenticators()
        (self.folder / "dovecot.conf").write_text(DOVECOT.format(**self._config))
        # Debian's Exim asks for the user of that name even where it never becomes it.
        (self.folder / "users").write_text(f"Debian-exim:x:{self.uid}:{gid}::/:/bin/false\n")
        (self.folder / "groups").write_text(f"Debian-exim:x:{gid}:\n")
        self._env = {
            "PATH": self.session.env["PATH"],
            "LD_LIBRARY_PATH": libraries,
        }
        self._exim_env = {
            **self._env,
            "LD_PRELOAD": next(tree.glob("usr/lib/*/libnss_wrapper.so")),
            "NSS_WRAPPER_PASSWD": f"{self.folder}/users",
            "NSS_WRAPPER_GROUP": f"{self.folder}/groups",
        }
        self.set_users(self.users)

    def _authenticators(self):
        if not self._has_dovecot:
            return BY_EXIM.format(folder=self.folder) + BY_CERTIFICATE.format()
        return BY_CERTIFICATE.format() + "".join(
            BY_DOVECOT.format(label=name.replace("-", "_").lower(), name=name, folder=self.folder)
            for name in self.mechanisms
        )

    def use_certificate(self, name):
        """From the next start."""
        certificate, key = self.certificates.pair(name)
        for source in (certificate, key):
            shutil.copy(source, self.folder)
        (self.folder / "exim.conf").write_text(
            EXIM.format(
                **self._config,
                certificate=self.folder / certificate.name,
                key=self.folder / key.name,
            )
        )

    def set_users(self, users):
        """At once, also while it runs."""
        self.users = users
        lines = [f"{user}:{{PLAIN}}{password}\n" for user, password in users.items()]
        (self.folder / "passwords").write_text("".join(lines))
        own = [f"{user}: {password}\n" for user, password in users.items()]
        (self.folder / "own-passwords").write_text("".join(own))
        if self.programs:
            forget_passwords()

    def start(self):
        # Dovecot takes sockets of a killed one for those of a living one.
        shutil.rmtree(self.folder / "run")
        (self.folder / "run").mkdir()
        if is_root():
            give_to(NOBODY, self.folder)
        uid = self.uid if is_root() else None
        self.programs = []
        if self._has_dovecot:
            self._start(
                "dovecot",
                [
                    self._tree / "usr/bin/doveconf", "-m", "master", "-c", self.folder / "dovecot.conf",
                    "-e", self._tree / "usr/sbin/dovecot", "-F", "-c", self.folder / "dovecot.conf",
                ],
                self._env, uid,
            )
        self._start(
            "exim",
            [self._tree / "usr/sbin/exim4", "-C", self.folder / "exim.conf", "-bdf", "-q30s"],
            self._exim_env, uid,
        )
        until(
            lambda: f"the relay: {self.log()}",
            lambda: (not self._has_dovecot or (self.folder / "run/auth-client").exists())
            and accepts(self.tls_port)
            and accepts(self.starttls_port),
        )
        return self

    def _start(self, name, argv, env, uid):
        program = Program(
            argv, {k: str(v) for k, v in env.items()}, self.session.log(f"{self.name}-{name}"), uid
        )
        self.session.programs.append(program)
        self.programs.append(program)

    def stop(self):
        for program in reversed(self.programs):
            program.kill()
            self.session.programs.remove(program)
        self.programs = []

    def mails(self):
        """The octets of every delivered mail, in the order of delivery."""
        files = [f for folder in ("new", "cur") for f in (self.folder / "maildir" / folder).glob("*")]
        return [f.read_bytes() for f in sorted(files, key=lambda f: f.stat().st_mtime_ns)]

    def wait_for(self, count, limit=20.0):
        """All mails once there are `count` of them; more is an error."""
        mails = until(
            lambda: f"{count} mails at the relay, only {len(self.mails())}: {self.log()[-2000:]}",
            lambda: len(self.mails()) >= count and self.mails(),
            limit,
        )
        assert len(mails) == count
        return mails

    def log(self):
        """Exim's own words: connections, sign-ins (A=plain:alice), ciphers (X=TLS1.3:...)."""
        text = ""
        for file in sorted((self.folder / "log").glob("*.log")):
            text += file.read_text(errors="replace")
        if (self.folder / "dovecot.log").exists():
            text += (self.folder / "dovecot.log").read_text(errors="replace")
        for name in ("exim", "dovecot"):
            if self.session.log(f"{self.name}-{name}").exists():
                text += self.session.log(f"{self.name}-{name}").read_text(errors="replace")
        return text
