"""Ctrl-C stops the tool wherever it comes, also where Python throws the interrupt away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.console.guest import Guest
from appliance.console.line import Line
from appliance.wire.asking import Identify, Identity
from appliance.wire.call import Done
from appliance.wire.service import Service, TryPart
from appliance.wire.upkeep import Condition, ConditionReply, Network, NetworkState
from tests.console.provided import device
from tests.story.cable import Cable
from tests.tour.servers import BIN

# an interrupt while an object is taken apart goes nowhere; pyserial's ports are closed so
MISSED = """
import os, signal, sys
from firmware_tools.ctrl_c import listen, pause
class Port:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass
sys.unraisablehook = lambda _: print("missed", flush=True)
if sys.argv[1] == "remembered":
    listen()
Port()
print("goes on", flush=True)
pause(0.01)
print("never stopped")
"""


@pytest.fixture(autouse=True)
def _hears_ctrl_c() -> Iterator[None]:
    """A run in the background of a shell is deaf to Ctrl-C, and so would be whatever it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def told(how: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", MISSED, how], capture_output=True, text=True, check=False, timeout=60
    )
    return [*done.stdout.splitlines(), *done.stderr.splitlines()[-1:]]


def test_an_interrupt_that_python_threw_away_counts_at_the_next_pause() -> None:
    assert told("remembered") == ["missed", "goes on", "KeyboardInterrupt"]


def test_without_the_memory_it_would_be_lost() -> None:
    assert told("forgotten") == ["missed", "goes on", "never stopped"]


LAST = """
import io, os, signal, sys
from firmware_tools.command import run
class Loud(io.StringIO):
    pressed = False
    def write(self, words):
        if not self.pressed:
            Loud.pressed = True
            os.kill(os.getpid(), signal.SIGINT)
        return sys.__stderr__.write(words)
sys.stderr = Loud()
sys.argv[1:] = ["--language", "nl", "selftest", "--port", "/nowhere"] if sys.argv[1] == "port" else ["nothing"]
run()
"""


@pytest.mark.parametrize("how", ["port", "misspelled"])
def test_ctrl_c_in_its_very_last_words_is_no_traceback(how: str) -> None:
    command = [sys.executable, "-c", LAST, how]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr
    assert done.returncode == 130 if how == "misspelled" else done.returncode in (3, 130)


def test_a_tool_that_was_started_deaf_to_ctrl_c_stays_deaf() -> None:
    """As `nohup` and a shell's background jobs want it."""
    script = (
        "import signal; from firmware_tools.ctrl_c import heed, listen\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN); listen(); heed()\n"
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


class Desk:
    """A token behind the line that answers what the line asks before a person is needed."""

    def call(self, ask: object, _reply: type, _extra: float = 0.0):  # noqa: ANN201
        match ask:
            case Service():
                return device()
            case Identify():
                return Identity("DT-1", "0.1.0")
            case Condition():
                return ConditionReply(1_800_000_000.0, 60.0)
            case Network():
                return NetworkState()
        assert isinstance(ask, TryPart)
        return Done()


MOMENTS = {
    "while it waits for a token": ("Token 1 van 1", ""),
    "while it looks at one": ("was   taal", ""),
    "while it asks": ("gelijke vakjes", ""),
    "when it was answered": ("gelijke vakjes", "n\n"),
    "while it waits for keys": ("Druk elke toets", "n\n"),
    "when the cable was pulled": ("gelijke vakjes", "pull"),
    "when it said so": ("Niet klaar", "pull"),
}


@pytest.mark.parametrize(("words", "act"), MOMENTS.values(), ids=MOMENTS)
def test_the_line_stops_at_once_whatever_it_does(words: str, act: str, tmp_path: Path) -> None:
    (tmp_path / "ports").mkdir()
    command = [str(BIN / "desk-token-tool"), "--language", "nl", "line", "--count", "1", "--ports"]
    tool = subprocess.Popen(
        [*command, str(tmp_path / "ports"), "--book", str(tmp_path / "book")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": "/usr/bin", "PYTHONUNBUFFERED": "1"},
    )
    said = hears(tool, b"Token 1 van 1")
    line = Line(Desk(), Guest(Desk(), "dt-1"))
    cable = Cable(tmp_path / "ports", answer=lambda heard: line.hear(heard, time.monotonic()))
    try:
        if act:
            said += hears(tool, b"gelijke vakjes")
            if act == "pull":
                cable.pull()
            assert tool.stdin
            tool.stdin.write(b"n\n")
            tool.stdin.flush()
        if words.encode() not in said:
            said += hears(tool, words.encode())
        tool.send_signal(signal.SIGINT)
        rest, _ = tool.communicate(timeout=60)
    finally:
        tool.kill()
        cable.pull()
    assert tool.returncode == 130, (said + rest).decode()
    assert "Gestopt; niets is half gedaan" in rest.decode()
    assert b"Traceback" not in rest


def hears(tool: subprocess.Popen[bytes], words: bytes) -> bytes:
    """What it says up to there."""
    assert tool.stdout
    said = b""
    while words not in said:
        came = os.read(tool.stdout.fileno(), 4096)
        assert came, said.decode()
        said += came
    return said
