"""What every story has at hand: a desk, which is a session with the daemon under test."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))

from parts.certificates import Certificates  # noqa: E402
from parts.desk import Desk  # noqa: E402
from parts.program import is_root  # noqa: E402
from parts.unpacked import dovecot_runs_anywhere  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--build", default=str(TOP / "build" / "gcc"), help="the build folder under test")
    parser.addoption("--left-out", help="file that gets what is left out, and how much of it")


def pytest_configure(config):
    config.addinivalue_line("markers", "root: only root can tell this story")
    config.addinivalue_line("markers", "dovecot: wants Dovecot where it runs from another place than its own")
    config.addinivalue_line("markers", "preload: puts a library before the C library, as sanitizers do, so not with them")
    config.addinivalue_line("markers", "memory: measures memory, so not with sanitizers")


def leave_out(config, items, marker):
    left_out = [item for item in items if item.get_closest_marker(marker)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    return len(left_out)


def pytest_collection_modifyitems(config, items):
    """What cannot be told here is no failure, but it is counted and told."""
    wants = {"root": ("root", is_root), "dovecot": ("Dovecot 2.3", dovecot_runs_anywhere)}
    lines = [f"{leave_out(config, items, marker)} need {what}\n"
             for marker, (what, is_there) in wants.items() if not is_there()]
    if config.getoption("--left-out"):
        Path(config.getoption("--left-out")).write_text("".join(lines))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    desk = item.funcargs.get("desk") if hasattr(item, "funcargs") else None
    if report.when == "call" and report.failed and desk:
        for name, text in desk.logs():
            report.sections.append((f"log of {name}", text))


@pytest.fixture(scope="session")
def certificates():
    with tempfile.TemporaryDirectory(prefix="estafeta-ca-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Certificates(folder)


@pytest.fixture
def build(request):
    path = Path(request.config.getoption("--build")).resolve()
    assert (path / "src" / "estafetad").exists(), f"{path} holds no build"
    return path


@pytest.fixture
def desk(build, certificates):
    """Session bus and private folders; the daemon is not started yet. At the end the daemon
    must go when asked, and must have had nothing to complain of."""
    desk = Desk(build, certificates)
    try:
        yield desk
        desk.estafeta.stop()
        assert desk.estafeta.alarms() == []
    finally:
        desk.close()


@pytest.fixture
def estafeta(desk):
    return desk.estafeta
