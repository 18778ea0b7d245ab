"""Programs that stories start: each is ended by its own process id, each wait has an end."""

import collections
import os
import random
import shutil
import signal
import socket
import subprocess
import time

NOBODY = 65534


def until(what, probe, limit=10.0, pause=0.02):
    """The first true answer of probe(); an AssertionError with `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            detail = what() if callable(what) else what
            raise AssertionError(f"not within {limit:g} s: {detail}")
        time.sleep(pause)


_given = collections.deque(maxlen=200)


def free_port():
    """A loopback port nobody holds, below the range the kernel hands to clients; one that was not given out
    lately, for whoever got it may not have it open yet, and not by another worker of the tests either."""
    worker = int("0" + os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")) % 8
    while True:
        port = 10000 + 8 * random.SystemRandom().randrange(2750) + worker
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.append(port)
        return port


def accepts(port, host="127.0.0.1"):
    """Whether somebody listens there."""
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True


def is_root():
    return os.geteuid() == 0


def give_to(uid, *paths):
    """Hands whole folders to another user (root only)."""
    for path in paths:
        for folder, _, files in os.walk(path):
            os.chown(folder, uid, uid)
            for name in files:
                os.chown(os.path.join(folder, name), uid, uid, follow_symlinks=False)


class Program:
    """One process of its own group. Its output goes to `log`, or to a pipe with log=None.

    It is told to die with its parent, so a test run that is killed leaves nothing behind."""

    def __init__(self, argv, env, log=None, uid=None, stdin=None, pass_fds=()):
        command = [shutil.which("setpriv") or "setpriv", "--pdeathsig", "KILL"]
        if uid is not None:
            command += ["--reuid", str(uid), "--regid", str(uid), "--clear-groups"]
        self.argv = [str(word) for word in argv]
        self.log = log
        with open(log or os.devnull, "ab") as output:
            self.process = subprocess.Popen(
                command + ["--"] + self.argv,
                env=env,
                stdin=stdin or subprocess.DEVNULL,
                stdout=output if log else subprocess.PIPE,
                stderr=output if log else subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )

    @property
    def pid(self):
        return self.process.pid

    def is_alive(self):
        return self.process.poll() is None

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def wait(self, limit=10.0):
        return self.process.wait(limit)

    def terminate(self, limit=10.0):
        """Asks it to end; its exit code. Killed, with an AssertionError, when it does not."""
        if self.is_alive():
            self.process.terminate()
            try:
                self.process.wait(limit)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.argv[0]} did not end within {limit:g} s")
        self._sweep()
        return self.process.returncode

    def kill(self):
        if self.is_alive():
            self.process.kill()
            self.process.wait(10)
        self._sweep()

    def _sweep(self):
        """Children that it left in its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self.process.stdout:
            self.process.stdout.close()


def run(argv, env, input=None, limit=30.0, uid=None, cwd=None):
    """A program that ends by itself: (exit code, output, errors), all text."""
    command = [str(word) for word in argv]
    if uid is not None:
        command = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--", *command]
    if isinstance(input, str):
        input = input.encode()
    done = subprocess.run(
        command,
        env=env,
        input=input if input is not None else b"",
        capture_output=True,
        timeout=limit,
        cwd=cwd,
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
