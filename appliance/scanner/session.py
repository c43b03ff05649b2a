"""One scan over one socket: a request in, glances and one answer out, then over.

Ends when it has answered, when its peer hangs up, or at its deadline. The only text that leaves is the code's own.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable

from appliance.core.errors import HardwareMissing, PeerTrouble
from appliance.core.troubles import Trouble
from appliance.hardware.camera import Camera, CameraBusy
from appliance.scanner.budget import Budget
from appliance.scanner.images import NotAPicture, picture_from
from appliance.scanner.latest import Latest
from appliance.scanner.picture import PATIENT, Decoder
from appliance.scanner.reading import Reading
from appliance.scanner.stream import Glance, Stream
from appliance.wire.framing import Line
from appliance.wire.scan import (
    PICTURE_CAP,
    TEXT_CAP,
    Ask,
    Failed,
    Found,
    Look,
    Picture,
    Seen,
    mark_of,
)

LONGEST = 60.0
_ASKING, _SENDING = 5.0, 2.0
_NOTICE = 0.015  # seconds until a peer that hung up is noticed
_BETWEEN = 0.06  # seconds between two glances: every frame of a camera that gives fifteen a second


class Session:
    """`serve` answers one request; `open_camera` is called only when a camera is asked for."""

    def __init__(
        self,
        connection: socket.socket,
        open_camera: Callable[[], Camera],
        now: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._line = Line(connection, PICTURE_CAP)
        self._open_camera = open_camera
        self._now = now

    def serve(self) -> None:
        """Raises PeerTrouble for a peer that asks nothing sensible or is gone in the middle of a message."""
        self._connection.settimeout(_ASKING)
        asked: Look | Picture | None = self._line.receive(Ask)
        self._connection.settimeout(_SENDING)
        match asked:
            case Look(seconds, known):
                answer = self._look(min(max(seconds, 0.0), LONGEST), frozenset(known))
            case Picture(data):
                answer = self._picture(data)
            case None:
                return
        if answer is not None:
            self._line.send(answer)

    def _picture(self, untrusted: bytes) -> Found | Failed:
        try:
            grey = picture_from(untrusted)
        except NotAPicture:
            return Failed(Trouble.NOT_A_PICTURE)
        reading = Decoder().read_picture(grey, Budget.of(PATIENT, self._now))
        return _answer(reading) if reading else Failed(Trouble.NOTHING_FOUND)

    def _look(self, seconds: float, known: frozenset[bytes]) -> Found | Failed | None:
        deadline = self._now() + seconds
        try:
            with Latest(self._open_camera()) as latest:
                return self._watch(latest, deadline, known)
        except CameraBusy:
            return Failed(Trouble.CAMERA_BUSY)
        except HardwareMissing:
            return Failed(Trouble.NO_CAMERA)

    def _watch(
        self, latest: Latest, deadline: float, known: frozenset[bytes]
    ) -> Found | Failed | None:
        """The answer, or None when the peer hung up: then nobody is there to hear one."""
        stream, told = Stream(Decoder()), 0.0
        while not self._gone():
            if self._now() >= deadline:
                return Failed(Trouble.TIMEOUT)
            frame = latest.take(_NOTICE)
            if frame is None:
                if latest.ended:
                    return Failed(Trouble.NOTHING_FOUND)
                continue
            glance = stream.see(frame.grey)
            if glance.reading is not None and mark_of(glance.reading.text) not in known:
                return _answer(glance.reading)
            if self._now() - told >= _BETWEEN:
                told = self._now()
                self._line.send(_seen(glance))
        return None

    def _gone(self) -> bool:
        """Whether the peer hung up, or speaks out of turn, which ends the scan as well."""
        return bool(select.select([self._connection], [], [], 0)[0])


def _seen(glance: Glance) -> Seen:
    picture = glance.preview
    return Seen(glance.hint.value, picture.width, picture.height, picture.bits)


def _answer(reading: Reading) -> Found | Failed:
    fits = len(reading.text.encode("utf-8", "surrogatepass")) <= TEXT_CAP
    return Found(reading.text) if fits else Failed(Trouble.TOO_LONG)


def serve(
    connection: socket.socket, open_camera: Callable[[], Camera], now: Callable[[], float]
) -> None:
    """Serve this connection and close it. A peer that is gone or talks nonsense is not our trouble."""
    try:
        Session(connection, open_camera, now).serve()
    except PeerTrouble:
        return
    finally:
        connection.close()
