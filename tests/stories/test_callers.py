"""Whose program hands mail in, and what the journal calls it: at the port, where the kernel is asked
about the socket, and at the Unix socket, where it tells the process."""

import contextlib
import json
import os
import signal
import socket
import subprocess

import pytest

from parts import clients
from parts.groups import group
from parts.program import NOBODY, free_port, give_to, until
from parts.smtp import Smtp

PYTHON = os.path.basename(os.path.realpath("/usr/bin/python3"))

# Hands one mail in and prints all answers.
CLIENT = """
import os, socket, sys
where = sys.argv[1]
if os.path.exists("/proc/self/fd/9"):
    link = socket.socket(fileno=9)  # made elsewhere
else:
    link = socket.socket(socket.AF_UNIX) if where.startswith("/") else socket.socket()
link.settimeout(10)
link.connect(where if where.startswith("/") else ("127.0.0.1", int(where)))
answers = link.makefile("rb")
try:
    print(answers.readline().decode().strip())
    for line in ["HELO me", "MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.net>", "DATA",
                 "Subject: hello\\r\\n\\r\\nhello\\r\\n.", "QUIT"]:
        link.sendall(line.encode() + b"\\r\\n")
        print(answers.readline().decode().strip())
except OSError as error:
    print(type(error).__name__)
"""

# Connects, gives the connection away and ends.
MESSENGER = """
import socket, sys
link = socket.socket(socket.AF_UNIX)
link.connect(sys.argv[1])
socket.send_fds(socket.socket(fileno=int(sys.argv[2])), [b"x"], [link.fileno()])
"""

SERVED = ["220", "250", "250", "250", "354", "250", "221"]


@pytest.fixture(params=["port", "socket"])
def place(request, estafeta):
    return str(estafeta.port if request.param == "port" else estafeta.submission_socket)


def call(desk, where, *prefix, **how):
    """The codes a client heard that ran behind `prefix`."""
    code, output, errors = desk.session.run([*prefix, "/usr/bin/python3", "-c", CLIENT, where], cwd="/", **how)
    assert code == 0, errors
    return [line[:3] for line in output.splitlines()]


def program(estafeta):
    """What the journal calls who handed the only mail in."""
    [entry] = estafeta.list()
    return estafeta.show(entry["id"]).get("program")


def clear_away(folder):
    """Groups below, once the last program has left them."""
    def is_empty():
        for inner, _, _ in os.walk(folder, topdown=False):
            if inner != folder:
                with contextlib.suppress(OSError):
                    os.rmdir(inner)
        return not any(entry.is_dir() for entry in os.scandir(folder))

    until("the groups to be left", is_empty)


def start(desk, **submission):
    desk.estafeta.submission.update({key.replace("_", "-"): value for key, value in submission.items()})
    return desk.account(free_port()).start()


@pytest.mark.parametrize("client, name", [("msmtp", "msmtp"), ("curl", "curl"), ("swaks", "perl")])
def test_file_name_at_the_port(desk, estafeta, client, name):
    start(desk)
    code, _, errors = clients.ALL[client](desk.session, estafeta.port, "hello")
    assert code == 0, errors
    assert program(estafeta) == f"program:{name}"


def test_file_name_at_the_socket(desk, estafeta):
    start(desk)
    code, output, _ = desk.session.run(
        ["swaks", "--socket", estafeta.submission_socket, "--from", "alice@example.org",
         "--to", "bob@example.net", "--helo", "localhost"])
    assert code == 0, output
    assert program(estafeta) == "program:perl"


