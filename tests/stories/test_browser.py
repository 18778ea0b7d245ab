"""A web page in a real browser that wants to send mail: it reaches the port in every way a page can, and none becomes mail."""

import contextlib
import functools
import http.server
import threading

from parts.mail import message
from parts.program import free_port, until
from parts.smtp import hand_in

DIALOGUE = (
    "EHLO test\\r\\nMAIL FROM:<alice@example.org>\\r\\nRCPT TO:<bob@example.net>\\r\\nDATA\\r\\n"
    "From: alice@example.org\\r\\nSubject: from a page\\r\\n\\r\\nhello\\r\\n.\\r\\nQUIT\\r\\n"
)

# Each line is one way; `go` is called one after the other, so that each is seen to arrive.
PAGE = """<!doctype html><meta charset="utf-8"><iframe name="sink"></iframe><script>
const port = %(port)d, dialogue = "%(dialogue)s", host = "127.0.0.1:" + port;
const swallow = promise => Promise.resolve(promise).catch(() => {});
const ways = [
  () => swallow(fetch("http://" + host + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => swallow(fetch("http://" + host + "/", {method: "POST", mode: "no-cors", headers: {"Content-Type": "text/plain"}, body: "\\r\\n" + dialogue})),
  () => swallow(fetch("http://" + host + "/", {method: "PUT", headers: {"X-Mail": "EHLO"}, body: dialogue})),
  () => swallow(fetch("http://rebound.test:" + port + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => swallow(fetch("https://" + host + "/", {method: "POST", mode: "no-cors", body: dialogue})),
  () => { const socket = new WebSocket("ws://" + host + "/", ["EHLO"]); socket.onopen = () => socket.send(dialogue); },
  () => { new Image().src = "http://" + host + "/EHLO%%20test%%0D%%0AMAIL"; },
  () => {
    const form = document.createElement("form");
    Object.assign(form, {method: "POST", enctype: "text/plain", action: "http://" + host + "/", target: "sink"});
    const field = document.createElement("textarea");
    Object.assign(field, {name: "EHLO test\\r\\n", value: dialogue});
    form.append(field); document.body.append(form); form.submit();
  },
];
ways.forEach((way, number) => setTimeout(() => { navigator.sendBeacon("/next?" + number); setTimeout(way, 200); }, number * 700));
</script>"""

WAYS = 8


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
    """Posts with and without preflight, a form, a WebSocket, TLS, an image, a name that
    leads here by rebinding: all reach the port, all are cut off, nobody else notices."""
    desk.account(free_port()).start()

    def cut_off():
        log = estafeta.log()
        return log.count("does not speak SMTP") + log.count("spoke before the greeting")

    counts = []
    page = PAGE % {"port": estafeta.port, "dialogue": DIALOGUE}
    with site(page, lambda: counts.append(cut_off())) as address:
        browser = desk.session.start(
            "browser",
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={desk.session.folder / 'browser'}", "--host-resolver-rules=MAP rebound.test 127.0.0.1",
             "--remote-debugging-port=0", address])
        until("the page to have tried everything", lambda: len(counts) == WAYS, 60)
        until(lambda: f"the last way to have been cut off, {counts}", lambda: cut_off() > counts[-1], 30)
        browser.kill()
    assert all(later > earlier for earlier, later in zip(counts, counts[1:])), f"a way did not reach the port: {counts}"
    assert estafeta.list() == []
    assert hand_in(estafeta.port, message()).startswith("250")
