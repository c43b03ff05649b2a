"""Digits with one button: a tap turns the dial, a hold takes the digit. Pure arithmetic, no screen.

After the nine stands an arrow that takes the last digit back, so that one button can undo everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.gestures import Move

ERASE = 10


@dataclass(frozen=True, slots=True)
class Dialled:
    """The digits taken so far and the one under the thumb."""

    length: int
    done: str = field(default="", repr=False)
    digit: int = field(default=0, repr=False)

    @property
    def full(self) -> bool:
        """Whether every digit is taken."""
        return len(self.done) == self.length

    @property
    def at_last(self) -> bool:
        """Whether the digit under the thumb is the last one: taking it sends what was dialled."""
        return len(self.done) + 1 == self.length and self.digit != ERASE


def turn(dialled: Dialled, move: Move) -> Dialled:
    """The dial after a tap; BACK takes the last digit back at once."""
    match move:
        case Move.NEXT | Move.UP | Move.OK:
            return replace(dialled, digit=(dialled.digit + 1) % (ERASE + 1))
        case Move.DOWN:
            return replace(dialled, digit=(dialled.digit - 1) % (ERASE + 1))
        case Move.BACK:
            return replace(dialled, done=dialled.done[:-1], digit=0)


def take(dialled: Dialled) -> Dialled | None:
    """The dial after a hold: one digit more or one less; None when the arrow was held with nothing to take back."""
    if dialled.digit != ERASE:
        return replace(dialled, done=dialled.done + str(dialled.digit), digit=0)
    return replace(dialled, done=dialled.done[:-1], digit=0) if dialled.done else None
