"""Screens of the profile, the self-test and practice, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from appliance.core.accounts import Code, Profile
from appliance.core.events import Health
from appliance.core.flow import Facts, Mode
from appliance.core.flows import home, notice, practice, profile, self_test, updating
from appliance.core.screen import text
from appliance.core.troubles import Trouble
from tests.painting.facts import FACTS, NOBODY, NOW


def profiles() -> Iterator[tuple[str, Mode, Facts]]:
    """How long the password is good."""
    for days in (1, 12, 60):
        known = _password(days)
        yield f"profile-{days}", profile.Showing("a1"), known
        yield f"home-password-{days}", coded("a1"), known
    for match in profile.MATCHED:
        yield f"profile-matched-{match}", profile.Matched("a1"), _password(12, match)
    yield "profile-and-more", profile.Showing("a1"), _password(12, "number")
    yield "profile-unknown", profile.Showing("a1"), FACTS
    yield "profile-away-1", profile.Away("a1"), _password(12)
    yield "profile-away-2", profile.Away("a1", 2), _password(12)
    yield "profile-away-unknown", profile.Away("a1", 3), FACTS
    yield "profile-updating", updating.Updating("a1", 9e9), FACTS
    yield "profile-none", profile.start(NOBODY).mode, NOBODY
    yield "update-none", updating.start(NOBODY).mode, NOBODY
    failed = notice.TROUBLES[Trouble.PORTAL_DOWN]
    yield "update-failed", notice.Notice(text("Not updated"), failed, 0.0, 0.0), FACTS


def _password(days: int, match: str = "") -> Facts:
    until = NOW.wall + days * 86400.0 + 60
    told = Profile("a1", "Ada de Vries", until, fetched=NOW.wall - 7200, match=match)
    return replace(FACTS, profiles=(told,))


def tests() -> Iterator[tuple[str, Mode, Facts]]:
    """What works, and practice."""
    good = tuple((part, Health.GOOD, None) for part in self_test.PARTS)
    yield "test-running", self_test.Testing(9e9, good[:2]), FACTS
    yield "test-good", self_test.Testing(9e9, good), FACTS
    for shown, (part, _health, _why) in enumerate(good):
        bad = replace_part(good, part)
        yield f"test-bad-{part}", self_test.Testing(9e9, bad), FACTS
        yield f"test-list-{part}", self_test.Testing(9e9, bad, shown or 1), FACTS
    yield "practice", practice.Practising(0.0, 1060.0), FACTS
    for said in (text("You said yes"), text("You said no")):
        lines = (said, text("Nothing was sent"))
        yield f"practised-{said.english[9:]}", notice.Notice(text("PRACTICE"), lines, 0, 0), FACTS
    waiting = (text("Nobody is waiting"),)
    yield "open-requests", notice.Notice(text("Open requests"), waiting, 0, 0), FACTS


def replace_part(good: self_test.Results, part: str) -> self_test.Results:
    """The results with one part failing for its usual reason."""
    why = {"camera": Trouble.NO_CAMERA, "clock": Trouble.CLOCK, "network": Trouble.NO_NETWORK}
    return tuple(
        (name, Health.BAD, why.get(part, Trouble.PORTAL_DOWN))
        if name == part
        else (name, health, None)
        for name, health, _why in good
    )


def coded(account: str) -> home.Home:
    return home.Home(account, Code(account, "276210", NOW.wall - 10, NOW.wall + 20))
