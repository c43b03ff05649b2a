"""How long to wait before the next try. Pure: chance comes in as a number from 0 to 1.

A portal that comes back must not be met by every device at once, and one that is away for a day must cost less
than one request a minute (checklist row 35).
"""

from __future__ import annotations

FIRST, CAP, PATIENT = 2.0, 30.0, 90.0
IMPATIENT_TRIES = 12


def after_failures(failures: int, chance: float) -> float:
    """Seconds to rest after so many failures in a row: 2, 4, … 30, and after some five minutes 60 to 120."""
    if failures > IMPATIENT_TRIES:
        return _spread(PATIENT, chance)
    return _spread(min(FIRST * 2.0 ** max(0, min(failures, 30) - 1), CAP), chance)


def after_empty(empty: int, chance: float) -> float:
    """Seconds between two polls when so many in a row brought nothing: 2 to 30."""
    return _spread(min(FIRST * 2.0 ** min(empty, 30), CAP), chance)


def after_cut(chance: float) -> float:
    """Seconds before a good stream that was cut is opened again: anywhere in three, so a restart meets no herd."""
    return 3.0 * chance


def _spread(seconds: float, chance: float) -> float:
    return seconds * (2.0 + 2.0 * chance) / 3.0
