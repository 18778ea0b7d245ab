"""What a newcomer sees first has to work: tests/try plays its whole story."""

from conftest import TOP
from parts.program import run
from parts.session import sanitizer_options


def test_try(build):
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **sanitizer_options()}
    code, output, errors = run([TOP / "tests" / "try", "--build", build], env, limit=60, cwd="/")
    assert code == 0, output + errors
    for words in ("1 message is waiting", "Sent: Greetings from the train", "TLSv1.3", "estafeta setup"):
        assert words in output
    assert "\033" not in output
