"""When an account locks, and what its owner is told of it. Counting is the caller's; these are the figures and words.

One source can lock a few accounts and not a whole station (checklist rows 6 and 7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.core.local_time import local

LOCK_AFTER = 5
IN_A_ROW = 86400.0
LOCKS_OF_ONE_SOURCE, SOURCE_WINDOW = 3, 3600.0
MOST_PLACES = 3
_BETWEEN = re.compile(r", (?=[0-9]+ × )")
_PLACE = re.compile(r"([0-9]+) × ([0-9]{2}:[0-9]{2}) ?(.*)")


@dataclass(frozen=True, slots=True)
class Miss:
    """One wrong password: from where, in the words of the configuration, and when (Unix seconds)."""

    place: str
    at: float


def locks_now(misses: int, locked_by_source: int) -> bool:
    """Whether so many wrong passwords in a row lock, given how many accounts the same source locked lately."""
    return misses >= LOCK_AFTER and locked_by_source < LOCKS_OF_ONE_SOURCE


def evidence(misses: list[Miss]) -> str:
    """How often, when last and from where: `3 × 14:02 Utrecht`, the places with most mistakes first."""
    places: dict[str, list[float]] = {}
    for miss in misses:
        places.setdefault(miss.place, []).append(miss.at)
    most = sorted(places.items(), key=lambda found: (-len(found[1]), -max(found[1])))
    return ", ".join(
        f"{len(times)} × {_clock(max(times))} {place}".strip()
        for place, times in most[:MOST_PLACES]
    )


def seen(text: str) -> list[tuple[str, str, str]]:
    """The parts of such an evidence (how often, when last, from where), for a page; nothing for any other text."""
    parts = [_PLACE.fullmatch(part) for part in _BETWEEN.split(text)]
    return [(part[1], part[2], part[3]) for part in parts if part] if all(parts) else []


def _clock(at: float) -> str:
    return local(at).strftime("%H:%M")
