"""The time on a Dutch wall, computed: no zone file is read, so the rules stay pure and a bare system shows it too.

Central European time, one hour later from the last Sunday of March to the last Sunday of October, both at 01:00 UTC
(Directive 2000/84/EC).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from appliance.core.clock_trust import Now
from appliance.core.settings import Settings

SPRING, AUTUMN = 3, 10
ONE_HOUR = timedelta(hours=1)


def local(wall: float) -> datetime:
    """The date and time on the wall at this Unix time."""
    utc = datetime.fromtimestamp(wall, UTC)
    summer = _change(utc.year, SPRING) <= utc < _change(utc.year, AUTUMN)
    return utc + (2 * ONE_HOUR if summer else ONE_HOUR)


def _change(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def is_quiet(settings: Settings, now: Now) -> bool:
    """Whether the buzzer must be silent at this hour; an unknown clock knows no hour and keeps no quiet."""
    if settings.quiet == "off" or not now.trust.shows_codes:
        return False
    begins, ends = map(int, settings.quiet.split("-"))
    hour = local(now.wall).hour
    return hour >= begins or hour < ends


def may_sound(settings: Settings, now: Now) -> bool:
    """Whether the buzzer may speak now: sound is on and it is no quiet hour."""
    return settings.sound and not is_quiet(settings, now)
