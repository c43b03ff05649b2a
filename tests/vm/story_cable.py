"""The technician's cable: the console answers over a real USB serial link, to the technician's own library.

The computer at the other end is the machine itself, whose device port is plugged into its own host port.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest

from firmware_tools.bench.link import Link
from firmware_tools.bench.provision import Times, look
from firmware_tools.bench.selftest import selftest
from tests.vm.machine import Machine
from tests.vm.token import Token

PORT, HEARD = "/dev/ttyACM0", "/run/heard"


class CableWire:
    """The port at the computer's end of the cable, as a `firmware_tools.bench.wire.Wire`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._taken = 0
        machine.does(f"stty -F {PORT} raw -echo; : > {HEARD}; setsid cat {PORT} > {HEARD} &")

    def read(self, seconds: float) -> bytes:
        """What came within so many seconds, perhaps nothing."""
        end = time.monotonic() + seconds
        while True:
            said = self._machine.does(f"tail -c +{self._taken + 1} {HEARD} | base64 -w0")
            new = base64.b64decode(said)
            self._taken += len(new)
            if new or time.monotonic() > end:
                return new

    def write(self, words: bytes) -> None:
        """Send it."""
        self._machine.put(words, "/run/said")
        self._machine.does(f"cat /run/said > {PORT}")

    def close(self) -> None:
        """Hang up."""
        self._machine.does(f"fuser -k {PORT} || pkill -f 'cat {PORT}'")


@pytest.fixture
def link(fresh: Token) -> Iterator[Link]:
    """The technician's end of the line, to a token that has just been installed."""
    fresh.machine.until(f"test -c {PORT} && systemctl is-active desk-token-console.service")
    link = Link(CableWire(fresh.machine))
    yield link
    link.close()


def test_the_technicians_tool_hears_who_the_device_is_and_how_its_parts_are(
    link: Link, fresh: Token
) -> None:
    device = look(link)
    assert device.serial
    assert device.software in fresh.machine.does("readlink /opt/desk-token/current")
    verdicts = {part.name: part.verdict for part in selftest(link, None, Times())}
    assert verdicts["storage"] == verdicts["clock"] == "good"
    assert "bad" not in verdicts.values()


def test_a_console_that_was_killed_answers_the_next_call(link: Link, fresh: Token) -> None:
    before = look(link).serial
    fresh.machine.does("systemctl kill --kill-whom=main --signal=KILL desk-token-console.service")
    assert look(link).serial == before


def test_noise_on_the_line_is_no_call_and_the_next_call_is_heard(link: Link, fresh: Token) -> None:
    fresh.machine.does(f"head -c 20000 /dev/urandom > {PORT}")
    assert look(link).serial
