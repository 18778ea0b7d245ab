"""GNOME Online Accounts, scripted: for what the real service does only after talking to Google. A program of its own on
the session bus; what it was asked stands in its log."""

import json

from gi.repository import GLib

NAME = "org.gnome.OnlineAccounts"
PATH = "/org/gnome/OnlineAccounts"

SERVICE = r"""
import json, sys
from gi.repository import Gio, GLib
PREFIX, PATH = "org.gnome.OnlineAccounts", "/org/gnome/OnlineAccounts/Accounts/account_1"
XML = '''<node><interface name="org.freedesktop.DBus.ObjectManager">
<method name="GetManagedObjects"><arg type="a{oa{sa{sv}}}" direction="out"/></method></interface>
<interface name="org.freedesktop.DBus.Properties"><method name="Get"><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="v" direction="out"/></method></interface>
<interface name="org.gnome.OnlineAccounts.Account"><method name="EnsureCredentials"><arg type="i" direction="out"/></method></interface>
<interface name="org.gnome.OnlineAccounts.OAuth2Based"><method name="GetAccessToken"><arg type="s" direction="out"/>
<arg type="i" direction="out"/></method></interface>
<interface name="test.Script"><method name="Write"><arg type="s" direction="in"/></method></interface></node>'''
script = json.load(open(sys.argv[1]))
INTERFACES = ("Account", "Mail", "OAuth2Based")

def variant(value):
    return GLib.Variant("b" if isinstance(value, bool) else "s", value)

def objects():
    every = {f"{PREFIX}.{name}": {key: variant(value) for key, value in script[name].items()} for name in INTERFACES}
    return GLib.Variant("(a{oa{sa{sv}}})", ({PATH: every} if script["exists"] else {},))

def answer(method, arguments):
    if method == "GetManagedObjects":
        return objects()
    if method == "Get":
        return GLib.Variant("(v)", (variant(script[arguments[0].removeprefix(PREFIX + ".")][arguments[1]]),))
    return GLib.Variant("(i)", (3600,)) if method == "EnsureCredentials" else GLib.Variant("(si)", (script["token"], 3600))

def give(invocation, method, arguments):
    if script["error"] and method in ("EnsureCredentials", "GetAccessToken"):
        invocation.return_dbus_error(f"{PREFIX}.Error.{script['error']}", "scripted")
    else:
        invocation.return_value(answer(method, arguments))
    return False

def call(connection, sender, path, interface, method, arguments, invocation):
    print(method, flush=True)
    if method != "Write":
        GLib.timeout_add(script["delay"] if method == script["slow"] else 0, give, invocation, method, arguments)
        return
    script.update(json.loads(arguments[0]))
    connection.emit_signal(None, PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                           GLib.Variant("(sa{sv}as)", (PREFIX + ".Account", {}, [])))
    invocation.return_value(None)

def on_bus(connection, name):
    one, two, *others = Gio.DBusNodeInfo.new_for_xml(XML).interfaces
    connection.register_object("/org/gnome/OnlineAccounts", one, call)
    for interface in (two, *others):
        try:
            connection.register_object(PATH, interface, call)
        except GLib.Error as error:
            print(error, flush=True)

Gio.bus_own_name(Gio.BusType.SESSION, PREFIX, 0, on_bus, None, None)
GLib.MainLoop().run()
"""


class OnlineMock:
    """An account of Google's with a token. `write()` changes the script and tells it on the bus."""

    def __init__(self, session, host, **mail):
        self.session = session
        self.script = {
            "exists": True, "token": "token-1", "error": "", "delay": 0, "slow": "EnsureCredentials",
            "Account": {"Id": "account_1", "ProviderType": "google", "ProviderName": "Google", "AttentionNeeded": False,
                        "MailDisabled": False},
            "Mail": {"EmailAddress": "alice@example.org", "Name": "Alice", "SmtpSupported": True, "SmtpHost": host,
                     "SmtpUserName": "alice", "SmtpUseAuth": True, "SmtpAuthXoauth2": True, "SmtpUseSsl": True,
                     "SmtpUseTls": True, **mail},
            "OAuth2Based": {},
        }
        self.program = None

    def start(self):
        folder = self.session.folder / "config" / "goa-1.0"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "accounts.conf").write_text("[Account account_1]\n")
        code, script = self.session.folder / "online.py", self.session.folder / "online.json"
        code.write_text(SERVICE)
        script.write_text(json.dumps(self.script))
        self.program = self.session.start("online", ["/usr/bin/python3", "-B", code, script])
        self.session.wait_for_name(NAME)
        return self

    def write(self, **changes):
        account = changes.pop("account", None)
        self.script.update(changes)
        if account:
            self.script["Account"].update(account)
        self.session.call(NAME, PATH + "/Accounts/account_1", "test.Script", "Write",
                          GLib.Variant("(s)", (json.dumps(self.script),)))

    def asked(self, method):
        return self.program.said().split().count(method)
