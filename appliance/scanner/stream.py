"""Reads frames as they come: the first decoder on each, one further rung a frame, doubtful codes added up.

The caller hands in the newest frame and gets a glance back at once; nothing waits and no frame is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

from appliance.core.events import ScanHint
from appliance.scanner.hints import Adviser, Preview, preview
from appliance.scanner.picture import SMALLEST, Decoder, first
from appliance.scanner.reading import Grey, Look, Reading, Suspect
from appliance.scanner.recovery import Sights, Soft, corrected, sight
from appliance.scanner.rungs import Rung, Scene

_QUICK = 7  # the first rungs of the ladder come round more often than the rest
_BEFORE, _BEFORE_DEAR = 2, 3  # quick rungs before one of the others


@dataclass(frozen=True, slots=True)
class Glance:
    """What one frame gave."""

    reading: Reading | None
    hint: ScanHint
    preview: Preview = field(repr=False)


class Stream:
    """One scan. A frame without a code costs a pass of the first decoder, the advice, and one rung."""

    def __init__(self, decoder: Decoder, width: int = 72, height: int = 54) -> None:
        self._decoder = decoder
        self._shape = width, height
        self._adviser = Adviser()
        self._order = _rotation(decoder.ladder)
        self._turn = self._rung = 0
        self._sights = Sights()

    def see(self, grey: Grey) -> Glance:
        """Look at the newest frame."""
        if min(grey.shape) < SMALLEST:
            return Glance(None, ScanHint.NONE, preview(grey, *self._shape))
        scene = Scene(grey)
        seen = self._decoder.zxing.look(grey)
        reading = first(seen, "look") or self._further(scene, seen)
        code = seen.suspects[0].corners if seen.suspects else None
        hint = ScanHint.NONE if reading else self._adviser.advise(scene, code)
        return Glance(reading, hint, preview(scene.half, *self._shape))

    def _further(self, scene: Scene, seen: Look) -> Reading | None:
        """One more try on this frame: a code that was found on every second frame, else the next rung."""
        self._turn += 1
        if self._turn % 2:
            place = seen.suspects[0] if seen.suspects else self._sights.place
            if place is not None:
                self._sights.looked()
                return self._recovered(scene, place, "look")
        rung = self._decoder.ladder[self._order[self._rung % len(self._order)]]
        self._rung += 1
        further = rung.look(scene, self._decoder.engines[rung.engine])
        found = first(further, rung.name)
        if found is None and further.suspects and not seen.suspects:
            return self._recovered(scene, further.suspects[0], rung.name)
        return found

    def _recovered(self, scene: Scene, place: Suspect, rung: str) -> Reading | None:
        """Read what lies there alone, then together with what earlier frames showed of it."""
        now = sight(scene.grey, place)
        if now is None:
            return None
        text = self._text(now)
        if text is None and (together := self._sights.with_this(now, place)) is not now:
            text = self._text(together)
        return Reading(text, f"{rung}, recovered") if text else None

    def _text(self, soft: Soft) -> str | None:
        dark = corrected(soft)
        return self._decoder.zxing.redrawn(dark) if dark is not None else None


def _rotation(ladder: Sequence[Rung]) -> tuple[int, ...]:
    """Places on the ladder in the order of frames: quick rungs, and between them the others one by one.

    Those that take long come last and further apart, so that a frame costs little on the whole.
    """
    quick = cycle(range(min(_QUICK, len(ladder))))
    order: list[int] = []
    for place in sorted(range(_QUICK, len(ladder)), key=lambda place: ladder[place].needs > 0):
        order += [*islice(quick, _BEFORE_DEAR if ladder[place].needs else _BEFORE), place]
    return tuple(order)
