"""A person at a terminal: a program under a pseudo terminal that is its controlling one."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time


class Terminal:
    """Everything that stood on it is in `screen`."""

    def __init__(self, argv, env, cwd="/"):
        self.screen = ""
        self._seen = 0
        self._line, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [str(word) for word in argv], env=env, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()
        if self.process.poll() is None:
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def _read(self, seconds):
        """FALSE at the end."""
        if not select.select([self._line], [], [], seconds)[0]:
            return True
        try:
            octets = os.read(self._line, 4096)
        except OSError:  # the last one has closed it
            return False
        self.screen += octets.decode(errors="replace").replace("\r\n", "\n")
        return bool(octets)

    def expect(self, *texts, limit=30):
        """Waits until one of them stands there, behind what was waited for before; says which."""
        end = time.monotonic() + limit
        alive = True
        while True:
            new = self.screen[self._seen:]
            for text in texts:
                if text in new:
                    self._seen += new.index(text) + len(text)
                    return text
            assert alive and time.monotonic() < end, f"not seen: {texts}\n{self.screen}"
            alive = self._read(0.1)

    def type(self, line=""):
        os.write(self._line, f"{line}\n".encode())

    def press_ctrl_c(self):
        os.write(self._line, b"\x03")

    def press_ctrl_d(self):
        os.write(self._line, b"\x04")

    def hang_up(self):
        """The window is closed."""
        if self._line >= 0:
            os.close(self._line)
        self._line = -1

    def wait(self, limit=30):
        """Its exit code, negative for the signal that ended it."""
        end = time.monotonic() + limit
        while self._line >= 0 and self._read(0.1):
            assert time.monotonic() < end, self.screen
        return self.process.wait(limit)
