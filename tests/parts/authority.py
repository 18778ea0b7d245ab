"""An authorisation server of OAuth 2.0 over HTTPS: small, but it looks at everything it is handed.

RFC 6749 with PKCE (7636), metadata (8414), registration (7591), the device grant (8628), issuers in answers (9207)."""

import base64
import hashlib
import http.server
import json
import secrets
import ssl
import threading
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

LIMIT = 64 * 1024
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "urn:ietf:params:oauth:scope:mail offline_access"


class Refusal(Exception):
    """`code` as in RFC 6749 5.2."""

    def __init__(self, code, description=None, status=400):
        self.status = status
        self.body = {"error": code, **({"error_description": description} if description else {})}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 40

    def do_GET(self):
        self._answer({})

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LIMIT)).decode()
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        self._answer(json.loads(body) if is_json else dict(parse_qsl(body)))

    def _answer(self, values):
        authority, place = self.server.authority, urlsplit(self.path)
        values = {**dict(parse_qsl(place.query)), **values}
        name = authority.PLACES.get((self.command, place.path))
        authority.asked.append((name or place.path, values))
        fault = authority.faults.get(name)
        if fault is not None:
            self._send(*fault(authority))
        elif name is None:
            self._send(404, "nothing here")
        else:
            try:
                self._send(*getattr(authority, name)(values))
            except Refusal as refusal:
                self._send(refusal.status, refusal.body)

    def _send(self, status, body, headers={}):
        octets = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", "Cache-Control": "no-store", **headers}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        try:
            self.wfile.write(octets)
        except OSError:  # somebody who did not want to hear all of it
            pass

    def log_message(self, *_):
        pass


