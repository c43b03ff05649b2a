"""What a person did with the keys. Every `began` and `at` is in monotonic seconds, as the pin reported the edge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    """What a tap means, whatever key it was on.

    OK is a tap on the main key: with one button it is NEXT, with more keys it chooses where choosing is harmless.
    The desk settles that before a story hears of it.
    """

    OK = "ok"

    NEXT = "next"
    BACK = "back"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class PressBegan:
    """A key went down (after debounce); `holds` is False for a key that can only tap."""

    at: float
    holds: bool = True


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


@dataclass(frozen=True, slots=True)
class KeyStuck:
    """A key has been down for so long that no finger can be on it; PressEnded says that it is free again."""

    at: float


Gesture = PressBegan | PressEnded | Tapped | Held | LetGo | KeyStuck
