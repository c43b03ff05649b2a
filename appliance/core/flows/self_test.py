""" "Verbinding testen": every part in turn, and the name of the part that fails with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import TestParts
from appliance.core.events import Event, Health, PartTested, Ticked
from appliance.core.flow import Facts, HomeNow, Mode, Turn, stay
from appliance.core.flows.notice import TROUBLES
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Choices, Line, Lines, Screen, Text, text
from appliance.core.troubles import Trouble

TEST_SECONDS = 45.0
PARTS: dict[str, tuple[Text, Text]] = {
    "panel": (text("Panel: good"), text("Panel: bad")),
    "clock": (text("Clock: good"), text("Clock: bad")),
    "key": (text("Key: good"), text("Key: bad")),
    "camera": (text("Camera: good"), text("Camera: bad")),
    "network": (text("Network: good"), text("Network: bad")),
    "portal": (text("Portal: good"), text("Portal: bad")),
}
Results = tuple[tuple[str, Health, Trouble | None], ...]


@dataclass(frozen=True, slots=True)
class Testing(Mode):
    """Parts that are done so far; `shown` is the one a tap has come to."""

    until: float
    results: Results = ()
    shown: int = 0

    awake = True
    ok_chooses = True

    @property
    def done(self) -> bool:
        """Whether every part has been tested."""
        return len(self.results) == len(PARTS)


def start(facts: Facts) -> Turn:
    """Begin."""
    return Turn(Testing(facts.now.monotonic + TEST_SECONDS), (TestParts(),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Collect the results; taps read them again, a hold leaves."""
    match mode, event:
        case Testing(), PartTested() if event.part in PARTS:
            others = tuple(result for result in mode.results if result[0] != event.part)
            return stay(replace(mode, results=(*others, (event.part, event.health, event.why))))
        case Testing(), Ticked() if facts.now.monotonic >= mode.until and not mode.done:
            known = {part for part, _, _ in mode.results}
            late = tuple((part, Health.BAD, Trouble.TIMEOUT) for part in PARTS if part not in known)
            return stay(
                replace(
                    mode, results=(*mode.results, *late), until=facts.now.monotonic + TEST_SECONDS
                )
            )
        case Testing(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow())
        case Testing(), Tapped() if mode.done:
            return stay(replace(mode, shown=(mode.shown + 1) % len(PARTS)))
        case Testing(), Held():
            return Turn(HomeNow())
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """What is being tested; then all good, or the part that fails."""
    assert isinstance(mode, Testing)
    if not mode.done:
        count = text("{done} of {all} parts", done=str(len(mode.results)), all=str(len(PARTS)))
        return Screen(
            text("Testing"), Lines((text("One moment please"), count)), hint=text("Hold: stop")
        )
    bad = [result for result in mode.results if result[1] is not Health.GOOD]
    if bad and mode.shown == 0:
        part, _, why = bad[0]
        cure: tuple[Line, ...] = TROUBLES[why] if why else ()
        return Screen(
            text("Test: not good"),
            Lines((PARTS[part][1], *cure)),
            hint=text("Tap: all · Hold: back"),
        )
    ordered = {part: health for part, health, _ in mode.results}
    items = tuple(words[0 if ordered[part] is Health.GOOD else 1] for part, words in PARTS.items())
    title = text("Test: not good") if bad else text("Test: all good")
    return Screen(title, Choices(items, mode.shown), hint=text("Tap: next · Hold: back"))


MODES = (Testing,)
