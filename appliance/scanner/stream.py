"""Reads frames as they come: the first decoder on each, one further rung a frame, doubtful codes added up.

The caller hands in the newest frame and gets a glance back at once; nothing waits and no frame is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.core.events import ScanHint
from appliance.scanner.hints import Adviser, Preview, preview
from appliance.scanner.picture import SMALLEST, Decoder, first
from appliance.scanner.reading import Grey, Look, Reading, Suspect
from appliance.scanner.recovery import Soft, added, corrected, sight
from appliance.scanner.rungs import Scene

_QUICK = 6  # the first rungs of the ladder come round twice as often as the rest
_FORGET = 12  # frames without a further sight of the same symbol


@dataclass(frozen=True, slots=True)
class Glance:
    """What one frame gave."""

    reading: Reading | None
    hint: ScanHint
    preview: Preview = field(repr=False)


class Stream:
    """One scan. `see` costs about two passes of the first decoder on a frame without a code."""

    def __init__(self, decoder: Decoder, width: int = 72, height: int = 54) -> None:
        self._decoder = decoder
        self._shape = width, height
        self._adviser = Adviser()
        self._order = _rotation(len(decoder.ladder))
        self._turn = self._rung = 0
        self._sum: Soft | None = None
        self._since = 0

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
        """One more try on this frame: the suspect of the first pass on every second frame, else the next rung."""
        self._turn += 1
        self._since += 1
        if seen.suspects and self._turn % 2:
            return self._add(scene, seen.suspects[0], "look")
        rung = self._decoder.ladder[self._order[self._rung % len(self._order)]]
        self._rung += 1
        further = rung.look(scene, self._decoder.engines[rung.engine])
        found = first(further, rung.name)
        if found is None and further.suspects and not seen.suspects:
            return self._add(scene, further.suspects[0], rung.name)
        return found

    def _add(self, scene: Scene, suspect: Suspect, rung: str) -> Reading | None:
        """Read the suspect alone, then together with what earlier frames showed of it."""
        soft = sight(scene.grey, suspect)
        if soft is None:
            return None
        text = self._text(soft)
        if text is None:
            before = self._sum if self._since < _FORGET else None
            self._sum, self._since = added(before, soft), 0
            if self._sum is not soft:
                text = self._text(self._sum)
        return Reading(text, f"{rung}, recovered") if text else None

    def _text(self, soft: Soft) -> str | None:
        dark = corrected(soft)
        return self._decoder.zxing.redrawn(dark) if dark is not None else None


def _rotation(count: int) -> tuple[int, ...]:
    """Places on the ladder in the order of frames: each quick rung, and between them the others one by one."""
    quick, slow = list(range(min(_QUICK, count))), list(range(_QUICK, count))
    order = []
    for turn in range(max(len(slow), 1)):
        order += [quick[2 * turn % len(quick)], quick[(2 * turn + 1) % len(quick)]]
        order += slow[turn : turn + 1]
    return tuple(order)
