"""Laws of what comes from cameras and pictures: requests to the scanner, its answers, and picture files."""

from __future__ import annotations

import itertools
import queue
import socket
import struct
import tempfile
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np

from appliance.authenticator import scanning
from appliance.core.errors import PeerTrouble
from appliance.core.events import ScanHint
from appliance.core.troubles import Trouble
from appliance.hardware.camera import CameraBusy, CameraMissing, Frame
from appliance.scanner import images, session
from appliance.wire.framing import END, Line
from appliance.wire.scan import TEXT_CAP, Answer, Failed, Found, Seen
from tests.fuzz.verdict import hold, says_nothing
from tests.scanner.scenes import LINK, modules, paper

CODE = paper(modules(LINK))
DARK = np.zeros((64, 64), dtype=np.uint8)
PATIENCE = 5.0
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


class Shown:
    """A camera that shows a few frames and then ends, or refuses, by the number it is made with."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._pace = threading.Event()

    def __enter__(self) -> Self:
        if self._number % 8 == 1:
            raise CameraBusy
        if self._number % 8 == 2:
            raise CameraMissing
        return self

    def __exit__(self, *_: object) -> None:
        return

    def frames(self) -> Iterator[Frame]:
        """Darkness, then a code for one kind of camera, nothing for the others."""
        yield Frame(DARK, 0.0)
        if self._number % 8 == 3:
            yield Frame(CODE, 0.0)
        if self._number % 8 == 6:
            self._pace.wait(0.05)
        while self._number % 8 == 4:
            self._pace.wait(0.001)
            yield Frame(DARK, 0.0)


def request(untrusted: bytes, parser: ModuleType = session) -> None:
    """`session.serve`: glances and at most one answer of their own form, then the line is closed.

    The first byte chooses the camera, whether the request is whole, and whether its peer stays to hear the answer.
    """
    manner, rest = untrusted[0] if untrusted else 0, untrusted[1 : 64 * 1024]
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(PATIENCE)
        ours.sendall(rest + (b"" if manner & 64 else END))
        if manner & 192:
            ours.shutdown(socket.SHUT_WR)
        ticks = itertools.accumulate((0.001,) * 20 + (3.0,) * 1000).__next__
        parser.serve(theirs, lambda: Shown(manner), ticks)
        hold(ticks() < session.LONGEST + 15, "a scan went on beyond its longest time")
        line = Line(ours, 1 << 20)
        last: list[Found | Failed] = []
        while (answer := next_answer(line)) is not None:
            hold(not last, "something follows the answer")
            if not isinstance(answer, Seen):
                last.append(answer)
            fits(answer)


def next_answer(line: Line) -> Seen | Found | Failed | None:
    answer: Seen | Found | Failed | None = line.receive(Answer)
    return answer


def fits(answer: Seen | Found | Failed) -> None:
    """The answer is one that the scanner may give."""
    match answer:
        case Seen(hint, width, height, bits):
            hold(hint in set(ScanHint), "a hint that nobody knows")
            hold(len(bits) == (width + 7) // 8 * height, "a glance whose sizes do not fit")
        case Found(text):
            hold(len(text.encode()) <= TEXT_CAP, "a text beyond the cap")
            hold(text not in repr(answer) or len(text) < 8, "the text is in the record's words")
        case Failed(why):
            hold(why in set(Trouble), "a trouble that nobody knows")


class Heard:
    """`authenticator.scanning`: whatever a scanner says, the scan ends with one word of a known kind.

    The first byte chooses how the scan is begun, and whether anybody listens at the other end.
    """

    def __init__(self, parser: ModuleType = scanning) -> None:
        self._parser = parser
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-scan-")
        self._path = Path(self._folder.name) / "scanner.sock"
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self._path))
        self._listening.listen(8)
        self._says: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._scanner, daemon=True).start()

    def _scanner(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            with connection:
                try:
                    connection.settimeout(PATIENCE)
                    Line(connection, 1 << 20).receive_bytes()
                    connection.sendall(self._says.get(timeout=PATIENCE))
                except (PeerTrouble, OSError, queue.Empty):
                    continue

    def __call__(self, untrusted: bytes) -> None:
        manner = untrusted[0] if untrusted else 0
        news: queue.Queue[Any] = queue.Queue()
        absent = manner % 16 == 7
        path = self._path.with_name("absent.sock") if absent else self._path
        if not absent:
            self._says.put(untrusted[1:])
        scan = self._parser.Scanning(path, news.put)
        if manner % 4 == 1:
            scan.show(untrusted[:32])
        else:
            scan.look(90.0, scanning.Aim.LINK)
        while isinstance((said := news.get(timeout=PATIENCE)).answer, Seen):
            self._glance(said.answer)
            hold(scan.hear(said) is said.answer, "a glance was not heard")
        hold(isinstance(said.answer, Found | Failed), "a scan ended without a word")
        if isinstance(said.answer, Failed):
            hold(self._parser.trouble_of(said.answer) in Trouble, "a trouble that nobody knows")
        hold(str(said).find("Found(text") < 0, "a found text prints")
        if manner % 4 == 2:
            scan.stop()
            hold(scan.hear(said) is None, "a scan that was stopped was heard")
        else:
            hold(scan.hear(said) is said.answer, "the last word was not heard")
            hold(scan.hear(said) is None, "a scan that is over was heard")

    def _glance(self, seen: Seen) -> None:
        frame = self._parser.frame_of(seen)
        if frame is None:
            return
        hold(0 <= frame.width <= 256 and 0 <= frame.height <= 256, "a glance is too large")
        hold(len(frame.bits) == (frame.width + 7) // 8 * frame.height, "a glance does not fit")
        hold(frame.hint in ScanHint, "a hint that nobody knows")


def picture(untrusted: bytes, parser: ModuleType = images) -> None:
    """`images.picture_from`: grey rows of a PNG, JPEG or WebP within the limit, or NotAPicture.

    An input that begins with `+` is as long as no picture may be.
    """
    long = untrusted[:1] == b"+"
    try:
        grey = parser.picture_from(
            b"+" * (8 * 1024 * 1024 + 1) if long else with_right_sums(untrusted)
        )
    except parser.NotAPicture as refusal:
        says_nothing(refusal)
        return
    hold(untrusted.startswith(SIGNATURES), "a picture of another format was read")
    hold(grey.ndim == 2 and grey.dtype == np.uint8, "what came out are not grey rows")
    hold(grey.flags["C_CONTIGUOUS"], "the rows do not lie one after the other")
    hold(0 < grey.size <= 20_000_000, "a picture beyond the limit was read")


def with_right_sums(untrusted: bytes) -> bytes:
    """The same picture with the check sums of its PNG chunks made right, so that a change gets behind them."""
    if not untrusted.startswith(SIGNATURES[0]):
        return untrusted
    whole, at = bytearray(untrusted), 8
    while at + 12 <= len(whole):
        (length,) = struct.unpack_from(">I", whole, at)
        end = at + 8 + length
        if end + 4 > len(whole):
            break
        struct.pack_into(">I", whole, end, zlib.crc32(whole[at + 4 : end]))
        at = end + 4
    return bytes(whole)


class PictureFiles:
    """`images.picture_at`: the same law for a file, and NotAPicture for one that cannot be opened."""

    def __init__(self, parser: ModuleType = images) -> None:
        self._parser = parser
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-picture-")

    def __call__(self, untrusted: bytes) -> None:
        picture(untrusted, self._parser)
        path = Path(self._folder.name) / ("absent" if not untrusted else "picture")
        if untrusted:
            path.write_bytes(untrusted[:65536])
        try:
            grey = self._parser.picture_at(path)
        except self._parser.NotAPicture as refusal:
            says_nothing(refusal)
            return
        hold(grey.dtype == np.uint8, "what came out are not grey rows")
