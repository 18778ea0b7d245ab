"""A web page in a real browser that wants to send mail: it reaches the port in every way a page can, and none becomes mail."""

import contextlib
import functools
import http.server
import threading
import time

from parts.mail import message
from parts.program import free_port, until
from parts.smtp import hand_in

DIALOGUE = (
    "EHLO test\\r\\nMAIL FROM:<alice@example.org>\\r\\nRCPT TO:<bob@example.net>\\r\\nDATA\\r\\n"
    "From: alice@example.org\\r\\nSubject: from a page\\r\\n\\r\\nhello\\r\\n.\\r\\nQUIT\\r\\n"
)

# Each line is one way; one after the other, so that each is seen to arrive: the answer to /next is waited for.
PAGE = """<!doctype html><meta charset="utf-8"><iframe name="sink"></iframe><script>
const port = %(port)d, dialogue = "%(dialogue)s", host = "127.0.0.1:" + port;
const swallow = promise => Promise.resolve(promise).catch(() => {});
// TURN over TCP (RFC 8656): who it is for, and with what, are the page's to say.
const turn = urls => {
  const peer = new RTCPeerConnection({iceTransportPolicy: "relay", iceServers: [{urls, username: "\\r\\n" + dialogue, credential: dialogue}]});
  peer.createDataChannel(dialogue);
  peer.setLocalDescription();
};
const ways = [
  () => swallow(fetch("http://" + host + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => swallow(fetch("http://" + host + "/", {method: "POST", mode: "no-cors", headers: {"Content-Type": "text/plain"}, body: "\\r\\n" + dialogue})),
  () => swallow(fetch("http://" + host + "/", {method: "PUT", headers: {"X-Mail": "EHLO"}, body: dialogue})),
  () => swallow(fetch("http://rebound.test:" + port + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => swallow(fetch("https://" + host + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => { const socket = new WebSocket("ws://" + host + "/", ["EHLO"]); socket.onopen = () => socket.send(dialogue); },
  () => turn("turn:" + host + "?transport=tcp"),
  () => turn("turns:" + host + "?transport=tcp"),
  () => { new Image().src = "http://" + host + "/EHLO%%20test%%0D%%0AMAIL"; },
  () => {
    const form = document.createElement("form");
    Object.assign(form, {method: "POST", enctype: "text/plain", action: "http://" + host + "/", target: "sink"});
    const field = document.createElement("textarea");
    Object.assign(field, {name: "EHLO test\\r\\n", value: dialogue});
    form.append(field); document.body.append(form); form.submit();
  },
];
(async () => {
  for (const way of ways) {
    await fetch("/next", {method: "POST"});
    way();
  }
  await fetch("/next", {method: "POST"});
})();
</script>"""

WAYS = 10


class Site(http.server.BaseHTTPRequestHandler):
    def __init__(self, page, on_way, *arguments):
        self.page, self.on_way = page.encode(), on_way
        super().__init__(*arguments)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page if self.path == "/" else b"")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.on_way()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def site(page, on_way):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, page, on_way))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_a_page_cannot_send(desk, estafeta):
    """Posts with and without preflight, a form, a WebSocket, TLS, TURN over TCP and over TLS, an image, a name that
    leads here by rebinding: all reach the port, all are cut off, nobody else notices."""
    desk.account(free_port()).start()

    def cut_off():
        log = estafeta.log()
        return log.count("does not speak SMTP") + log.count("spoke before the greeting")

    counts = []

    def on_way():
        """The way before has arrived, and all it tries again with."""
        if counts:
            until(lambda: f"way {len(counts)} to have been cut off, {counts}", lambda: cut_off() > counts[-1], 20)
        before = -1
        while before != cut_off():
            before = cut_off()
            time.sleep(0.4)
        counts.append(before)

    page = PAGE % {"port": estafeta.port, "dialogue": DIALOGUE}
    with site(page, on_way) as address:
        browser = desk.session.start(
            "browser",
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={desk.session.folder / 'browser'}", "--host-resolver-rules=MAP rebound.test 127.0.0.1",
             "--remote-debugging-port=0", address])
        until(lambda: f"all {WAYS} ways to have been tried and cut off, {counts}", lambda: len(counts) == WAYS + 1, 90)
        browser.kill()
    assert estafeta.list() == []
    assert hand_in(estafeta.port, message()).startswith("250")
