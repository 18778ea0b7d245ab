"""An account is looked at and changed by the command line, by an editor, and by hand: what is wrong is said with its
line, and never takes the place of what was good."""

import json

import pytest

from parts.terminal import Terminal


@pytest.fixture
def home(desk, estafeta):
    """An account whose password is in the keyring, with notes of the person's own around it."""
    keyring = desk.keyring()
    relay = desk.practice(users={"alice": "pw-alice"}).start()
    desk.account(relay, password_command=None)
    text = estafeta.text().replace("[account home]", "# mine\n[account home]")
    estafeta.write("# all mine\n" + text.replace("user=alice", "# the one I use\nuser=alice"))
    estafeta.start()
    assert estafeta.cli("account", "password", "home", input="pw-alice\n").code == 0
    desk.relay, desk.keyring_part = relay, keyring
    return relay


def edit(estafeta, *words, input=""):
    return estafeta.cli("account", "edit", "home", *words, input=input)


def lines(estafeta):
    return estafeta.settings_path.read_text().splitlines()


def test_what_is_named(desk, estafeta, home):
    before = lines(estafeta)
    assert edit(estafeta, "--default", "--set", "too-large=hold").code == 0
    assert set(lines(estafeta)) - set(before) == {"default=yes", "too-large=hold"}
    assert [line for line in lines(estafeta) if line in before] == before
    assert edit(estafeta, "--no-default", "--set", "too-large=").code == 0
    assert "default=no" in lines(estafeta) and "too-large=hold" not in lines(estafeta)
    for words, complaint in [
        (["--port", "99999"], "port must be"), (["--set", "pot=1"], 'did you mean "port"'),
        (["--set", "password-command=x"], "only by hand"), (["--security", "none"], "only by hand"),
        (["--set", "user=a\npassword-command=x"], "one line"), (["--address", "nonsense"], "addresses"),
    ]:
        good = estafeta.settings_path.read_bytes()
        refused = edit(estafeta, *words)
        assert refused.code == 1 and complaint in refused.errors, refused
        assert estafeta.settings_path.read_bytes() == good
    assert edit(estafeta, "--set", "nothing").code == 2
    assert edit(estafeta).code == 2
    assert estafeta.cli("account", "edit", "nobody", "--default").code == 4


def test_another_server(desk, estafeta, home):
    """The password that was given for one server goes to no other."""
    other = desk.practice(users={"alice": "pw-other"}).start()
    refused = edit(estafeta, "--host", "127.0.0.1", "--port", str(other.port), input="")
    assert refused.code == 1, refused
    assert "host=localhost" in lines(estafeta) and desk.keyring_part.secret(account="home") == "pw-alice"
    moved = edit(estafeta, "--host", "127.0.0.1", "--port", str(other.port), input="pw-other\n")
    assert moved.code == 0, moved
    desk.hand_in()
    other.wait_for(1)
    assert desk.keyring_part.secret(account="home") == "pw-other"
    assert home.taken == []


def test_shown_and_stopped(desk, estafeta, home):
    shown = estafeta.cli("account", "show", "home")
    assert shown.code == 0 and "in the keyring" in shown.output and "ready" in shown.output, shown
    assert "pw-alice" not in shown.output
    record = estafeta.cli("account", "show", "home", "--json").json
    assert record["settings"]["user"] == "alice" and record["state"]["name"] == "home"
    assert estafeta.cli("account", "pause", "home").code == 0
    desk.hand_in()
    estafeta.restart()
    estafeta.wait_for_states("waiting")
    assert home.taken == []
    assert estafeta.cli("account", "resume", "home").code == 0
    home.wait_for(1)
    assert estafeta.cli("account", "pause").code == 2 and estafeta.cli("account", "show", "nobody").code == 4


def test_by_an_editor(desk, estafeta, home):
    """It opens at the right line; what is wrong afterwards is said, and may be mended at once."""
    folder = desk.session.folder
    editor = folder / "editor"
    editor.write_text(f"""#!/bin/sh
echo "$1" >>{folder}/places
file=$2
if grep -q port=nonsense "$file"; then sed -i s/port=nonsense/port={home.port}/ "$file"
else sed -i "s/^port=.*/port=nonsense/" "$file"; fi
""")
    editor.chmod(0o700)
    place = 1 + lines(estafeta).index("[account home]")
    wrong = 1 + next(number for number, line in enumerate(lines(estafeta)) if line.startswith("port="))
    with Terminal([estafeta.cli_path, "account", "edit", "home"], {**desk.session.env, "VISUAL": str(editor)}) as terminal:
        terminal.expect(f"{estafeta.settings_path}:{wrong}: In [account home], port must be")
        terminal.expect("Edit again? [y/N]")
        estafeta.wait_for("the complaint", lambda _: "port must be" in estafeta.cli("status").output)
        desk.hand_in()
        home.wait_for(1)
        terminal.type("y")
        terminal.expect("are in force")
        assert terminal.wait() == 0
    assert (folder / "places").read_text().split() == [f"+{place}", f"+{wrong}"]


FILES = {
    "[delivery]\nconnect=no\n": 2,
    "# a\n\n[delivery]\nconnect=1\nconect=1\n": 5,
    "[acount x]\n": 1,
    "[account x]\nhost=h.example\n": 1,
    "[account x]\naddresses=a@b.example\nhost=h.example\n[account y]\nhost=h.example\naddresses=a@b.example\n": 6,
    "[account x]\naddresses=a@b.example\nhost=localhost\nport=2525\n": 3,
    "[delivery]\nconnect=1\nconnect=2\n": 3,
    "nonsense\n": 1,
    "[apps]\nflatpak:x=perhaps\n": 1,
}


def test_check(desk, estafeta):
    """By line, for files of any place; nothing of them is taken over."""
    estafeta.start()
    file = desk.session.folder / "other.conf"
    for text, line in FILES.items():
        file.write_text(text)
        checked = estafeta.cli("settings", "check", str(file))
        assert checked.code == 1 and checked.errors.startswith(f"{file}:{line}: "), (text, checked)
        assert json.loads(estafeta.cli("settings", "check", str(file), "--json").output)["line"] == line
    file.write_text("# nothing\n")
    assert estafeta.cli("settings", "check", str(file)).code == 0
    assert estafeta.cli("settings", "check").code == 0
    assert estafeta.cli("settings", "check", "/dev/zero").code == 1
    estafeta.write("[delivery]\nfirst-retry=x\n")
    estafeta.wait_for("the complaint", lambda _: "Line 2: In [delivery], first-retry" in estafeta.cli("status").output)
    assert estafeta.cli("settings", "check").code == 1
