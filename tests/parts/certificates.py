"""Certificates for practice relays, by certtool: good ones and each kind of bad one."""

from pathlib import Path

from parts.program import run

KINDS = {
    "good": (
        'cn="localhost"', 'dns_name="localhost"', 'ip_address="127.0.0.1"', "expiration_days=30",
    ),
    # Providers of the wide world, in a network of their own.
    "provider": ('cn="smtp.example.org"', *(f'dns_name="{name}"' for name in (
        "smtp.example.org", "autoconfig.example.org", "mail.example.net", "smtp.elsewhere.test", "v1.ispdb.net",
        "smtp.gmail.com", "mail.plain.test", "ua-auto-config.pacc.test", "smtp.pacc.test", "autoconfig.hoster.test",
        "smtp.hoster.test", "login.example.org")), "expiration_days=30"),
    # A relay that may be on this machine, but not by its name.
    "named": ('cn="relay.test"', 'dns_name="relay.test"', 'dns_name="*.known.test"', "expiration_days=30"),
    "far": ('cn="far relay"', 'ip_address="10.77.0.1"', "expiration_days=30"),
    "wrongname": ('cn="other.test"', 'dns_name="other.test"', "expiration_days=30"),
    "expired": (
        'cn="localhost"', 'dns_name="localhost"', 'dns_name="relay.test"', 'ip_address="127.0.0.1"',
        'activation_date="2020-01-01 00:00:00"', 'expiration_date="2020-02-01 00:00:00"',
    ),
    "notyet": (
        'cn="localhost"', 'dns_name="localhost"', 'dns_name="relay.test"', 'ip_address="127.0.0.1"',
        'activation_date="2090-01-01 12:00:00"', 'expiration_date="2091-01-01 12:00:00"',
    ),
}
# To sign in with, not to be signed in to.
CLIENTS = {
    "client": ('cn="alice"', "expiration_days=30"),
    "oldclient": (
        'cn="alice"', 'activation_date="2020-01-01 00:00:00"', 'expiration_date="2020-02-01 00:00:00"',
    ),
}
AUTHORITY = ('cn="Estafeta practice authority"', "ca", "cert_signing_key", "expiration_days=30")
STRANGER = ('cn="Somebody else\'s authority"', "ca", "cert_signing_key", "expiration_days=30")


class Certificates:
    """In `folder`: ca.pem, stranger.pem (an authority nobody signed with), and for each of
    KINDS and CLIENTS, and for selfsigned and bridge, which sign themselves, a NAME.pem with NAME.key."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True, mode=0o755)
        self._self_signed("ca", AUTHORITY)
        self._self_signed("stranger", STRANGER)
        for name, lines in KINDS.items():
            self._signed(name, lines + ("tls_www_server", "signing_key"))
        for name, lines in CLIENTS.items():
            self._signed(name, lines + ("tls_www_client", "signing_key"))
        self._self_signed("selfsigned", KINDS["good"] + ("tls_www_server", "signing_key"))
        self._self_signed("bridge", KINDS["named"] + ("tls_www_server", "signing_key"))

    @property
    def authority(self):
        return self.folder / "ca.pem"

    @property
    def stranger(self):
        return self.folder / "stranger.pem"

    def pair(self, name):
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def pin(self, name):
        """Of the key of NAME.pem, by openssl, which is not what is tested."""
        code, key, errors = run(
            ["sh", "-c", f"openssl x509 -in {name}.pem -noout -pubkey | openssl pkey -pubin -outform DER"
             " | openssl dgst -sha256 -binary | base64"],
            {"PATH": "/usr/bin:/bin"}, cwd=self.folder,
        )
        assert code == 0, errors
        return "sha256:" + key.strip()

    def _certtool(self, *arguments):
        code, _, errors = run(
            ["certtool", *arguments], {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, cwd=self.folder
        )
        assert code == 0, errors

    def _key(self, name):
        self._certtool(
            "--generate-privkey", "--key-type=ecdsa", "--curve=secp256r1", "--outfile", f"{name}.key"
        )
        # Read by relays of another user; practice keys guard nothing.
        (self.folder / f"{name}.key").chmod(0o644)

    def _template(self, name, lines):
        (self.folder / f"{name}.tmpl").write_text("\n".join(lines) + "\n")

    def _signed(self, name, lines):
        self._key(name)
        self._template(name, lines)
        self._certtool(
            "--generate-certificate", "--load-privkey", f"{name}.key",
            "--load-ca-certificate", "ca.pem", "--load-ca-privkey", "ca.key",
            "--template", f"{name}.tmpl", "--outfile", f"{name}.pem",
        )

    def _self_signed(self, name, lines):
        self._key(name)
        self._template(name, lines)
        self._certtool(
            "--generate-self-signed", "--load-privkey", f"{name}.key",
            "--template", f"{name}.tmpl", "--outfile", f"{name}.pem",
        )
