"""The watchdog of the processes that only ask: it hears of every round, answered or not, and of nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from appliance.core.errors import PeerTrouble
from appliance.wire.asking import Identify
from appliance.wire.call import Done
from appliance.wire.heartbeat import Beating

R = TypeVar("R", bound=msgspec.Struct)


class Desk:
    """Answers, or is away."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away

    def call(self, ask: msgspec.Struct, reply: type[R], extra: float = 0.0) -> R:
        if self.away:
            raise PeerTrouble("The other side is gone")
        return reply()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The service manager's end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.setblocking(False)
        yield ear


def test_every_answered_call_is_a_beat(manager: socket.socket) -> None:
    Beating(Desk(), manager.getsockname()).call(Identify(), Done)
    assert manager.recv(64) == b"WATCHDOG=1"


def test_a_desk_that_is_away_is_no_reason_to_be_ended(manager: socket.socket) -> None:
    with pytest.raises(PeerTrouble):
        Beating(Desk(away=True), manager.getsockname()).call(Identify(), Done)
    assert manager.recv(64) == b"WATCHDOG=1"


def test_without_a_service_manager_nothing_is_said(manager: socket.socket) -> None:
    Beating(Desk(), "").call(Identify(), Done)
    with pytest.raises(BlockingIOError):
        manager.recv(64)
