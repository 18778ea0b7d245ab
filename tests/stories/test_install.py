"""What `meson install` puts where, and that it fits together."""

import re
import subprocess

import pytest

PLACES = {
    "bin": ["estafeta"],
    "libexec": ["estafeta-web", "estafetad"],
    "lib/systemd/user": ["estafetad.service"],
    "share/applications": ["org.estafeta.Estafeta.desktop"],
    "share/dbus-1/interfaces": [
        "org.estafeta.Accounts1.xml", "org.estafeta.Apps1.xml", "org.estafeta.Discovery1.xml",
        "org.estafeta.Outbox1.xml",
        "org.estafeta.Setup1.xml", "org.estafeta.SignIn1.xml", "org.estafeta.Tokens1.xml",
    ],
    "share/dbus-1/services": ["org.estafeta.Estafeta.service"],
    "share/icons/hicolor/scalable/apps": ["org.estafeta.Estafeta.svg"],
    "share/locale/es/LC_MESSAGES": ["estafeta.mo"],
    "share/man/man1": ["estafeta.1"],
    "share/man/man5": ["estafeta.conf.5"],
    "share/man/man8": ["estafetad.8"],
    "share/metainfo": ["org.estafeta.Estafeta.metainfo.xml"],
}


@pytest.fixture
def installed(build, tmp_path):
    """The prefix, below a folder of its own."""
    subprocess.run(
        ["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", tmp_path],
        check=True, capture_output=True, timeout=60,
    )
    return tmp_path / "usr" / "local"


def test_everything_has_its_place(installed):
    files = {str(f.relative_to(installed)) for f in installed.rglob("*") if f.is_file()}
    assert files == {f"{place}/{name}" for place, names in PLACES.items() for name in names}


def test_what_starts_the_daemon_finds_it(installed, tmp_path):
    """The service manager and the bus are told a path that is there."""
    for file in ("lib/systemd/user/estafetad.service", "share/dbus-1/services/org.estafeta.Estafeta.service"):
        text = (installed / file).read_text()
        (program,) = re.findall(r"^Exec(?:Start)?=(\S+)$", text, re.M)
        assert (tmp_path / program.lstrip("/")).exists()
        assert "@" not in text


def test_the_installed_programs_run(installed):
    for program in ("bin/estafeta", "libexec/estafetad"):
        answer = subprocess.run([installed / program, "--version"], capture_output=True, text=True, timeout=10)
        assert answer.returncode == 0 and "0.1.0" in answer.stdout
