"""When a password ends, and from when on a person is warned. The rungs are those of the token's panel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from appliance.core.errors import Refused
from appliance.core.local_time import local

DAY = 86400.0
WARN_DAYS = 14
GOOD_FOR = 90 * DAY
LAST_HOUR = 23


def days_left(until: float | None, now: float) -> int | None:
    """Whole days until the password ends, below zero when it has; None when nobody said."""
    return None if until is None else int((until - now) // DAY)


def warns(until: float | None, now: float) -> bool:
    """Whether the person should be told now."""
    left = days_left(until, now)
    return left is not None and left <= WARN_DAYS


def next_end(now: float) -> float:
    """When a password that is changed now ends, for a person whose passwords end at all."""
    return now + GOOD_FOR


def end_of_day(untrusted: str) -> float | None:
    """The end of a day (2026-12-31) by the panel's clock, in Unix seconds; None for `never`. Raises Refused."""
    if untrusted == "never":
        return None
    try:
        day = datetime.strptime(untrusted, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as wrong:
        raise Refused("A day is written as 2026-12-31, or never") from wrong
    winter = (day + timedelta(hours=22, minutes=59, seconds=59)).timestamp()
    return winter if local(winter).hour == LAST_HOUR else winter - 3600
