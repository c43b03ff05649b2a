"""Page, cable or a scanned Wi-Fi code wish for something that matters: only a hold of three seconds does it."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.events import Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Line, Lines, Screen, Text, name, text
from appliance.core.wishes import Grant, Granted, Kind, Refuse, Wish

ASKED_HOLD, ASKED_SECONDS, WORK_SECONDS = 3.0, 60.0, 60.0
QUESTIONS: dict[Kind, Text] = {
    Kind.REMOVE: text("Remove this account?"),
    Kind.NETWORK: text("Another network?"),
    Kind.WIFI: text("Use this Wi-Fi?"),
    Kind.RESTART: text("Restart?"),
    Kind.OFF: text("Switch off?"),
    Kind.CLOCK: text("Set the clock?"),
    Kind.BACKUP: text("Codes in a backup?"),
    Kind.RESTORE: text("Restore the backup?"),
    Kind.SERVER: text("Do not check server?"),
    Kind.SEAL: text("Seal this token?"),
    Kind.SERVICE: text("Open for service?"),
}
TITLES: dict[Kind, Text] = {
    Kind.WIFI: text("Wi-Fi code"),
    Kind.SEAL: text("Asked by cable"),
    Kind.SERVICE: text("Asked by cable"),
}


@dataclass(frozen=True, slots=True)
class Asked(Mode):
    """What is asked, and the long hold that grants it."""

    wish: Wish
    settles_at: float
    until: float

    awake = True
    hold_seconds = ASKED_HOLD


@dataclass(frozen=True, slots=True)
class Granting(Mode):
    """It is being done."""

    wish: Wish
    until: float

    awake = True


def start(wish: Wish, facts: Facts) -> Turn:
    """Ask."""
    now = facts.now.monotonic
    return Turn(Asked(wish, now + ARMING, now + ASKED_SECONDS))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """A long hold grants it; a tap, or a minute without one, leaves all as it is."""
    match mode, event:
        case Asked(), Held() if settled(event, mode.settles_at):
            until = facts.now.monotonic + WORK_SECONDS
            return Turn(Granting(mode.wish, until), (Grant(mode.wish),))
        case Asked(), Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow(), (Refuse(mode.wish),))
        case Asked(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow(), (Refuse(mode.wish),))
        case Granting(), Granted() if event.id == mode.wish.id:
            if event.trouble:
                return notice.told(text("It did not work"), (Text(event.trouble),), facts)
            return notice.told(text("Done"), _about(mode.wish), facts)
        case Granting(), Ticked() if facts.now.monotonic >= mode.until:
            return notice.told(text("It did not work"), (text("It took too long"),), facts)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """What is asked, or that it is being done."""
    assert isinstance(mode, Asked | Granting)
    title = TITLES.get(mode.wish.kind, text("Asked on the page"))
    if isinstance(mode, Granting):
        return Screen(title, Lines((text("One moment please"), *_about(mode.wish)), big=True))
    lines = (QUESTIONS[mode.wish.kind], *_about(mode.wish))
    return Screen(title, Lines(lines, big=True), hint=text("Hold 3 s: yes · Tap: no"))


def _about(wish: Wish) -> tuple[Line, ...]:
    return (name(wish.about),) if wish.about else ()


MODES = (Asked, Granting)
