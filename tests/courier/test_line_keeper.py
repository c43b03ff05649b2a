"""Which lines there are follows the authenticator's list, also when the authenticator was away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Thread

import pytest

from appliance.courier.line_keeper import LineKeeper
from appliance.wire.carrying import Link, LinkList, Links
from appliance.wire.client import ControlClient
from tests.courier.control_double import ControlDouble

ONE = Link("one", "https://portal.example", "d1")
TWO = Link("two", "https://other.example", "d2")
PLAIN = Link("three", "http://portal.example", "d3")


class Registry:
    """Links that can change, and the lines that were started and stopped."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.links: tuple[Link, ...] = ()
        self.log: list[str] = []
        self.stirred = self.moves = 0

    def set(self, *links: Link) -> None:
        with self.changed:
            self.links = links
            self.changed.notify_all()

    def note(self, what: str) -> None:
        with self.changed:
            self.log.append(what)
            self.changed.notify_all()

    def answer(self, ask: Links) -> LinkList:
        """Blocks like the real one until the list differs from what is known, but for a short while only."""
        with self.changed:

            def mark() -> str:
                return f"{[link.id for link in self.links]} {self.stirred} {self.moves}"

            if ask.wait:
                self.changed.wait_for(lambda: mark() != ask.known, 0.5)
            return LinkList(mark(), self.links, stirred=self.stirred, moves=self.moves)

    def wait_for(self, happened: Callable[[list[str]], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: happened(self.log), 20), self.log


class NotedLine:
    """A line that only says that it runs."""

    def __init__(self, link: Link, registry: Registry) -> None:
        self._name, self._registry = link.id, registry

    def run(self) -> None:
        self._registry.note(f"run {self._name}")

    def stir(self) -> None:
        self._registry.note(f"stir {self._name}")

    def stop(self) -> None:
        self._registry.note(f"stop {self._name}")


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def socket_path(tmp_path: Path) -> Path:
    return tmp_path / "courier.sock"


@pytest.fixture
def kept(registry: Registry, socket_path: Path) -> Iterator[None]:
    client = ControlClient(socket_path, "courier")
    keeper = LineKeeper(client, lambda link: NotedLine(link, registry))
    thread = Thread(target=keeper.run, daemon=True)
    thread.start()
    yield
    keeper.stop()
    thread.join(20)
    client.close()
    assert not thread.is_alive()


@pytest.mark.usefixtures("kept")
def test_lines_start_and_stop_as_accounts_come_and_go(
    registry: Registry, socket_path: Path
) -> None:
    desk = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.set(ONE)
    registry.wait_for(lambda log: log == ["run one"])
    registry.set(ONE, TWO)
    registry.wait_for(lambda log: log == ["run one", "run two"])
    registry.set(TWO)
    registry.wait_for(lambda log: log == ["run one", "run two", "stop one"])
    desk.close()


@pytest.mark.usefixtures("kept")
def test_every_line_starts_anew_when_the_authenticator_was_away(
    registry: Registry, socket_path: Path
) -> None:
    registry.set(ONE)
    desk = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.wait_for(lambda log: log == ["run one"])
    desk.close()
    registry.wait_for(lambda log: log == ["run one", "stop one"])
    again = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.wait_for(lambda log: log == ["run one", "stop one", "run one"])
    again.close()


@pytest.mark.usefixtures("kept")
def test_no_line_goes_to_a_plain_address_elsewhere(registry: Registry, socket_path: Path) -> None:
    desk = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.set(PLAIN, ONE)
    registry.wait_for(lambda log: log == ["run one"])
    desk.close()


@pytest.mark.usefixtures("kept")
def test_a_stir_is_passed_on_to_every_line(registry: Registry, socket_path: Path) -> None:
    desk = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.set(ONE, TWO)
    registry.wait_for(lambda log: {"run one", "run two"} <= set(log))
    with registry.changed:
        registry.stirred = 1
        registry.changed.notify_all()
    registry.wait_for(lambda log: {"stir one", "stir two"} <= set(log))
    desk.close()


@pytest.mark.usefixtures("kept")
def test_every_line_begins_anew_on_another_network(registry: Registry, socket_path: Path) -> None:
    desk = ControlDouble(socket_path, "courier", {"Links": registry.answer})
    registry.set(ONE)
    registry.wait_for(lambda log: log == ["run one"])
    with registry.changed:
        registry.moves = 1
        registry.changed.notify_all()
    registry.wait_for(lambda log: log == ["run one", "stop one", "run one"])
    desk.close()
