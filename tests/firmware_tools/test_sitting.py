"""A sitting at the line in this very process: a whole tray of tokens, and a cable that is pulled anywhere."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.console.guest import Guest
from appliance.console.line import Line
from appliance.core.errors import DeskTokenError
from appliance.wire.ipc import Change, Done
from appliance.wire.service import (
    AskSeal,
    AskService,
    Join,
    Ordered,
    Service,
    SetBoard,
    SetClock,
    SetPortals,
    TryPart,
)
from appliance.wire.upkeep import Condition, ConditionReply, Network, NetworkState
from firmware_tools.bench.book import Book
from firmware_tools.bench.link import Link
from firmware_tools.bench.provision import Times, provision
from firmware_tools.bench.sitting import Sitting
from firmware_tools.bench.wanted import Wanted
from firmware_tools.bench.wire import LineLost, ports
from tests.console.provided import FRESH
from tests.story.cable import Cable

PORTAL = "https://login.example.org"
WANTED = Wanted(
    "", "", "Station", "PLANTED-geheim", "NL", portals=(PORTAL,), language="en", profile="oled"
)
TRAY = 20


class Token:
    """A token that does at once what the line asks; `done` is each change that was asked of it."""

    def __init__(self, serial: str = "DT-1") -> None:
        self.state = replace(FRESH, serial=serial, trust="unknown", boards=("simulated", "oled"))
        self.network, self.done = NetworkState(steward=True), list[str]()

    def call(self, ask: object, _reply: type, _extra: float = 0.0):  # noqa: ANN201
        match ask:
            case Service():
                return self.state
            case Condition():
                return ConditionReply(self.state.wall, 60.0)
            case Network():
                return self.network
            case TryPart():
                return Done()
        return self._changed(ask)

    def _changed(self, ask: object):  # noqa: ANN202
        self.done.append(type(ask).__name__)
        match ask:
            case AskService():
                self.state = replace(self.state, open_for=600.0)
            case Change(_, value):
                self.state = replace(self.state, language=value)
            case SetBoard(board):
                self.state = replace(self.state, board=board)
            case SetPortals(portals):
                self.state = replace(self.state, portals=portals)
            case SetClock(wall):
                return self._ordered("clock", trust="set", wall=wall)
            case Join(wireless):
                self.network = replace(self.network, connected=True, ssid=wireless.ssid)
                return self._ordered("network")
            case AskSeal():
                self.state = replace(self.state, sealed=True, open_for=0.0)
        return Done()

    def _ordered(self, name: str, **changed: object) -> Ordered:
        orders = {**self.state.orders, name: "done"}
        self.state = replace(self.state, orders=orders, **changed)
        return Ordered(name)


class Thread:
    """A line in memory that is pulled after so many writes; then nothing comes back, not even the last reply."""

    def __init__(self, token: Token, writes: int) -> None:
        self._line, self.left = Line(token, Guest(token, "dt-1")), writes
        self._coming = b""

    def read(self, _seconds: float) -> bytes:
        if self.left < 0:
            raise LineLost("The cable was pulled out")
        came, self._coming = self._coming, b""
        return came

    def write(self, words: bytes) -> None:
        self.left -= 1
        self._coming += self._line.hear(words, 0.0)

    def close(self) -> None:
        self.left = -1


def still() -> Times:
    """Clocks of which the waiting costs nothing."""
    return Times(wall=lambda: FRESH.wall, pause=lambda _seconds: None)


def steps(token: Token, writes: int) -> list[str]:
    """What was told of a device until the cable was pulled."""
    told: list[str] = []
    with suppress(DeskTokenError):
        all_of_them = provision(Link(Thread(token, writes)), WANTED, still(), seal=True)
        told.extend(f"{step.name} {step.how}" for step in all_of_them)
    return told


def test_a_cable_pulled_anywhere_is_gone_on_with_and_nothing_is_done_twice() -> None:
    whole = Token()
    calls = next(n for n in range(200) if steps(Token(), n)[-1:] == ["seal done"])
    steps(whole, calls)
    assert sorted(set(whole.done)) == sorted(whole.done)
    for cut in range(calls):
        token = Token()
        assert "seal done" not in steps(token, cut)
        assert steps(token, 200)[-1] in ("seal done", "seal was"), cut
        # a device whose last reply was lost is sealed already: a hold opens it, and there is nothing left to do
        assert [what for what in token.done if what != "AskService"] == whole.done, cut
        assert replace(token.state, open_for=0.0) == whole.state
        assert token.network.ssid == "Station"


def test_a_tray_of_twenty_is_done_in_one_sitting_each_once_and_well_within_its_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "ports").mkdir()
    sitting = Sitting(
        Book(tmp_path / "book"), lambda: ports(tmp_path / "ports"), WANTED, {}, None, lambda _: None
    )
    for number in range(TRAY):
        token = Token(f"DT-{number:04}")
        line = Line(token, Guest(token, "dt"))
        cable = Cable(tmp_path / "ports", answer=lambda heard, line=line: line.hear(heard, 0.0))
        entry = sitting.next(time.monotonic() + 60)
        assert entry
        assert (entry.serial, entry.done, entry.why) == (f"DT-{number:04}", True, "")
        assert entry.seconds < 90
        assert token.state.sealed
        # the one that is finished is not touched again while it still hangs there
        assert sitting.next(time.monotonic() + 0.1) is None
        cable.pull()
    assert len(sitting.book.finished()) == TRAY
    assert len(list((tmp_path / "book" / "labels").glob("*.png"))) == TRAY


@pytest.mark.parametrize("torn", [0, 1, 40])
def test_a_sitting_that_was_cut_in_the_book_itself_begins_with_the_next_token(
    tmp_path: Path, torn: int
) -> None:
    (tmp_path / "ports").mkdir()
    book = Book(tmp_path / "book")
    sitting = Sitting(book, lambda: ports(tmp_path / "ports"), WANTED, {}, None, lambda _: None)
    token = Token("DT-0001")
    line = Line(token, Guest(token, "dt"))
    cable = Cable(tmp_path / "ports", answer=lambda heard: line.hear(heard, 0.0))
    assert sitting.next(time.monotonic() + 60)
    whole = book.file.read_bytes()
    book.file.write_bytes(whole[: len(whole) - torn])
    again = Sitting(book, sitting.find, WANTED, {}, None, lambda _: None)
    entry = again.next(time.monotonic() + (2.0 if torn < 2 else 60))
    assert (entry is None) == (torn < 2)
    assert list(book.finished()) == ["DT-0001"]
    cable.pull()
