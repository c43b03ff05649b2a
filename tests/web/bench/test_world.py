"""The world at its edges: fingers, strangers on the socket, and a device that goes and comes back."""

from __future__ import annotations

import itertools
import socket
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.effects import Light
from appliance.core.errors import HardwareMissing
from appliance.hardware.ports import Frame, Words
from appliance.hardware.simulated.device import simulated_parts
from appliance.hardware.simulated.protocol import Attach, Blink, Say, Show
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import QUICKEST, World
from tests.hardware.bodies import soon

FRAME = Frame(128, 64, b"\x55" * 1024, Words("Title", ("line",), "", None, "nl"))
TAPS = st.lists(st.tuples(st.sampled_from(["ok", "back", "next"]), st.booleans()), max_size=40)


HALF = (
    b'{"type":"show","width":128,"height":64,"bits":"","title":"","lines":[],"hint":"",'
    b'"bar":null,"language":"nl","contrast":9,"lit":true}\0'
)


class Time:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@given(moves=TAPS)
def test_no_two_edges_are_nearer_than_a_finger_can_move(moves: list[tuple[str, bool]]) -> None:
    clock, told = Time(), []
    world = World(clock.read, clock.wait)
    world.attach(told.append)
    for role, down in moves:
        world.move(role, down=down)
    edges = [message for message in told if hasattr(message, "role")]
    for earlier, later in itertools.pairwise(edges):
        assert later.at - earlier.at >= QUICKEST - 1e-9


def test_a_world_that_comes_back_is_shown_the_last_picture_and_light(run: Path) -> None:
    first = WorldServer(run, World(time.monotonic))
    device = simulated_parts(run)
    device.panel.show(FRAME)
    device.lamp.blink(Light.WAITING)
    first.close()
    world = World(time.monotonic)
    second = WorldServer(run, world)
    assert soon(lambda: world.now.visible is not None and world.now.pattern == "waiting")
    device.panel.close()
    second.close()


def test_without_a_world_the_panel_is_missing_and_the_clock_unknown(run: Path) -> None:
    device = simulated_parts(run)
    with pytest.raises(HardwareMissing):
        device.panel.show(FRAME)
    assert device.clock.now().trust == "unknown"
    device.panel.close()


def test_a_rhythm_or_sound_that_does_not_exist_changes_nothing() -> None:
    world = World(time.monotonic)
    before = world.now
    world.blink("disco")
    world.say("opera")
    assert world.now == before


@pytest.mark.parametrize(
    "nonsense", [b"\0", b"{}\0", b"[1]\0", b'{"type":"show"}\0', HALF, b"\xff\xfe\0", b"x" * 70000]
)
def test_a_stranger_who_speaks_nonsense_loses_only_his_connection(
    run: Path, nonsense: bytes
) -> None:
    world = World(time.monotonic)
    server = WorldServer(run, world)
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.settimeout(10)
        stranger.connect(str(run / "world.sock"))
        stranger.sendall(nonsense)
        stranger.shutdown(socket.SHUT_WR)
        assert stranger.recv(99) == b""
    assert world.now.glass is None
    device = simulated_parts(run)
    device.panel.show(FRAME)
    assert soon(lambda: world.now.visible is not None)
    device.panel.close()
    server.close()


@pytest.mark.parametrize("message", [Attach(), Blink("off"), Say("tick")])
def test_a_message_survives_the_wire(message: msgspec.Struct) -> None:
    wire = msgspec.json.encode(message)
    assert msgspec.json.decode(wire, type=Attach | Blink | Say | Show) == message
