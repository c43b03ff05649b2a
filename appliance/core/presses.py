"""What a press means: our own small state machine over edges and monotonic time, with debounce.

A tap is shorter than the tap limit, a hold lasts as long as the desk asks for, and what lies between is `LetGo`,
which the screen says aloud. A second key that goes down while one is down is ignored, so two keys cannot make a
gesture that neither made. gpiozero only reports edges (hardware/buttons.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.gestures import (
    Gesture,
    Held,
    KeyStuck,
    LetGo,
    Move,
    PressBegan,
    PressEnded,
    Tapped,
)

STUCK = 15.0
MOVES = {
    "ok": Move.OK,
    "next": Move.NEXT,
    "right": Move.NEXT,
    "back": Move.BACK,
    "left": Move.BACK,
    "up": Move.UP,
    "down": Move.DOWN,
}


@dataclass(frozen=True, slots=True)
class Touch:
    """How a key must be touched: `debounce` is how long it must be quiet, `rest` the pause before the next press."""

    debounce: float
    rest: float


USUAL = Touch(debounce=0.02, rest=0.0)
SLOW = Touch(debounce=0.12, rest=0.5)


def touch(slow_keys: bool) -> Touch:
    """The touch that this setting asks for."""
    return SLOW if slow_keys else USUAL


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys between two events: which one is down since when, and the bounce that is being waited out.

    `ended` is when the last press ended.
    """

    role: str = ""
    began: float = 0.0
    held: bool = False
    stuck: bool = False
    rising: tuple[str, float] | None = None
    falling: float | None = None
    ended: float = float("-inf")


Heard = tuple[Keys, tuple[Gesture, ...]]


def edge(keys: Keys, role: str, down: bool, at: float, touch: Touch = USUAL) -> Heard:
    """Take one edge of a pin; gestures come out of `settle` once it has been quiet for the debounce time."""
    if role not in MOVES:
        return keys, ()
    if down:
        if keys.role == role:
            return replace(keys, falling=None), ()
        if keys.role or keys.rising or 0 <= at - keys.ended < touch.rest:
            return keys, ()
        return replace(keys, rising=(role, at)), ()
    if keys.rising and keys.rising[0] == role:
        return replace(keys, rising=None), ()
    if keys.role == role and keys.falling is None:
        return replace(keys, falling=at), ()
    return keys, ()


def settle(keys: Keys, at: float, tap_limit: float, hold: float, touch: Touch = USUAL) -> Heard:
    """Let time pass: a press or release becomes true, and a long press becomes a hold of `hold` seconds."""
    if keys.rising and at - keys.rising[1] >= touch.debounce:
        role, began = keys.rising
        return Keys(role=role, began=began), (PressBegan(began, role == "ok"),)
    if keys.role and keys.falling is not None:
        if at - keys.falling < touch.debounce:
            return keys, ()
        return Keys(ended=keys.falling), _release(keys, keys.falling, tap_limit)
    down = at - keys.began if keys.role else 0.0
    if not keys.stuck and down >= STUCK:
        return replace(keys, held=True, stuck=True), (KeyStuck(at),)
    if keys.role and not keys.held and hold <= down:
        return replace(keys, held=True), (Held(keys.began, at),) if keys.role == "ok" else ()
    return keys, ()


def _release(keys: Keys, at: float, tap_limit: float) -> tuple[Gesture, ...]:
    ended = PressEnded(at)
    if keys.held:
        return (ended,)
    if at - keys.began < tap_limit:
        return (ended, Tapped(MOVES[keys.role], keys.began, at))
    return (ended, LetGo(keys.began, at)) if keys.role == "ok" else (ended,)
