"""Servers from packages that were unpacked, not installed (tests/install unpack)."""

import functools
import grp
import os
import pwd
import shutil
import time
from pathlib import Path

from parts.program import NOBODY, is_root, run

TREE = Path(__file__).resolve().parents[2] / "build" / "servers" / "tree"


# What every Dovecot of ours is told, from wherever it runs.
DOVECOT_ANYWHERE = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
libexec_dir = {tree}/usr/lib/dovecot
import_environment = $import_environment LD_LIBRARY_PATH={libraries}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
listen = 127.0.0.1
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = {mechanisms}
service anvil {{
  chroot =
  # Without this each wrong password costs seconds.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def unpacked(session):
    """The tree, where the servers' user can read it: root's build folder may be closed to others."""
    assert TREE.exists(), "run tests/install unpack first"
    if not is_root():
        return TREE
    copy = session.folder / "servers"
    if not copy.exists():
        for part in ("usr/sbin", "usr/bin", "usr/lib"):
            shutil.copytree(TREE / part, copy / part, symlinks=True)
    return copy


def owner():
    """Whom servers run as, never root: group id, user's and group's name."""
    if is_root():
        return NOBODY, "nobody", "nogroup"
    return os.getgid(), pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def as_if_installed(tree, argv):
    """A command that runs argv, not as root, where the tree's libraries lie as if they were installed: in a mount
    namespace of its own, for programs that look for parts of theirs in one place only."""
    overlay = f"mount -t overlay -o lowerdir={tree}/usr/lib:/usr/lib none /usr/lib"
    if is_root():
        space = ["unshare", "--mount", "--propagation", "private"]
        descend = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --pdeathsig KILL --"
    else:
        space = ["unshare", "--user", "--map-root-user", "--mount"]
        descend = f"unshare --user --map-user={os.getuid()} --map-group={os.getgid()} --"
    return [*space, "sh", "-c", f'{overlay} && exec {descend} "$@"', "as-if-installed", *argv]


def library_path(tree):
    folders = {file.parent for file in (tree / "usr/lib").rglob("*.so*")}
    return ":".join(str(folder) for folder in sorted(folders))


def forget_passwords():
    """Dovecot looks at the file of its passwords once in a second at most."""
    time.sleep(1.1)


@functools.cache
def dovecot_runs_anywhere():
    """Up to 2.3 doveconf starts Dovecot with a configuration from wherever it lies."""
    code, version, errors = run(
        [TREE / "usr/sbin/dovecot", "--version"], {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": library_path(TREE)}
    )
    assert code == 0, errors
    return version.startswith("2.3.")
