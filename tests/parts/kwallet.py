"""The real KWallet as the person's keyring: opened at its start as a login does it (pam_kwallet)."""

import os
import socket

from gi.repository import GLib

from parts.keyring import NAME, SERVICE
from parts.program import Program, until

CONFIG = """[Wallet]
Enabled=true
First Use=false
Prompt on Open=false
Default Wallet=kdewallet
[org.freedesktop.secrets]
apiEnabled=true
[org.freedesktop.secrets.aliases]
default=kdewallet
"""


class KWallet:
    """Needs a screen."""

    def __init__(self, session):
        self.session = session
        self.program = None
        self.wallet = session.folder / "data" / "kwalletd" / "kdewallet.kwl"
        self.key = os.urandom(56)  # what pam_kwallet makes of the password of the login
        (session.folder / "config" / "kwalletrc").write_text(CONFIG)

    def make_wallet(self):
        """As the first login did; it is shown to others from the next start on."""
        self.start()
        until("the wallet", lambda: self.wallet.exists() and self.wallet.stat().st_size > 0 and self.is_open())
        self.end()
        return self

    def end(self):
        self.program.terminate()
        until("KWallet gone", lambda: not self.session.has_owner(NAME))

    def start(self):
        place = self.session.folder / "run" / "kwallet"
        place.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as login:
            login.bind(str(place))
            login.listen()
            read, write = os.pipe()
            os.write(write, self.key)
            os.close(write)
            fds = read, login.fileno()
            env = {**self.session.env, "PAM_KWALLET5_LOGIN": str(place)}
            argv = ["kwalletd5", "--pam-login", *map(str, fds)]
            self.program = Program(argv, env, self.session.log("kwallet"), pass_fds=fds)
            os.close(read)
            self._tell_environment(place)
        self.session.programs.append(self.program)
        self.session.wait_for_name(NAME, 20)
        return self

    def _tell_environment(self, place):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(place))
            client.sendall("".join(f"{key}={value}\n" for key, value in self.session.env.items()).encode())

    def is_open(self):
        words = GLib.Variant("(s)", ("kdewallet",))
        return self.session.call("org.kde.kwalletd5", "/modules/kwalletd5", "org.kde.KWallet", "isOpen", words)[0]

    def items(self, **attributes):
        found, locked = self.session.call(
            NAME, SERVICE, "org.freedesktop.Secret.Service", "SearchItems", GLib.Variant("(a{ss})", (attributes,))
        )
        return found + locked

    def windows(self):
        return self.session.run(["xdotool", "search", "--onlyvisible", "--class", "kwalletd5"])[1].split()
