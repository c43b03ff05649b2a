"""What a person did with the keys. Every `began` and `at` is in monotonic seconds, as the pin reported the edge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    """What a tap means, whatever key it was on. With one button every tap is NEXT."""

    NEXT = "next"
    BACK = "back"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class PressBegan:
    """A key went down (after debounce)."""

    at: float


@dataclass(frozen=True, slots=True)
class PressEnded:
    """The key is up again, whatever it meant."""

    at: float


@dataclass(frozen=True, slots=True)
class Tapped:
    """A short press ended."""

    move: Move
    began: float
    at: float


@dataclass(frozen=True, slots=True)
class Held:
    """The main key has been down for the time that the desk asked for."""

    began: float
    at: float


@dataclass(frozen=True, slots=True)
class LetGo:
    """The main key was released too late for a tap and too early for a hold."""

    began: float
    at: float


Gesture = PressBegan | PressEnded | Tapped | Held | LetGo
