"""The steward hears at once when the network comes or goes; it asks nobody in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.watch import follow
from appliance.wire.call import Done
from appliance.wire.upkeep import NetworkMoved
from tests.steward.mock_bus import MANAGER, bus

GONE, LOOKING, THERE = 20, 40, 70  # NMState
PATIENCE = 30.0


class Noted:
    """An authenticator that keeps what it was told."""

    def __init__(self) -> None:
        self.told: SimpleQueue[object] = SimpleQueue()

    def call(self, asked: object, _shape: object, _wait: float = 0.0) -> Any:  # noqa: ANN401 - as the client
        self.told.put(asked)
        return Done()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with bus(tmp_path, "networkmanager") as found:
        yield found


def said(line: Bus, state: int) -> None:
    """NetworkManager says that it is so now."""
    line.call(MANAGER, "SetGlobalConnectionState", "u", state)


def watched(address: str) -> tuple[Noted, Thread]:
    """A watch with a line of its own, and its thread."""
    desk = Noted()

    def run() -> None:
        with closing(Bus(address)) as line, pytest.raises(BusTrouble):
            follow(line, desk)

    thread = Thread(target=run, daemon=True)
    thread.start()
    return desk, thread


def test_a_network_that_goes_and_comes_back_is_told_each_time_and_nothing_else_is(
    address: str,
) -> None:
    other = Bus(address)
    said(other, THERE)
    desk, _ = watched(address)
    assert desk.told.get(timeout=PATIENCE) == NetworkMoved()
    for state in (GONE, LOOKING, THERE):
        said(other, state)
        if state != LOOKING:
            assert desk.told.get(timeout=PATIENCE) == NetworkMoved()
    assert desk.told.empty()
    other.close()


def test_a_watch_without_a_network_waits_for_one(address: str) -> None:
    other = Bus(address)
    said(other, GONE)
    desk, _ = watched(address)
    said(other, LOOKING)
    said(other, THERE)
    assert desk.told.get(timeout=PATIENCE) == NetworkMoved()
    other.close()


def test_a_watch_ends_with_its_bus(tmp_path: Path) -> None:
    with bus(tmp_path, "networkmanager") as address:
        desk, thread = watched(address)
        assert desk.told.get(timeout=PATIENCE) == NetworkMoved()
    thread.join(PATIENCE)
    assert not thread.is_alive()
