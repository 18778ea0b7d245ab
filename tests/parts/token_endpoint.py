"""What an OAuth 2.0 provider tells its mail server about access tokens (RFC 7662), in a thread."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class TokenEndpoint:
    """`tokens`: token -> user name; what is not in there has run out."""

    def __init__(self, **tokens):
        self.tokens = dict(tokens)
        self.asked = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                endpoint._answer(self)

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _answer(self, request):
        query = parse_qs(urlsplit(request.path).query)
        (token,) = query.get("access_token") or query.get("token") or [""]
        self.asked.append(token)
        user = self.tokens.get(token)
        body = json.dumps({"active": True, "username": user} if user else {"active": False}).encode()
        request.send_response(200 if user else 401)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
