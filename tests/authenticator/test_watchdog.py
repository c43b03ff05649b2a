"""The watchdog is fed by a loop that has just seen panel, keys and storage, and by nothing else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.authenticator.watchdog import Watchdog
from tests.authenticator.scripted import Person


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Callable[[], list[bytes]]]:
    """The service manager's socket, and what it has heard since the last look."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "n"))
        line.setblocking(False)

        def heard() -> list[bytes]:
            told = []
            while True:
                try:
                    told.append(line.recv(100))
                except BlockingIOError:
                    return told

        yield heard


def test_it_is_fed_every_five_seconds_while_all_is_alive(
    tmp_path: Path, manager: Callable[[], list[bytes]]
) -> None:
    times = iter([1.0, 2.0, 5.9, 6.0, 6.1, 11.0])
    dog = Watchdog(str(tmp_path / "n"), lambda: next(times))
    dog.ready()
    for _ in range(6):
        dog.alive()
    assert manager() == [b"READY=1", *[b"WATCHDOG=1"] * 3]


def test_a_dead_part_starves_it_until_it_is_back(
    tmp_path: Path, manager: Callable[[], list[bytes]]
) -> None:
    times = iter([1.0, 20.0, 40.0, 41.0])
    dog, alive = Watchdog(str(tmp_path / "n"), lambda: next(times)), iter([True, False, True])
    dog.vital = lambda: next(alive)
    for _ in range(4):
        dog.alive()
    assert manager() == [b"WATCHDOG=1"] * 2


def test_without_a_manager_nothing_is_said() -> None:
    Watchdog("", lambda: 1.0).alive()


@pytest.mark.parametrize("part", ["panel", "keys"])
def test_the_loop_says_whether_its_parts_are_alive(tmp_path: Path, part: str) -> None:
    person = Person(tmp_path)
    person.sees("Desk Token")
    assert person.house.vital()
    if part == "panel":
        person.panel.missing = True
        person.tap()
    else:
        person.buttons.dead = True
    assert not person.house.vital()
    person.stop()