class Authority:
    """For `user`, at https://HOST:PORT. `pair`: certificate and key.

    tokens   access token -> user, of those that are good
    grants   refresh token -> client, of those that are good
    clients  client id -> redirect URIs (None: any on this machine)
    faults   endpoint -> what it answers instead: one of the functions below, or of that kind
    asked    what came in: (endpoint, values)"""

    PLACES = {
        ("GET", "/.well-known/oauth-authorization-server"): "metadata",
        ("GET", "/authorize"): "authorize",
        ("POST", "/register"): "register",
        ("POST", "/token"): "token",
        ("POST", "/device"): "device",
        ("GET", "/introspect"): "introspect",
        ("POST", "/introspect"): "introspect",
    }

    def __init__(self, pair, user="you@example.org", host="localhost", port=0):
        self.user = user
        self.tokens, self.grants, self.clients = {}, {}, {"client-1": None}
        self.faults, self.asked = {}, []
        self.consents = True
        self.lifetime = 3600
        self.interval, self.device_lifetime = 1, 600
        self.gives_refresh = self.rotates = self.registers = self.promises_iss = True
        self.iss = None  # what it says it is called, where that is a lie
        self.device_says = []  # errors of the next polls, before the grant
        self.secret_of = {}  # client id -> the secret it has to say
        self._codes, self._devices = {}, {}
        self._lock = threading.RLock()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.authority = self
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.issuer = f"https://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, endpoint):
        return f"{self.issuer}/{endpoint}"

    def asked_for(self, endpoint):
        return [values for name, values in self.asked if name == endpoint]

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    # What the person and the administrator do.

    def grant_refresh(self, client="client-1"):
        """A refresh token of a sign-in that was."""
        token = "refresh-" + secrets.token_urlsafe(12)
        self.grants[token] = client
        return token

    def revoke(self):
        """All of it: the person has to sign in again."""
        self.tokens.clear()
        self.grants.clear()

    def approve(self, user_code):
        """At the page that the device named."""
        self._devices[user_code]["approved"] = True

    # The endpoints: each returns status, body, headers.

    def metadata(self, _):
        body = {
            "issuer": self.issuer,
            "authorization_endpoint": self.url("authorize"),
            "token_endpoint": self.url("token"),
            "device_authorization_endpoint": self.url("device"),
            "scopes_supported": ["openid", *SCOPE.split()],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.promises_iss,
        }
        if self.registers:
            body["registration_endpoint"] = self.url("register")
        return 200, body

    def register(self, values):
        if not self.registers:
            raise Refusal("invalid_client_metadata", "by invitation only")
        if values.get("token_endpoint_auth_method") != "none":
            raise Refusal("invalid_client_metadata", "public clients only")
        if not all(self._is_loopback(uri) for uri in values["redirect_uris"]):
            raise Refusal("invalid_redirect_uri")
        client = "registered-" + secrets.token_urlsafe(6)
        self.clients[client] = values["redirect_uris"]
        return 201, {**values, "client_id": client}

    @staticmethod
    def _is_loopback(uri):
        return urlsplit(uri).scheme == "http" and urlsplit(uri).hostname in ("127.0.0.1", "localhost")

    def _takes_redirect(self, client, uri):
        """RFC 8252 7.3: any port, but the same host and path."""
        known = self.clients[client]
        return self._is_loopback(uri) and (known is None or any(
            (urlsplit(uri).hostname, urlsplit(uri).path) == (urlsplit(each).hostname, urlsplit(each).path)
            for each in known))

    def authorize(self, values):
        client, back = values.get("client_id"), values.get("redirect_uri", "")
        if client not in self.clients or not self._takes_redirect(client, back):
            return 400, "<h1>Who are you?</h1>", {"Content-Type": "text/html"}
        answer = {"state": values.get("state", "")}
        if self.promises_iss or self.iss:
            answer["iss"] = self.iss or self.issuer
        challenge = values.get("code_challenge", "")
        if values.get("response_type") != "code" or values.get("code_challenge_method") != "S256" or len(challenge) != 43:
            answer["error"] = "invalid_request"
        elif not self.consents:
            answer.update(error="access_denied", error_description="The person said no.")
        else:
            answer["code"] = "code-" + secrets.token_urlsafe(12)
            self._codes[answer["code"]] = (client, back, challenge, values.get("scope"))
        return 302, "", {"Location": back + ("&" if "?" in back else "/?") + urlencode(answer)}

    def token(self, values):
        client = values.get("client_id")
        if client not in self.clients or self.secret_of.get(client) != values.get("client_secret"):
            raise Refusal("invalid_client", "nobody of that name", 401)
        ways = {"authorization_code": self._by_code, "refresh_token": self._by_refresh, DEVICE_CODE: self._by_device}
        way = ways.get(values.get("grant_type"))
        if way is None:
            raise Refusal("unsupported_grant_type")
        with self._lock:
            return 200, way(client, values)

    def _grant(self, client, scope, refresh):
        access = "access-" + secrets.token_urlsafe(12)
        self.tokens[access] = self.user
        body = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime}
        if scope:
            body["scope"] = scope
        if refresh and self.gives_refresh:
            body["refresh_token"] = self.grant_refresh(client)
        return body

    def _by_code(self, client, values):
        kept = self._codes.pop(values.get("code"), None)
        if kept is None:
            raise Refusal("invalid_grant", "no such code, or no more")
        owner, back, challenge, scope = kept
        verifier = values.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (owner, back) != (client, values.get("redirect_uri")) or not 43 <= len(verifier) <= 128 or digest != challenge:
            raise Refusal("invalid_grant", "not what it was made for")
        return self._grant(client, scope, True)

    def _by_refresh(self, client, values):
        token = values.get("refresh_token")
        if self.grants.get(token) != client:
            raise Refusal("invalid_grant", "Token has been expired or revoked.")
        if self.rotates:
            del self.grants[token]
        return self._grant(client, values.get("scope"), self.rotates)

    def device(self, values):
        if values.get("client_id") not in self.clients:
            raise Refusal("invalid_client", None, 401)
        code = "-".join(("".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(4))) for _ in range(2))
        device_code = secrets.token_urlsafe(12)
        self._devices[code] = {"device_code": device_code, "approved": False, "scope": values.get("scope")}
        return 200, {"device_code": device_code, "user_code": code, "verification_uri": self.url("enter"),
                     "verification_uri_complete": self.url(f"enter?code={code}"), "expires_in": self.device_lifetime,
                     "interval": self.interval}

    def _by_device(self, client, values):
        if self.device_says:
            raise Refusal(self.device_says.pop(0))
        for code, device in list(self._devices.items()):
            if device["device_code"] == values.get("device_code"):
                if not device["approved"]:
                    raise Refusal("authorization_pending")
                del self._devices[code]
                return self._grant(client, device["scope"], True)
        raise Refusal("expired_token")

    def introspect(self, values):
        """RFC 7662, by whatever name the token comes."""
        user = self.tokens.get(values.get("token") or values.get("access_token"))
        return (200, {"active": True, "username": user}) if user else (401, {"active": False})


# Faults.


def answers(status, body="", headers={}):
    return lambda authority: (status, body, headers)


def silence(authority):
    """Longer than anybody in the tests waits."""
    threading.Event().wait(5)
    return 200, ""


def refuses(code, description=None, status=400):
    return answers(status, Refusal(code, description).body)


def browse(url, ca_file, limit=10):
    """What a browser does with an address that it is given: (status, text) of where it ends up."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca_file)))
    try:
        with opener.open(url, timeout=limit) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as page:
        return page.code, page.read().decode()
