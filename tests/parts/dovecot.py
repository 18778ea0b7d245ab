"""Dovecot as the one who knows the passwords, by all mechanisms it has, and as a submission server.

It runs from packages that tests/install unpacked, never as root. Tokens are judged by an
endpoint of our own: any that ends in "-USER" is USER's, unless it was called back."""

import json
import os
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from parts.program import NOBODY, accepts, free_port, give_to, is_root, until
from parts.unpacked import DOVECOT_ANYWHERE, as_if_installed, forget_passwords, library_path, owner, unpacked

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER")

CONFIG = DOVECOT_ANYWHERE + """
mail_location = maildir:{folder}/mail/%u
hostname = relay.test
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service auth {{
  unix_listener auth-client {{
    mode = 0600
  }}
  inet_listener {{
    port = {auth_port}
  }}
}}
"""

KNOWS_ONLY = """
protocols =
ssl = no
"""

SUBMISSION = """
protocols = submission
ssl = required
ssl_cert = <{folder}/{certificate}
ssl_key = <{folder}/{key}
submission_relay_host = 127.0.0.1
submission_relay_port = {sink_port}
submission_relay_ssl = no
submission_max_mail_size = 200M
submission_max_recipients = 5000
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {starttls_port}
  }}
  inet_listener submissions {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""

OAUTH = """
tokeninfo_url = {url}/tokeninfo?access_token=
introspection_mode = get
introspection_url = {url}/introspect?token=
username_attribute = username
active_attribute = active
active_value = true
"""


class Tokens:
    """The endpoint that says whose token it is."""

    def __init__(self):
        self.revoked = set()
        tokens = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                values = parse_qs(urlparse(self.path).query)
                token = (values.get("token") or values.get("access_token") or [""])[0]
                good = "-" in token and token not in tokens.revoked
                answer = {"active": good, "username": token.rpartition("-")[2]} if good else {"active": False}
                body = json.dumps(answer).encode()
                self.send_response(200 if good else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Dovecot:
    """Knows `users` (name -> password); with a `sink` (a started relay without sign-in) it is a submission server
    in front of it."""

    def __init__(self, session, certificates, sink=None, name="dovecot", users=None):
        self.session, self.certificates, self.name = session, certificates, name
        self.folder = session.folder / name
        self.sink = sink
        self.auth_port, self.tls_port, self.starttls_port = free_port(), free_port(), free_port()
        self.tokens = Tokens()
        self.program = None
        for part in ("run", "state", "mail"):
            (self.folder / part).mkdir(parents=True)
        self._write()
        self.set_users(users or {"alice": "pw-alice"})

    def _write(self):
        gid, user, group = owner()
        self._tree = unpacked(self.session)
        self._libraries = library_path(self._tree)
        values = {
            "folder": self.folder, "tree": self._tree, "libraries": self._libraries, "user": user, "group": group,
            "uid": NOBODY if is_root() else os.getuid(), "gid": gid, "auth_port": self.auth_port,
            "mechanisms": " ".join(MECHANISMS).lower(), "tls_port": self.tls_port,
            "starttls_port": self.starttls_port,
        }
        text = CONFIG
        if self.sink:
            certificate, key = self.certificates.pair("good")
            for source in (certificate, key):
                shutil.copy(source, self.folder)
            values |= {"certificate": certificate.name, "key": key.name, "sink_port": self.sink.port}
            text += SUBMISSION
        else:
            text += KNOWS_ONLY
        (self.folder / "dovecot.conf").write_text(text.format(**values))
        (self.folder / "oauth.conf").write_text(OAUTH.format(url=self.tokens.url))

    def set_users(self, users):
        """At once, also while it runs."""
        lines = [f"{user}:{{PLAIN}}{password}\n" for user, password in users.items()]
        (self.folder / "passwords").write_text("".join(lines))
        if self.program:
            forget_passwords()

    def start(self):
        # It takes sockets of a killed one for those of a living one.
        shutil.rmtree(self.folder / "run")
        (self.folder / "run").mkdir()
        if is_root():
            give_to(NOBODY, self.folder)
        config = self.folder / "dovecot.conf"
        argv = [self._tree / "usr/bin/doveconf", "-m", "master", "-c", config,
                "-e", self._tree / "usr/sbin/dovecot", "-F", "-c", config]
        self.program = self.session.start(
            self.name, as_if_installed(self._tree, argv), {"LD_LIBRARY_PATH": self._libraries}
        )
        ports = [self.auth_port] + ([self.tls_port, self.starttls_port] if self.sink else [])
        until(lambda: f"Dovecot: {self.log()}", lambda: all(accepts(port) for port in ports))
        return self

    def stop(self):
        if self.program:
            self.program.kill()
            self.session.programs.remove(self.program)
            self.program = None

    def close(self):
        self.stop()
        self.tokens.stop()

    def log(self):
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""
