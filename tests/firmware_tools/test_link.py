"""The calling end of the line: a call is done once however often it is sent, and a stranger is no token."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from appliance.console.guest import Guest
from appliance.console.line import Line
from appliance.core.errors import DeskTokenError
from appliance.wire.asking import Identify, Identity
from appliance.wire.call import Done
from appliance.wire.client import Declined
from appliance.wire.frames import CAP, TRIES
from appliance.wire.service import AskSeal, Service, ServiceReply
from firmware_tools.bench import label
from firmware_tools.bench.book import Book, Entry
from firmware_tools.bench.link import Link, WrongDevice
from firmware_tools.bench.provision import Times, look, provision
from firmware_tools.bench.wanted import Wanted
from firmware_tools.bench.wire import LineLost
from tests.console.provided import device


class Desk:
    """A token behind the line that seals at once when it is asked."""

    def __init__(self) -> None:
        self.service = device()
        self.asked: list[object] = []

    def call(self, ask: object, _reply: type, _extra: float = 0.0):  # noqa: ANN201
        self.asked.append(ask)
        match ask:
            case Identify():
                return Identity("DT-1", "0.1.0")
            case Service():
                return self.service
            case AskSeal():
                self.service = device(sealed=True, open_for=0.0)
                return Done()
        raise Declined("The device is busy")


class Copper:
    """A line in memory to the real device's end; `loses` replies and spoils calls as it is told. Time is counted."""

    def __init__(self, desk: Desk) -> None:
        self._line = Line(desk, Guest(desk, "dt-1"))
        self.now, self.sent = 0.0, 0
        self.loses, self.noise, self.pulled, self.dead = 0, b"", False, False
        self._coming = b""

    def clock(self) -> float:
        return self.now

    def read(self, seconds: float) -> bytes:
        if self.pulled:
            raise LineLost("The cable was pulled out")
        self.now += seconds
        came, self._coming = self._coming, b""
        return came

    def write(self, words: bytes) -> None:
        self.sent += 1
        said = b"" if self.dead else self._line.hear(words, self.now)
        if self.loses:
            self.loses, said = self.loses - 1, said[:-9]
        self._coming += self.noise + said

    def close(self) -> None:
        self.pulled = True


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def copper(desk: Desk) -> Copper:
    return Copper(desk)


@pytest.fixture
def link(copper: Copper) -> Link:
    return Link(copper, copper.clock)


def test_a_call_whose_reply_was_lost_is_answered_again_and_done_once(
    link: Link, copper: Copper, desk: Desk
) -> None:
    copper.loses = TRIES - 1
    assert link.call(AskSeal(), Done) == Done()
    assert copper.sent == TRIES
    assert desk.asked == [AskSeal()]


def test_noise_before_a_reply_does_no_harm(link: Link, copper: Copper) -> None:
    copper.noise = b"boot ok\r\nDTL1 login: "
    assert link.call(Identify(), Identity).serial == "DT-1"


def test_a_refusal_comes_in_the_devices_own_words(link: Link) -> None:
    from appliance.wire.upkeep import AskTest

    with pytest.raises(Declined, match="busy"):
        link.call(AskTest(), Done)


@pytest.mark.parametrize(
    ("noise", "sentence"), [(b"login: ", "no desk token"), (b"", "Nobody answers")]
)
def test_what_is_no_token_is_told_apart_from_nobody(
    link: Link, copper: Copper, noise: bytes, sentence: str
) -> None:
    copper.dead, copper.noise = True, noise
    with pytest.raises(WrongDevice, match=sentence):
        link.call(Identify(), Identity)
    assert copper.now < 15.0


def test_a_device_that_falls_silent_is_a_lost_line(link: Link, copper: Copper) -> None:
    link.call(Identify(), Identity)
    copper.dead = True
    with pytest.raises(LineLost, match="not answer"):
        link.call(Identify(), Identity)


def test_a_pulled_cable_is_a_lost_line_at_once(link: Link, copper: Copper) -> None:
    copper.pulled = True
    with pytest.raises(LineLost):
        link.call(Service(), ServiceReply)
    assert copper.now == 0.0


def test_a_stranger_with_our_frames_but_other_words_is_no_token() -> None:
    class Odd(Desk):
        def call(self, ask: object, _reply: type, _extra: float = 0.0):  # noqa: ANN202
            return Identity("x", "y")

    odd = Copper(Odd())
    with pytest.raises(WrongDevice):
        look(Link(odd, odd.clock))
    assert CAP > 1024


def test_a_device_that_has_everything_is_not_changed_again(link: Link, desk: Desk) -> None:
    desk.service = device(sealed=True, open_for=-1.0)
    from appliance.wire.upkeep import Network, NetworkState

    call = desk.call

    def with_network(ask: object, reply: type, extra: float = 0.0):  # noqa: ANN202
        return NetworkState() if isinstance(ask, Network) else call(ask, reply, extra)

    desk.call = with_network  # type: ignore[method-assign]
    times = Times(lambda: 0.0, lambda: 0.0, lambda _: None)
    steps = list(provision(link, Wanted(language="nl"), times, seal=True))
    assert {step.how for step in steps} == {"was"}


def test_a_book_that_a_power_cut_tore_goes_on_with_whole_lines(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write(Entry("DT-1", done=True))
    with book.file.open("ab") as torn:
        torn.write(b'{"serial":"DT-2","do')
    book.write(Entry("DT-3", done=True))
    assert set(book.finished()) == {"DT-1", "DT-3"}
    assert json.loads(book.file.read_text().splitlines()[-1])["serial"] == "DT-3"


def test_a_label_that_finds_no_room_leaves_the_old_one(tmp_path: Path) -> None:
    drawn = label.draw("DT-1", "token-1", "A2Q7MW4X" * 6 + "K5RT")
    png, pdf = label.save(drawn, tmp_path / "DT-1")
    before = png.read_bytes()
    assert label.save(drawn, tmp_path / "DT-1")[0].read_bytes() == before
    assert pdf.read_bytes().startswith(b"%PDF")
    with Image.open(io.BytesIO(before)) as seen:
        assert seen.info["dpi"] == pytest.approx((300, 300), abs=1)
    with pytest.raises(OSError, match="directory"):
        label.save(drawn, tmp_path / "none" / "DT-1")
    assert issubclass(LineLost, DeskTokenError)


def test_a_full_disk_is_one_sentence_and_nothing_half_in_the_book(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.file.symlink_to("/dev/full")
    with pytest.raises(DeskTokenError, match="full or broken"):
        book.write(Entry("DT-1", done=True))
    (tmp_path / "file").write_text("x")
    with pytest.raises(DeskTokenError, match="full or broken"):
        Book(tmp_path / "file").write(Entry("DT-1", done=True))
