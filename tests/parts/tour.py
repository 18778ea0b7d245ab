"""The story that tests/try plays: one mail, from a program on this desktop to a provider."""

import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

from parts.certificates import Certificates
from parts.desk import Desk
from parts.mail import fields
from parts.program import until

ADDRESS = "you@example.org"
PASSWORD = "practice-password"

ENDING = """\
That was all of it: nothing of this is left on your desktop. With an account of your own:

  meson setup build/own --prefix ~/.local && meson install -C build/own
  ~/.local/bin/estafeta setup you@example.org

It finds your provider's server, asks for your password, signs in to see whether it works, keeps
the password in your keyring, starts the service, and says what to enter in your mail program.
"estafeta status" says how it goes."""


class Stage:
    """Numbered steps; colours and pauses only where a person looks on."""

    def __init__(self):
        self.live = sys.stdout.isatty()
        self.number = 0

    def _paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.live else text

    def step(self, text):
        self.number += 1
        self._pause(0.8)
        self._print("\n" + self._paint("1;36", f"{self.number}. {text}"))

    def show(self, text, mark="   "):
        for line in text.rstrip("\n").splitlines():
            self._print(mark + line)

    def command(self, *words):
        self._print(self._paint("1", "   $ " + " ".join(words)))

    def notice(self, shown):
        """What the notification server was given, as a person sees it."""
        body = textwrap.wrap(shown.body, 70)
        width = max(map(len, [shown.summary] + body))
        self._print("   +-" + "-" * width + "-+")
        self._print("   | " + self._paint("1", shown.summary.ljust(width)) + " |")
        for line in body:
            self._print("   | " + line.ljust(width) + " |")
        self._print("   +-" + "-" * width + "-+")
        self._pause(0.8)

    def good(self, text):
        self._print("   " + self._paint("32", "ok") + "  " + text)

    def end(self, text):
        self._print("\n" + text)

    def failed(self, text):
        self._print("\n" + self._paint("1;31", f"Step {self.number} failed: ") + text)

    def _pause(self, seconds):
        if self.live:
            time.sleep(seconds)

    def _print(self, text):
        print(text, flush=True)


def need(condition, text):
    if not condition:
        raise AssertionError(text)


def estafeta(stage, desk, *arguments, input=None, shown=None):
    """Runs the command line, shows what it said."""
    stage.command("estafeta", *(shown or arguments))
    answer = desk.estafeta.cli(*arguments, input=input)
    stage.show(answer.output + answer.errors)
    need(answer.code == 0, f"estafeta ended with {answer.code}")
    return answer


def open_desk(stage, build, folder):
    stage.step("A desktop session to throw away: screen, notifications, keyring, Estafeta")
    desk = Desk(build, Certificates(folder), bus=True)
    try:
        desk.parts = (desk.notifications(), desk.keyring())
        # A mail that waits tries again soon, so that nobody has to wait here.
        desk.estafeta.delivery.update({"first-retry": 2, "longest-retry": 3})
        desk.estafeta.start()
    except BaseException:
        desk.close()
        raise
    stage.good(f"estafetad takes mail at 127.0.0.1, port {desk.estafeta.port} (usually 2525)")
    return desk


def set_up(stage, desk, relay):
    _, keyring = desk.parts
    stage.step("Set up; the password comes from standard input and goes into the keyring")
    # Nobody is asked in the network, and a daemon of this session needs no service.
    words = ["setup", ADDRESS, "--host", "localhost", "--port", str(relay.port), "--user", "you", "--name", "practice",
             "--no-test", "--no-service"]
    estafeta(stage, desk, *words, input=PASSWORD + "\n")
    need(keyring.secret(account="practice") == PASSWORD, "the keyring does not have the password")
    stage.good("the keyring (a real gnome-keyring, private to this session) has it")
    settings = desk.estafeta.settings_path
    need(PASSWORD not in settings.read_text(), "the password is in the settings file")
    # A practice authority is trusted only because the person wrote it into the file by hand.
    desk.estafeta.write(settings.read_text().rstrip() + f"\nca-file={desk.certificates.authority}\n")
    until("the settings to be read", lambda: desk.estafeta.status()["accounts"])
    need(not desk.estafeta.status().get("problem"), str(desk.estafeta.status()))
    stage.good("the settings file has host and port, and no password")


def hand_in(stage, desk):
    stage.step("The provider is down. A program hands a mail in all the same")
    letter = (
        f"From: You <{ADDRESS}>\nTo: Bob <bob@example.net>\nSubject: Greetings from the train\n"
        "Bcc: archive@example.org\n\nDear Bob,\n\nno network here, and nothing to wait for.\n"
    )
    words = [
        "curl", "-sS", "--url", f"smtp://127.0.0.1:{desk.estafeta.port}", "--mail-from", ADDRESS,
        "--mail-rcpt", "bob@example.net", "--crlf", "-T", "-",
    ]
    stage.command(*words, "< letter")
    code, output, errors = desk.session.run(words, input=letter)
    stage.show(output + errors)
    need(code == 0, f"curl ended with {code}")
    stage.good("taken: it is on the disk and will survive a crash")


def wait(stage, desk):
    notifications, _ = desk.parts
    stage.step("It waits, and says why")
    desk.estafeta.wait_for("the reason", lambda mails: mails[0].get("reason") in ("unreachable", "offline"))
    estafeta(stage, desk, "list")
    stage.notice(notifications.wait_for("waiting"))


def leave(stage, desk, relay):
    notifications, _ = desk.parts
    stage.step("The provider is back. The mail leaves by itself")
    relay.start()
    (mail,) = relay.wait_for(1)
    talk = next(talk for talk in relay.talks if talk.signed_in)
    need(talk.tls and mail.user == "you", "it came without TLS or sign-in")
    stage.good(f"the practice relay took it over verified {talk.tls}, signed in as {mail.user}")
    content = mail.content
    need(fields(content, "subject") == ["Greetings from the train"], "the subject is another")
    need(fields(content, "bcc") == [], "the Bcc field left the house")
    need(fields(content, "date") and fields(content, "message-id"), "Date or Message-ID is missing")
    stage.good("Date and Message-ID were added, Bcc taken out, the rest is as it was handed in:")
    stage.show(content.decode(), mark="      | ")
    stage.notice(notifications.wait_for("Sent", "bob@example.net"))


def tell(stage, desk):
    stage.step("The delivery note")
    desk.estafeta.wait_for_states("sent")
    estafeta(stage, desk, "list")
    estafeta(stage, desk, "show", "1")


def close(stage, desk):
    stage.step("The session ends")
    desk.estafeta.stop()
    need(desk.estafeta.alarms() == [], "\n".join(desk.estafeta.alarms()))
    stage.good("estafetad ended when it was asked to")


def play(stage, build, folder):
    desk = open_desk(stage, build, folder)
    try:
        relay = desk.practice(users={"you": PASSWORD})
        set_up(stage, desk, relay)
        hand_in(stage, desk)
        wait(stage, desk)
        leave(stage, desk, relay)
        tell(stage, desk)
        close(stage, desk)
    except BaseException:
        for name, text in desk.logs():
            if text:
                print(f"--- {name}\n{text}", file=sys.stderr)
        raise
    finally:
        desk.close()


def main():
    # So that everything is put away then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = Stage()
    folder = tempfile.mkdtemp(prefix="estafeta-try-", dir="/tmp")
    try:
        play(stage, sys.argv[1], folder)
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        stage.failed(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    stage.end(ENDING)
    return 0


if __name__ == "__main__":
    sys.exit(main())
