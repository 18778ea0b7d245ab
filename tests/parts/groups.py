"""Control groups to throw away (root only), and programs that run in them."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from parts.program import until


def _mount():
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, kind = line.partition(" - ")
        if kind.startswith("cgroup2 "):
            return Path(place.split()[4])
    return None


@contextlib.contextmanager
def _hierarchy():
    """Where groups can be made: some machines show theirs for reading only."""
    mount = _mount()
    if mount and not os.statvfs(mount).f_flag & os.ST_RDONLY:
        yield mount
        return
    with tempfile.TemporaryDirectory(prefix="estafeta-groups-", dir="/tmp") as folder:
        subprocess.run(["mount", "-t", "cgroup2", "none", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def _remove(folder):
    def is_gone():
        try:
            folder.rmdir()
        except OSError:
            return False
        return True

    until("the group to be left", is_gone)


@contextlib.contextmanager
def group(*path):
    """A group below one of our own; gives the beginning of a command that runs in it."""
    with _hierarchy() as mount, contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="estafeta-test-", dir=mount))
        stack.callback(_remove, folder)
        for name in path:
            folder = folder / name
            folder.mkdir()
            stack.callback(_remove, folder)
        yield ["sh", "-c", f"echo $$ >'{folder}/cgroup.procs' && exec \"$@\"", "sh"]
