"""Reads one picture: every rung in turn until one reads, or the time is over."""

from __future__ import annotations

import numpy as np

from appliance.scanner.budget import Budget
from appliance.scanner.engines import Engine, Zxing
from appliance.scanner.filters import resized
from appliance.scanner.memory import give_back
from appliance.scanner.reading import Grey, Look, Reading, Suspect
from appliance.scanner.recovery import corrected, sight
from appliance.scanner.rungs import LADDER, Rung, Scene
from appliance.scanner.zbar import Zbar

BUDGET, PATIENT = 0.021, 2.0  # seconds for one picture: of many, and of one that somebody waits for
SMALLEST = 21  # pixels of the shorter side: no code has fewer modules
_LARGE = 1600  # pixels of the longer side: beyond it the rungs look at a smaller picture

_SPARSE = 600  # pixels of the longer side from which a quarter of them is tried first
_NIGHT = 100  # a picture darker than this may be a light code on a dark page


class Decoder:
    """Both engines and the ladder."""

    def __init__(self) -> None:
        give_back()
        self.zxing = Zxing()
        self.engines: dict[str, Engine] = {"zxing": self.zxing, "zbar": Zbar()}
        self.ladder = LADDER

    def read_picture(self, grey: Grey, budget: Budget) -> Reading | None:
        """The text of the largest code that can be read, or None. No rung begins when the budget is spent."""
        if min(grey.shape) < SMALLEST:
            return None
        quick = self._quick(grey)
        if quick is not None:
            return quick
        whole = self.zxing.look(grey)
        if max(grey.shape) > _LARGE and not whole.texts:
            grey = resized(grey, _LARGE / max(grey.shape))
            whole = self.zxing.look(grey)
        search = _Search(self, grey, budget)
        found = search.judge(whole, "look")
        for rung in self.ladder:
            if found is not None or budget.left() <= 0:
                break
            if budget.left() >= rung.needs:
                found = search.climb(rung)
        return found

    def _quick(self, grey: Grey) -> Reading | None:
        """The cheapest passes: most codes that fill a large picture read from every second pixel as well."""
        if max(grey.shape) >= _SPARSE:
            sparse = np.ascontiguousarray(grey[::2, ::2])
            found = first(self.zxing.glance(sparse), "sparse glance")
            if found is None and sparse.mean() < _NIGHT:
                found = first(self.zxing.glance(~sparse), "sparse glance, inverted")
            if found is not None:
                return found
        return first(self.zxing.glance(grey), "glance")

    def recover(self, grey: Grey, suspect: Suspect, rung: str) -> Reading | None:
        """The text of a code that was found and not read, or None."""
        soft = sight(grey, suspect)
        dark = corrected(soft) if soft is not None else None
        text = self.zxing.redrawn(dark) if dark is not None else None
        return Reading(text, f"{rung}, recovered") if text else None


class _Search:
    """The way through one picture; remembers which suspects were already heard."""

    def __init__(self, decoder: Decoder, grey: Grey, budget: Budget) -> None:
        self._decoder = decoder
        self._scene = Scene(grey)
        self._budget = budget
        self._heard: list[Suspect] = []

    def climb(self, rung: Rung) -> Reading | None:
        return self.judge(rung.look(self._scene, self._decoder.engines[rung.engine]), rung.name)

    def judge(self, look: Look, rung: str) -> Reading | None:
        found = first(look, rung)
        for suspect in look.suspects:
            if found is not None or self._budget.left() <= 0:
                break
            if not any(suspect.near(other) for other in self._heard):
                self._heard.append(suspect)
                found = self._decoder.recover(self._scene.grey, suspect, rung)
        return found


def first(look: Look, rung: str) -> Reading | None:
    """The first text of a look as a reading."""
    return Reading(look.texts[0], rung) if look.texts else None
