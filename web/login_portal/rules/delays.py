"""Growing delays after mistakes, and the limit on prompts. Counting is the caller's; these are only the figures.

Sources: RFC 4226 section 7.3; checklist rows 6, 7 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass

FREE_TRIES = 3
LONGEST = 300.0
CODE_TRIES = 10
PROMPTS, PROMPT_WINDOW = 3, 300.0
UNLOCK_WINDOW = 3600.0
FORGET_AFTER = 86400.0
SOURCE_FREE_TRIES, SOURCE_LONGEST, SOURCE_FORGETS = 20, 60.0, 900.0
NOS, QUIET_AFTER_NO, QUIET_WHEN_BLOCKED = 2, 300.0, 900.0


@dataclass(frozen=True, slots=True)
class Strikes:
    """Mistakes in a row under one key, and until when (Unix seconds) no further try is heard."""

    fails: int = 0
    until: float = 0.0

    def after_one_more(self, now: float) -> Strikes:
        """The count with one more mistake at this time."""
        fails = self.fails + 1
        return Strikes(fails, now + delay(fails))

    def after_one_more_here(self, now: float) -> Strikes:
        """The same for everything that comes from one source: far more patient, and never more than a minute."""
        fails = self.fails + 1
        wait = source_delay(fails)
        return Strikes(fails, now + wait if wait else 0.0)

    def seconds_left(self, now: float) -> int:
        """Whole seconds until the next try is heard; none of a delay that only a clock put back could make."""
        left = self.until - now
        return 0 if left > 2 * LONGEST else max(0, int(left + 0.999))


def delay(fails: int) -> float:
    """Seconds to wait after so many mistakes in a row: none at first, then doubling, at most five minutes."""
    return 0.0 if fails < FREE_TRIES else float(min(LONGEST, 2 ** (fails - FREE_TRIES + 1)))


def source_delay(fails: int) -> float:
    """Seconds to wait after so many mistakes of one source: a station shares one address, so none for a long time."""
    over = fails - SOURCE_FREE_TRIES
    return 0.0 if over < 0 else float(min(SOURCE_LONGEST, 2 ** min(over // 5, 10)))


def prompt_allowed(recent: list[float], now: float) -> bool:
    """Whether one more request may be sent, given when the recent unanswered or refused ones were issued."""
    return len(_counted(recent, now, PROMPT_WINDOW)) < PROMPTS


def prompt_wait(recent: list[float], now: float, window: float = PROMPT_WINDOW) -> int:
    """Whole seconds until a request may be sent again: three in each window."""
    counted = _counted(recent, now, window)
    return 0 if len(counted) < PROMPTS else int(counted[-PROMPTS] + window - now + 0.999)


def _counted(recent: list[float], now: float, window: float) -> list[float]:
    """Those that lie within the window, oldest first: what lies further ahead was before the clock was put back."""
    return sorted(at for at in recent if now - window < at <= now + window)
