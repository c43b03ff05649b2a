"""When a push token is polled next. Pure: chance comes in as a number from 0 to 1, times are monotonic seconds.

Fast for a minute after a press, an answer, a ring or a request, because then somebody waits; slow and spread out
otherwise, because every poll costs the server a row in its log; slower still when the server refuses or is away.
Right after a stir a few polls come one upon the other: a server rings before its challenge can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.courier import backoff

FAST, FAST_FOR, SOON = 2.0, 60.0, 0.5
EAGER = (0.15, 0.3, 0.6, 1.0)
REFUSED_CAP = 300.0
QUIET, REQUEST, AGAIN = "quiet", "request", "again"


@dataclass(frozen=True, slots=True)
class Pace:
    """How it goes: until when polls are fast, and how many have failed or were refused in a row.

    `eager` counts the polls since a stir, up to the last one of those that come at once.
    """

    fast_until: float = 0.0
    eager: int = len(EAGER)
    failures: int = 0
    refusals: int = 0


Next = tuple[Pace, float]


def stirred(pace: Pace, at: float) -> Pace:
    """Somebody is at the device, or the server rang: look often for a while."""
    return replace(pace, fast_until=at + FAST_FOR, eager=0)


def took(pace: Pace, news: str, rest: float, at: float, chance: float) -> Next:
    """The server answered, and this is what it was worth; gives the seconds to rest."""
    if news == AGAIN:
        again = replace(pace, failures=0, refusals=pace.refusals + 1)
        return again, SOON if again.refusals == 1 else backoff.after_failures(
            again.refusals, chance
        )
    if news not in (QUIET, REQUEST):
        refused = replace(pace, failures=0, refusals=pace.refusals + 1)
        grown = min(rest * 2.0 ** min(refused.refusals - 1, 8), REFUSED_CAP)
        return refused, _spread(grown, chance)
    well = replace(pace, failures=0, refusals=0)
    if news == REQUEST:
        return replace(well, fast_until=at + FAST_FOR, eager=len(EAGER)), FAST
    if well.eager < len(EAGER):
        return replace(well, eager=well.eager + 1), EAGER[well.eager]
    return well, FAST if at < well.fast_until else _spread(rest, chance)


def failed(pace: Pace, chance: float) -> Next:
    """Nobody answered; gives the seconds to rest."""
    worse = replace(pace, failures=pace.failures + 1)
    return worse, backoff.after_failures(worse.failures, chance)


def _spread(seconds: float, chance: float) -> float:
    """From three quarters to five quarters, so that a hundred devices do not come at once."""
    return seconds * (0.75 + 0.5 * chance)