@pytest.mark.root
@pytest.mark.parametrize("path, name", [
    (["app-flatpak-org.example.Mailer-1.scope"], "flatpak:org.example.Mailer"),
    (["app.slice", "snap.example.mailer-4f3c9f52-1111-2222-3333-444455556666.scope"], "snap:example"),
    ([f"libpod-{'4f3c' * 16}.scope", "container"], "container:4f3c4f3c4f3c"),
    (["app-gnome-org.example.Mailer\\x2dnext-1.scope"], "app:org.example.Mailer-next"),
    (["session-2.scope"], f"program:{PYTHON}"),
], ids=["flatpak", "snap", "container", "app", "session"])
def test_control_groups(desk, estafeta, place, path, name):
    """Of real groups, made while the daemon runs."""
    start(desk)
    with group(*path) as inside:
        assert call(desk, place, *inside) == SERVED
    assert program(estafeta) == name


@pytest.mark.root
def test_a_group_that_comes_and_goes(desk, estafeta):
    """The same name again is another group."""
    start(desk)
    for name in ["app-flatpak-org.example.A-1.scope", "app-flatpak-org.example.B-1.scope"] * 2:
        with group(name) as inside:
            assert call(desk, str(estafeta.port), *inside) == SERVED
    assert sorted(estafeta.show(entry["id"])["program"] for entry in estafeta.list()) == [
        "flatpak:org.example.A", "flatpak:org.example.A", "flatpak:org.example.B", "flatpak:org.example.B"]


# Goes into groups of its own making, opens a socket there, and leaves them.
BURROW = """
import os, socket, sys
def move(folder):
    open(folder + "/cgroup.procs", "w").write(str(os.getpid()))
home, way = sys.argv[1], sys.argv[2].split("/")
here = home
for name in way:
    here += "/" + name
    os.mkdir(here)
move(here)
link = socket.socket()
if sys.argv[3] == "gone":
    move(home)
    for _ in way:
        os.rmdir(here)
        here = os.path.dirname(here)
os.set_inheritable(link.fileno(), True)
os.dup2(link.fileno(), 9)
os.execvp(sys.argv[4], sys.argv[4:])
"""


@pytest.mark.root
@pytest.mark.parametrize("way, fate, name", [
    (".hidden", "stays", "container:4f3c4f3c4f3c"),
    ("a/b/c", "stays", "container:4f3c4f3c4f3c"),
    ("app-gnome-friend-1.scope", "gone", None),
    ("/".join(["deep"] * 40), "stays", None),
], ids=["hidden", "deeper", "removed", "too-deep"])
def test_groups_made_in_a_container(desk, estafeta, way, fate, name):
    """A container may be given its part of the tree; that hides nothing. What cannot be named
    cannot be asked about, and may not send."""
    start(desk)
    with group(f"libpod-{'4f3c' * 16}.scope") as inside:
        home = inside[2].split("'")[1].removesuffix("/cgroup.procs")
        try:
            heard = call(desk, str(estafeta.port), *inside, "/usr/bin/python3", "-c", BURROW, home, way, fate)
        finally:
            clear_away(home)
    if name is None:
        assert heard[2] == "550"
        assert estafeta.list() == []
    else:
        assert heard == SERVED
        assert program(estafeta) == name


@pytest.mark.root
def test_sandbox_without_a_name(desk, estafeta, place):
    """Users of its own are enough to tell a sandbox."""
    start(desk)
    assert call(desk, place, "unshare", "--user", "--map-root-user") == SERVED
    assert program(estafeta) == f"container:{PYTHON}"


@pytest.mark.root
def test_flatpak_without_a_group(desk, estafeta, place):
    """As on a machine without systemd: only the file that Flatpak mounts into it tells."""
    start(desk)
    root, info = desk.session.folder / "root", desk.session.folder / "info"
    root.mkdir()
    info.write_text("[Application]\nname=org.example.Mailer\nruntime=runtime/x\n")
    build = f"""set -e
        mount -t tmpfs none {root}
        for folder in usr lib lib64 proc {str(desk.session.folder)[1:]}; do
          mkdir -p {root}/$folder; mount --rbind /$folder {root}/$folder
        done
        [ -L /bin ] && ln -s usr/bin {root}/bin
        touch {root}/.flatpak-info; mount --bind {info} {root}/.flatpak-info
        exec chroot {root} "$@" """
    assert call(desk, place, "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", build, "sh") == SERVED
    assert program(estafeta) == "flatpak:org.example.Mailer"


