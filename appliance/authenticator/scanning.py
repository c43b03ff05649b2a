"""The line to the scanner: one connection a scan, read by a thread of its own that only posts what it heard.

A scan that was stopped is deaf: what it still says carries an old number and is dropped. The text is untrusted and
goes to one parser; it never prints.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from appliance.core.errors import PeerTrouble
from appliance.core.events import FrameSeen, ScanHint
from appliance.core.troubles import Trouble
from appliance.wire.framing import Line
from appliance.wire.scan import Answer, Ask, Failed, Found, Look, Picture, Seen

CAP = 128 * 1024
LARGEST_SIDE = 256
FIRST_WORD, SILENCE, LONGEST = 40.0, 20.0, 60.0


class Aim(Enum):
    """What a scan is for."""

    LINK = "link"
    PICTURE = "picture"
    LOGIN = "login"
    TEST = "test"
    TRIAL = "trial"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class ScanNews:
    """What scan number so-and-so said."""

    number: int
    answer: Answer = field(repr=False)


class Scanning:
    """At most one scan at a time. `post` puts news on the consumer's queue.

    A scanner that says nothing hangs: for `first_word` seconds at its start, when it reads the camera's library from
    a cold card, and later for `silence` seconds.
    """

    def __init__(
        self,
        path: Path,
        post: Callable[[ScanNews], None],
        *,
        first_word: float = FIRST_WORD,
        silence: float = SILENCE,
    ) -> None:
        self._first_word, self._silence = first_word, silence
        self._path = path
        self._post = post
        self._number = 0
        self._connection: socket.socket | None = None
        self.aim = Aim.LINK

    @property
    def busy(self) -> bool:
        """Whether a scan goes on."""
        return self._connection is not None

    def look(self, seconds: float, aim: Aim, known: tuple[bytes, ...] = ()) -> None:
        """Turn the camera on, for a text without one of these marks."""
        self._start(Look(min(seconds, LONGEST), known), aim)

    def show(self, picture: bytes) -> None:
        """Have a picture read."""
        self._start(Picture(picture), Aim.PICTURE)

    def stop(self) -> None:
        """Hang up, which ends the scanner; whatever it still says is not heard."""
        self._number += 1
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def hear(self, news: ScanNews) -> Answer | None:
        """The news, unless the scan it comes from is over; Found and Failed end theirs."""
        if news.number != self._number:
            return None
        if not isinstance(news.answer, Seen):
            self.stop()
        return news.answer

    def _start(self, ask: Ask, aim: Aim) -> None:
        self.stop()
        self.aim = aim
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connection = connection
        threading.Thread(
            target=self._listen, args=(connection, self._number, ask), name="scan", daemon=True
        ).start()

    def _listen(self, connection: socket.socket, number: int, ask: Ask) -> None:
        connection.settimeout(self._first_word)
        with connection:
            try:
                connection.connect(str(self._path))
            except OSError:
                self._post(ScanNews(number, Failed(Trouble.NO_CAMERA.value)))
                return
            self._post(ScanNews(number, self._last_word(connection, number, ask)))

    def _last_word(self, connection: socket.socket, number: int, ask: Ask) -> Answer:
        line = Line(connection, CAP)
        try:
            line.send(ask)
            while (answer := _next(line)) is not None:
                if not isinstance(answer, Seen):
                    return answer
                connection.settimeout(self._silence)
                self._post(ScanNews(number, answer))
        except PeerTrouble as lost:
            # a scanner that died before it heard us leaves a reset line, not an end in order
            died = isinstance(lost.__cause__, ConnectionError)
            return Failed((Trouble.NO_CAMERA if died else Trouble.TIMEOUT).value)
        return Failed(Trouble.NO_CAMERA.value)


def _next(line: Line) -> Answer | None:
    answer: Seen | Found | Failed | None = line.receive(Answer)
    return answer


def frame_of(untrusted: Seen) -> FrameSeen | None:
    """The glance as an event; None when its sizes do not fit each other."""
    width, height = untrusted.width, untrusted.height
    if not (0 <= width <= LARGEST_SIDE and 0 <= height <= LARGEST_SIDE):
        return None
    if len(untrusted.bits) != (width + 7) // 8 * height:
        return None
    hint = ScanHint(untrusted.hint) if untrusted.hint in tuple(ScanHint) else ScanHint.NONE
    return FrameSeen(width, height, untrusted.bits, hint)


def trouble_of(untrusted: Failed) -> Trouble:
    """Why a scan failed."""
    return Trouble(untrusted.why) if untrusted.why in tuple(Trouble) else Trouble.NO_CAMERA
