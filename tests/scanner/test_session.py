"""One scan over one socket: what is answered, and that nothing outlives its peer or its deadline."""

from __future__ import annotations

import base64
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

import numpy as np
import pytest
from PIL import Image

from appliance.core.events import ScanHint
from appliance.core.troubles import Trouble
from appliance.hardware.camera import Camera, CameraBusy, CameraMissing, Frame
from appliance.scanner.session import serve
from appliance.wire.framing import Line
from appliance.wire.scan import Answer, Failed, Found, Look, Picture, Seen, mark_of
from tests.scanner.scenes import LINK, Grey, empty, modules, paper

CODE = paper(modules(LINK))
DESK = empty(np.random.default_rng(1))
PATIENCE = 10.0


class Shown:
    """A camera that shows these frames, then the last one for ever; it notes when it was closed."""

    def __init__(self, *greys: Grey, refuses: CameraMissing | CameraBusy | None = None) -> None:
        self._greys = greys
        self._refuses = refuses
        self.closed = threading.Event()
        self._pace = threading.Event()

    def __enter__(self) -> Self:
        if self._refuses is not None:
            raise self._refuses
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()

    def frames(self) -> Iterator[Frame]:
        for grey in self._greys:
            yield Frame(grey, 0.0)
        while True:
            self._pace.wait(0.01)
            yield Frame(self._greys[-1], 0.0)


class Unplugged(Shown):
    """Its cable comes out after the first frame."""

    def frames(self) -> Iterator[Frame]:
        yield Frame(self._greys[0], 0.0)
        raise CameraMissing


class Stuck(Shown):
    """Its driver gives one frame and then waits for ever, as some do."""

    def frames(self) -> Iterator[Frame]:
        yield Frame(self._greys[0], 0.0)
        threading.Event().wait()


Ask = Callable[..., Line]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Ask a session for something; gives the line on which it answers."""
    running: list[tuple[threading.Thread, socket.socket]] = []

    def begin(request: Look | Picture, camera: Camera | None = None) -> Line:
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        shown = camera or Shown(DESK)
        thread = threading.Thread(target=serve, args=(theirs, lambda: shown, time.monotonic))
        thread.start()
        running.append((thread, ours))
        line = Line(ours, 1 << 20)
        line.send(request)
        return line

    yield begin
    for thread, ours in running:
        ours.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def last(line: Line) -> Found | Failed | None:
    while isinstance(answer := line.receive(Answer), Seen):
        continue
    return answer


def file(grey: Grey, form: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.fromarray(grey).save(kept, form)
    return kept.getvalue()


def test_a_code_before_the_camera_is_the_answer(ask: Ask) -> None:
    assert last(ask(Look(20), Shown(DESK, CODE))) == Found(LINK)


def test_a_text_that_is_known_is_looked_past(ask: Ask) -> None:
    known = (mark_of(LINK),)
    assert last(ask(Look(0.5, known), Shown(CODE))) == Failed(Trouble.TIMEOUT.value)
    other = paper(modules("another picture"))
    assert last(ask(Look(20, known), Shown(CODE, CODE, other))) == Found("another picture")


def test_glances_come_before_the_answer(ask: Ask) -> None:
    seen = ask(Look(20), Shown(DESK)).receive(Answer)
    assert isinstance(seen, Seen)
    assert ScanHint(seen.hint)
    assert len(seen.bits) == (seen.width + 7) // 8 * seen.height


def test_nothing_follows_the_answer(ask: Ask) -> None:
    line = ask(Look(20), Shown(CODE))
    assert isinstance(last(line), Found)
    assert line.receive(Answer) is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_code_in_a_picture_is_the_answer(form: str, ask: Ask) -> None:
    assert last(ask(Picture(file(CODE, form)))) == Found(LINK)


@pytest.mark.parametrize("label", ["Müller", "Кириллица", "漢字"])
def test_a_label_crosses_the_wire_exactly(label: str, ask: Ask) -> None:
    assert last(ask(Picture(file(paper(modules(label)))))) == Found(label)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Picture(file(DESK)), Trouble.NOTHING_FOUND),
        (Picture(b"no picture"), Trouble.NOT_A_PICTURE),
        (Picture(file(CODE, "GIF")), Trouble.NOT_A_PICTURE),
        (Look(0.05), Trouble.TIMEOUT),
        (Look(-1), Trouble.TIMEOUT),
    ],
    ids=["empty desk", "noise", "another format", "deadline", "no time at all"],
)
def test_a_scan_without_a_text_says_why(request_: Look | Picture, why: Trouble, ask: Ask) -> None:
    assert last(ask(request_)) == Failed(why.value)


@pytest.mark.parametrize(
    ("camera", "why"),
    [
        (Shown(DESK, refuses=CameraMissing()), Trouble.NO_CAMERA),
        (Shown(DESK, refuses=CameraBusy()), Trouble.CAMERA_BUSY),
        (Unplugged(DESK), Trouble.NO_CAMERA),
    ],
    ids=["missing", "busy", "unplugged"],
)
def test_trouble_with_the_camera_is_named(camera: Camera, why: Trouble, ask: Ask) -> None:
    assert last(ask(Look(20), camera)) == Failed(why.value)


def test_a_text_beyond_the_cap_is_not_sent(ask: Ask) -> None:
    digits = paper(numeric("7" * 5000), side=1080, shape=(1100, 1100))
    assert last(ask(Picture(file(digits)))) == Failed(Trouble.TOO_LONG.value)


@pytest.mark.parametrize("camera", [Shown(DESK), Stuck(DESK)], ids=["live", "stuck"])
def test_a_peer_that_hangs_up_ends_the_scan_within_100_ms(camera: Shown) -> None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, lambda: camera, time.monotonic))
    thread.start()
    line = Line(ours)
    line.send(Look(60))
    assert isinstance(line.receive(Answer), Seen)
    ours.shutdown(socket.SHUT_RDWR)
    began = time.monotonic()
    thread.join(PATIENCE)
    took = time.monotonic() - began
    ours.close()
    assert isinstance(camera, Stuck) or camera.closed.wait(PATIENCE)
    assert not thread.is_alive()
    assert took < 0.1 * 5  # five times the promise: a test machine is shared


@pytest.mark.parametrize(
    "untrusted",
    [b"", b"\0", b"not json\0", b'{"type":"look"}\0', b'{"type":"look","seconds":"x"}\0', b"{}\0"],
    ids=["silence", "empty", "no json", "no seconds", "words", "no type"],
)
def test_a_request_that_is_none_ends_the_scan_in_silence(untrusted: bytes) -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(untrusted)
    ours.shutdown(socket.SHUT_WR)
    serve(theirs, lambda: Shown(DESK), time.monotonic)
    assert ours.recv(1000) == b""
    ours.close()


def test_a_picture_travels_as_base64() -> None:
    ours, theirs = socket.socketpair()
    Line(ours).send(Picture(b"abc"))
    assert base64.b64encode(b"abc") in theirs.recv(1000)
    ours.close()
    theirs.close()


def numeric(digits: str) -> np.ndarray:
    import segno

    code = segno.make(digits, error="l", micro=False)
    return np.asarray([list(row) for row in code.matrix], dtype=np.bool_)