@contextlib.contextmanager
def asleep(estafeta):
    """The daemon does not see what happens meanwhile, only what came of it."""
    os.kill(estafeta.program.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(estafeta.program.pid, signal.SIGCONT)


def test_who_connected_has_ended(desk, estafeta):
    """It could have been anything, and whoever has the connection now as well."""
    start(desk)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with asleep(estafeta):
            subprocess.run(
                ["/usr/bin/python3", "-c", MESSENGER, estafeta.submission_socket, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], check=True, timeout=20)
            [link] = socket.recv_fds(ours, 1, 1)[1]
        with socket.socket(fileno=link) as connection:
            connection.settimeout(20)
            assert connection.recv(1000).startswith(b"421 4.7.0")
    assert "the program that connected is gone" in estafeta.log() or "program has ended" in estafeta.log()


def test_client_has_closed(desk, estafeta):
    """Its socket reads as root's then, in a kernel's answer that is not looked at closely."""
    start(desk)
    with asleep(estafeta):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", estafeta.port)) as link:
                link.sendall(b"HELO me\r\n")
    until("all to be refused", lambda: estafeta.log().count("whose owner is unknown") == 5)


@pytest.mark.root
@pytest.mark.parametrize("uid, name", [(NOBODY, "nobody"), (54321, "54321")])
def test_other_users(desk, estafeta, uid, name):
    """Refused with a line in the log; served when the settings name them."""
    start(desk)
    assert call(desk, str(estafeta.port), uid=uid)[0] == "421"
    assert f"another user (uid {uid}, {name})" in estafeta.log()
    assert estafeta.list() == []
    estafeta.stop()
    estafeta.submission["users"] = f"daemon;{name}"
    estafeta.write()
    estafeta.start()
    assert call(desk, str(estafeta.port), uid=uid) == SERVED
    assert program(estafeta) == f"user:{name}"
    assert call(desk, str(estafeta.port), uid=54322)[0] == "421"


@pytest.mark.root
def test_users_who_must_sign_in(desk, estafeta):
    """They are greeted, and get no further."""
    start(desk, token_users="nobody")
    assert call(desk, str(estafeta.port), uid=NOBODY)[:3] == ["220", "250", "530"]
    assert estafeta.list() == []
    desk.hand_in()


@pytest.mark.root
def test_root_is_another_user(desk, estafeta):
    """To a daemon that is not root's."""
    desk.account(free_port()).write()
    give_to(NOBODY, desk.session.folder)
    estafeta.prefix = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--"]
    estafeta.start()
    for where in (estafeta.port, estafeta.submission_socket):
        with Smtp(where) as smtp:
            assert smtp.greeting.startswith("421 4.7.0")
            assert smtp.is_closed()
    assert "another user (uid 0, root)" in estafeta.log()
    # It sees as much of its own programs as root's would.
    for where in (str(estafeta.port), str(estafeta.submission_socket)):
        assert call(desk, where, uid=NOBODY) == SERVED
        assert call(desk, where, "unshare", "--user", "--map-root-user", uid=NOBODY) == SERVED
    code, output, errors = desk.session.run([estafeta.cli_path, "list", "--json"], uid=NOBODY, cwd="/")
    assert code == 0, errors
    assert sorted(entry["program"] for entry in json.loads(output)) == 2 * [f"container:{PYTHON}"] + 2 * [f"program:{PYTHON}"]


@pytest.mark.root
def test_another_network(desk, estafeta):
    """Loopback of a network namespace of its own is another loopback."""
    start(desk)
    code, output, errors = desk.session.run(
        ["unshare", "--user", "--map-root-user", "--net", "/usr/bin/python3", "-c", CLIENT, str(estafeta.port)])
    assert code != 0 and "220" not in output, errors
