"""The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), for practice relays."""

import base64
import hashlib
import hmac
import os

ROUNDS = 4096


def _mac(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()


def _fields(text):
    return dict(part.split("=", 1) for part in text.split(",") if "=" in part)


def serve(users, first, ask):
    """`first` is the client's first message, `ask` sends a challenge and returns the answer, all plain
    text; `users` maps names to passwords. The name that signed in, None for a wrong password."""
    bare = first.split(",", 2)[2]
    user = _fields(bare)["n"]
    salt, nonce = os.urandom(16), _fields(bare)["r"] + base64.b64encode(os.urandom(12)).decode()
    challenge = f"r={nonce},s={base64.b64encode(salt).decode()},i={ROUNDS}"
    answer = ask(challenge)
    salted = hashlib.pbkdf2_hmac("sha256", users.get(user, "").encode(), salt, ROUNDS)
    known = f"{bare},{challenge},{answer.rsplit(',', 1)[0]}".encode()
    client_key = _mac(salted, b"Client Key")
    signature = _mac(hashlib.sha256(client_key).digest(), known)
    proof = bytes(a ^ b for a, b in zip(client_key, signature))
    if user not in users or _fields(answer)["r"] != nonce:
        return None
    if not hmac.compare_digest(base64.b64decode(_fields(answer)["p"]), proof):
        return None
    ask("v=" + base64.b64encode(_mac(_mac(salted, b"Server Key"), known)).decode())
    return user
