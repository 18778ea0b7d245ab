"""What discovery meets in the network of a machine: a real name server (Unbound, with records of its own and nothing
beyond), and a web server over HTTPS that says and does what the test wants. Root only."""

import http.server
import ssl
import threading

from parts.program import until
from parts.unpacked import library_path, unpacked

UNBOUND = """server:
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  interface: 127.0.0.1
  port: 53
  do-ip6: no
  local-zone: "." static
"""

# What a machine has to read instead of its own to be in the neighbourhood.
FILES = {
    "/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n",
    "/etc/nsswitch.conf": "hosts: dns\npasswd: files\ngroup: files\n",
}

AUTOCONFIG = """<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="{domain}"><domain>{domain}</domain>
<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port><socketType>{kind}</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>
"""


def autoconfig(domain, host, port=465, kind="SSL"):
    return AUTOCONFIG.format(domain=domain, host=host, port=port, kind=kind)


class Web(http.server.BaseHTTPRequestHandler):
    """`server.pages` holds for a URL its body, or a pair of a status and headers; others do not exist."""

    def do_GET(self):
        url = f"https://{self.headers['Host']}{self.path}"
        self.server.asked.append(url)
        page = self.server.pages.get(url, (404, {}))
        if isinstance(page, str):
            page = (200, {"Content-Type": "text/xml"}, page)
        status, headers, *body = page
        octets = "".join(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(octets)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_):
        pass


class Neighbourhood:
    """`records`: lines of a zone file; every name of `hosts` is at 127.0.0.1."""

    def __init__(self, session, machine, pair, hosts, records=()):
        self.session = session
        self.machine = machine
        self.pages, self.asked = {}, []
        self._serve_names([f"{host}. 60 IN A 127.0.0.1" for host in hosts] + list(records))
        machine.in_its_network(lambda: self._serve_pages(pair))

    def _serve_names(self, records):
        tree = unpacked(self.session)
        folder = self.session.folder / "names"
        folder.mkdir()
        settings = folder / "unbound.conf"
        settings.write_text(UNBOUND.format(folder=folder) + "".join(f"  local-data: '{line}'\n" for line in records))
        self.session.start("unbound", [*self.machine.prefix, tree / "usr/sbin/unbound", "-d", "-c", settings],
                           {"LD_LIBRARY_PATH": library_path(tree)})
        until("the name server", lambda: ":53 " in self.machine.run("ss", "-Hlun")[1])

    def _serve_pages(self, pair):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Web)
        self.server.pages, self.server.asked = self.pages, self.asked
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
